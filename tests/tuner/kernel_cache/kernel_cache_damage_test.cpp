// A cache that is cut, garbled or foreign is noticed, named and made anew, and never believed.

#include <sqlite3.h>

#include "tests/tuner/kernel_cache/cache_fixture.h"

namespace keel::kernel_cache {
namespace {

constexpr std::uint64_t kTimes = 60;

void execute(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  char* problem = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &problem), SQLITE_OK)
      << (problem ? problem : "");
  sqlite3_free(problem);
  sqlite3_close(database);
}

std::string damaged(const std::filesystem::path& path, const std::string& what) {
  return "error: the kernel cache is damaged: " + what + "\n   at: " + path.string() +
         "\n  fix: delete " + path.string() + ".damaged once you know why; a new cache is made\n";
}

class KernelCacheDamage : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(texts(add(folder_, kModel, known_times(1, kTimes))), "");
    whole_ = bytes_of(path_);
  }

  // What read() says of `bytes` in the place of the cache; afterwards there is a good one.
  std::string read_instead(const std::string& bytes) {
    write_bytes(path_, bytes);
    const Cached cached = read(folder_, kModel);
    if (cached.warnings.empty()) {
      count_true(cached.times, 1, kTimes);
      return "";
    }
    EXPECT_TRUE(cached.times.empty());
    EXPECT_EQ(bytes_of(path_.string() + ".damaged"), bytes) << "was set aside";
    EXPECT_EQ(texts(read(folder_, kModel).warnings), "") << "a new one was made";
    EXPECT_EQ(texts(add(folder_, kModel, known_times(1, 2))), "");
    EXPECT_EQ(count_true(read(folder_, kModel).times, 1, 2), 2U);
    return texts(cached.warnings);
  }

  std::filesystem::path folder_ = empty_folder();
  std::filesystem::path path_ = database_path(folder_);
  std::string whole_;
};

TEST_F(KernelCacheDamage, OfACutFileIsNoticedWhereverItIsCut) {
  ASSERT_GT(whole_.size(), 8192U);
  EXPECT_EQ(read_instead(""), damaged(path_, "the file is empty"));
  for (std::size_t size = 1; size < whole_.size(); size += size < 110 ? 1 : 223) {
    const std::string text = read_instead(whole_.substr(0, size));
    EXPECT_TRUE(text.starts_with("error: the kernel cache is damaged: ")) << size << ": " << text;
    if (HasFailure()) break;
  }
  for (std::size_t size = 4096; size < whole_.size(); size += 4096)
    EXPECT_NE(read_instead(whole_.substr(0, size)), "") << size;
  EXPECT_EQ(read_instead(whole_), "");
}

TEST_F(KernelCacheDamage, OfAnyByteGivesNoWrongTime) {
  std::size_t noticed = 0;
  std::size_t bytes = 0;
  for (std::size_t at = 0; at < whole_.size(); at += 53) {
    ++bytes;
    std::string garbled = whole_;
    garbled[at] = static_cast<char>(garbled[at] ^ 0x5a);
    noticed += read_instead(garbled).empty() ? 0 : 1;  // count_true() looks at every time
    if (HasFailure()) break;
  }
  EXPECT_GT(noticed, bytes / 3) << "the rest are free bytes, and keys that are then not found";
}

TEST_F(KernelCacheDamage, OfARecordIsNamed) {
  execute(path_,
          "UPDATE kernel_time SET total_us = total_us * 2 WHERE launch_us = "
          "(SELECT min(launch_us) FROM kernel_time)");
  EXPECT_EQ(texts(read(folder_, kModel).warnings),
            damaged(path_, "1 of 60 records do not have their checksum"));
}

TEST_F(KernelCacheDamage, IsNoticedWhereARecordIsThatOfAnotherKernelOrModel) {
  execute(path_, "UPDATE kernel_time SET kernel_low = kernel_low + 1");
  EXPECT_EQ(texts(read(folder_, kModel).warnings),
            damaged(path_, "60 of 60 records do not have their checksum"));
  ASSERT_EQ(texts(add(folder_, kModel, known_times(1, kTimes))), "");
  execute(path_, "UPDATE kernel_time SET model = '" + to_text(Digest{3, 4}) + "'");
  EXPECT_EQ(texts(read(folder_, Digest{3, 4}).warnings),
            damaged(path_, "60 of 60 records do not have their checksum"));
}

TEST_F(KernelCacheDamage, IsNoticedWhenTimesAreAddedAndTheyAreNotLost) {
  write_bytes(path_, whole_.substr(0, 4096));
  EXPECT_TRUE(texts(add(folder_, kModel, known_times(100, 5)))
                  .starts_with("error: the kernel cache is damaged: sqlite: "));
  const Cached cached = read(folder_, kModel);
  EXPECT_EQ(texts(cached.warnings), "");
  EXPECT_EQ(count_true(cached.times, 100, 5), 5U);
}

TEST_F(KernelCacheDamage, IsAlsoAFileThatIsNoCache) {
  EXPECT_EQ(read_instead(std::string(3000, 'x')), damaged(path_, "sqlite: file is not a database"));
  std::filesystem::remove(path_);
  execute(path_, "CREATE TABLE letters(text)");
  EXPECT_EQ(read_instead(bytes_of(path_)), damaged(path_, "the file was not made by keel"));
}

TEST_F(KernelCacheDamage, IsAlsoAFileOfAnotherVersion) {
  execute(path_, "PRAGMA user_version = 7");
  EXPECT_EQ(read_instead(bytes_of(path_)), damaged(path_, "the file has format version 7"));
}

TEST_F(KernelCacheDamage, OfAFileThatCannotBeRenamedIsNamedAndNothingIsRead) {
  std::filesystem::create_directories(path_.string() + ".damaged/full");
  write_bytes(path_, "garbage");
  const Cached cached = read(folder_, kModel);
  EXPECT_TRUE(cached.times.empty());
  ASSERT_EQ(cached.warnings.size(), 2U);
  EXPECT_EQ(cached.warnings[0].fix,
            "delete the file, or choose another folder: it cannot be renamed");
  EXPECT_EQ(cached.warnings[1].what, "kernel times are not cached: sqlite: file is not a database");
}

}  // namespace
}  // namespace keel::kernel_cache
