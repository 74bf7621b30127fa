#pragma once
#include <string>

// Files of the user. A message names the flag the path came from, the path, and the reason.
namespace rapt::report {

// The whole file, byte for byte. Throws UsageError:
// "--text: cannot read 'poem.txt': No such file or directory".
std::string read_text_file(const std::string& path, const std::string& flag);

// Creates the folder and those above it if needed, and tries whether a file can be created in it,
// so that a long run does not fail at its end. Throws UsageError.
void ensure_folder(const std::string& path, const std::string& flag);

// Puts the content under a temporary name in the same folder, then renames: a reader sees the old
// file or the new one, never half of it. Throws std::runtime_error, and leaves nothing behind.
void write_atomically(const std::string& path, const std::string& content);

}  // namespace rapt::report
