#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "compiler/base/error_text.h"
#include "compiler/base/result.h"

namespace keel::accuracy::test {

/// A folder of data files that lives as long as the test.
class DataFolder : public testing::Test {
 protected:
  DataFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "keel-XXXXXX").string();
    KEEL_CHECK(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~DataFolder() override { std::filesystem::remove_all(folder_); }

  /// Path of a file in the folder, written with `content`; parent folders are made.
  std::filesystem::path put(const std::string& name, std::string_view content) const {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  const std::filesystem::path& folder() const { return folder_; }

  /// The three-line text of an error with the folder's path written FOLDER.
  template <class T>
  std::string error_of(const Result<T>& result) const {
    if (result.ok()) return "no error";
    std::string text = to_text(result.error());
    const std::string path = folder_.string();
    for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path))
      text.replace(at, path.size(), "FOLDER");
    return text;
  }

 private:
  std::filesystem::path folder_;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

}  // namespace keel::accuracy::test
