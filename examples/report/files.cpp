#include "examples/report/files.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "examples/report/program.h"

namespace rapt::report {
namespace {

namespace fs = std::filesystem;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

std::string cannot(const std::string& what, const std::string& path, const std::string& reason) {
  return "cannot " + what + " '" + path + "': " + reason;
}

std::string reason_of(int error) { return std::generic_category().message(error); }

// Unlike any other name in the folder: two programs may write there at the same time.
fs::path temporary_beside(const fs::path& target) {
  const auto ticks = std::chrono::system_clock::now().time_since_epoch().count();
  return target.parent_path() /
         (target.filename().string() + "." + std::to_string(ticks) + ".partial");
}

// Returns 0 or the error number.
int write_new_file(const fs::path& path, const std::string& content) {
  errno = 0;
  File file(std::fopen(path.string().c_str(), "wbx"));
  if (!file) return errno;
  const bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
  // A full disk may show only when the last bytes are flushed.
  const bool closed = std::fclose(file.release()) == 0;
  return written && closed ? 0 : (errno != 0 ? errno : EIO);
}

void remove_quietly(const fs::path& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
}

}  // namespace

std::string read_text_file(const std::string& path, const std::string& flag) {
  const auto fail = [&](int error) {
    return UsageError(flag + ": " + cannot("read", path, reason_of(error)));
  };
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) throw fail(EISDIR);
  errno = 0;
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) throw fail(errno);
  std::string content;
  char buffer[1 << 16];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file.get())) {
    content.append(buffer, count);
  }
  if (std::ferror(file.get())) throw fail(errno);
  return content;
}

void ensure_folder(const std::string& path, const std::string& flag) {
  const auto fail = [&](const std::string& what, const std::string& reason) {
    return UsageError(flag + ": " + cannot(what, path, reason));
  };
  std::error_code error;
  fs::create_directories(path, error);
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    throw fail("create the folder", error ? error.message() : reason_of(ENOTDIR));
  }
  const fs::path probe = temporary_beside(fs::path(path) / "probe");
  const int failure = write_new_file(probe, "");
  if (failure != 0) throw fail("write into the folder", reason_of(failure));
  remove_quietly(probe);
}

void write_atomically(const std::string& path, const std::string& content) {
  const auto fail = [&](const std::string& reason) {
    return std::runtime_error(cannot("write", path, reason));
  };
  std::error_code error;
  // A link is followed, so that the rename replaces the file and not the link to it.
  fs::path target = fs::exists(path, error) ? fs::canonical(path, error) : fs::path(path);
  if (error && error != std::errc::no_such_file_or_directory) throw fail(error.message());
  // Renaming over a device such as /dev/null would replace the device.
  if (fs::exists(target, error) && !fs::is_regular_file(target, error)) {
    throw fail("it exists and is no regular file");
  }
  const fs::path temporary = temporary_beside(target);
  if (const int failure = write_new_file(temporary, content); failure != 0) {
    remove_quietly(temporary);
    throw fail(reason_of(failure));
  }
  fs::rename(temporary, target, error);
  if (error) {
    remove_quietly(temporary);
    throw fail(error.message());
  }
}

}  // namespace rapt::report
