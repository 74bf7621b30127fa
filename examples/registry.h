#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "tensor/errors.h"

namespace rapt {

// Things found by name that register themselves in the file that defines them, so that adding one
// edits no list. An entry has a `name`.
template <class Entry>
class Registry {
 public:
  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  bool add(Entry entry) {
    entries_.push_back(std::move(entry));
    // The order in which files register is up to the linker.
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return true;
  }

  const std::vector<Entry>& all() const { return entries_; }  // by name

  const Entry& find(const std::string& name) const {
    for (const Entry& entry : entries_)
      if (entry.name == name) return entry;
    throw ValueError(message("there is no ", kind_, " '", name, "'"));
  }

 private:
  std::string kind_;
  std::vector<Entry> entries_;
};

}  // namespace rapt
