#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace rapt::tasks {

// A folder that no other test uses, nor the same test of another build: they run side by side.
inline std::filesystem::path own_folder() {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  std::string name = "rapt_" + std::to_string(std::hash<std::string>()(RAPT_PROGRAMS_DIR)) + "_" +
                     test->test_suite_name() + "." + test->name();
  for (char& c : name)
    if (c == '/') c = '_';
  return std::filesystem::path(testing::TempDir()) / name;
}

// A file for this test; returns its path.
inline std::string written(const std::string& name, const std::string& content) {
  const std::filesystem::path path = own_folder() / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

}  // namespace rapt::tasks
