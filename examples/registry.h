#pragma once
#include <algorithm>
#include <string>
#include <utility>
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
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].name != name) continue;
      if (i + 1 < entries_.size() && entries_[i + 1].name == name)
        throw ValueError(message("there are two of the ", kind_, " '", name, "'"));
      return entries_[i];
    }
    throw ValueError(message("there is no ", kind_, " '", name, "'"));
  }

 private:
  std::string kind_;
  std::vector<Entry> entries_;
};

}  // namespace rapt
