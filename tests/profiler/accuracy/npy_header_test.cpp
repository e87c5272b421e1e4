#include "profiler/accuracy/npy_header.h"

#include <gtest/gtest.h>

#include <string>

#include "compiler/base/error_text.h"
#include "compiler/base/random.h"

namespace keel::accuracy {
namespace {

// A header of the given version around a dictionary, its length field correct.
std::string header_of(std::string_view dictionary, char major = 1) {
  std::string text = "\x93NUMPY";
  const std::size_t length = dictionary.size();
  text += {major, '\0', static_cast<char>(length & 0xff), static_cast<char>(length >> 8)};
  if (major > 1) text += {'\0', '\0'};
  return text.append(dictionary);
}

Result<NpyHeader> parse(std::string_view file) {
  return parse_npy_header(std::as_bytes(std::span(file)));
}

std::string error_of(std::string_view file) {
  const Result<NpyHeader> header = parse(file);
  return header.ok() ? "no error" : to_text(header.error());
}

constexpr const char* kFloats = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";

TEST(NpyHeader, IsWhatNumpyWrites) {
  const std::string dictionary =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }" + std::string(58, ' ') + "\n";
  EXPECT_EQ(npy_header_text({DType::F32, {1, 3}}), header_of(dictionary));
}

TEST(NpyHeader, WritesTuplesOfNoneAndOneAsPythonDoes) {
  EXPECT_NE(npy_header_text({DType::I64, {}}).find("'shape': (), }"), std::string::npos);
  EXPECT_NE(npy_header_text({DType::I64, {5}}).find("'shape': (5,), }"), std::string::npos);
}

TEST(NpyHeader, IsReadInVersions1To3) {
  for (const char major : {'\1', '\2', '\3'}) {
    const Result<NpyHeader> header = parse(header_of(kFloats, major));
    ASSERT_TRUE(header.ok());
    EXPECT_EQ(header->type, (TensorType{DType::F32, {2, 3}}));
    EXPECT_EQ(header->data_offset, header_of(kFloats, major).size());
    EXPECT_FALSE(header->fortran_order);
  }
}

TEST(NpyHeader, IsReadInAnyKeyOrderQuoteAndSpelling) {
  const Result<NpyHeader> header =
      parse(header_of("{ \"shape\":(7L,),'fortran_order' : True, 'descr':'|u1' }"));
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->type, (TensorType{DType::U8, {7}}));
  EXPECT_TRUE(header->fortran_order);
}

TEST(NpyHeader, RefusesBigEndian) {
  EXPECT_EQ(error_of(header_of("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }")),
            "error: dtype '>f4' is big-endian, keel reads little-endian\n"
            "  fix: save array.astype(array.dtype.newbyteorder('<'))");
}

TEST(NpyHeader, RefusesADtypeThatNoTensorHas) {
  EXPECT_EQ(error_of(header_of("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }")),
            "error: dtype '<c8' is not one keel holds (bool, integers of 8 to 64 bits, float16, 32 "
            "or 64)\n"
            "  fix: save the array as the dtype of the model's input, such as np.float32");
}

TEST(NpyHeader, RefusesAnUnknownVersion) {
  EXPECT_EQ(error_of(header_of(kFloats, 4)),
            "error: version 4 of .npy, keel reads 1 to 3\n"
            "  fix: write the file again with numpy.save");
}

TEST(NpyHeader, RefusesAnotherFileFormat) {
  EXPECT_EQ(error_of("PK\x03\x04 a zip"),
            "error: not a .npy file: it starts with 'PK?? a'\n"
            "  fix: name a file written by numpy.save, or call raw data *.bin");
}

TEST(NpyHeader, RefusesALengthBeyondTheFile) {
  std::string file = header_of(kFloats, 2);
  file[11] = '\x7f';
  EXPECT_EQ(error_of(file),
            "error: the header says it ends at byte 2130706504, the file has 72\n"
            "  fix: write the file again with numpy.save");
}

TEST(NpyHeader, RefusesAShapeThatOverflows) {
  const std::string huge = "4611686018427387904";
  EXPECT_EQ(error_of(header_of("{'descr': '<f4', 'fortran_order': False, 'shape': (" + huge + ", " +
                               huge + "), }")),
            "error: shape [4611686018427387904,4611686018427387904] takes more bytes than 64 bits "
            "count\n"
            "  fix: write the file again with numpy.save");
}

TEST(NpyHeader, RefusesWhatIsNoDictionaryOfAnArray) {
  const auto refused = [](std::string_view dictionary) {
    const std::string error = error_of(header_of(dictionary));
    return error.starts_with("error: the header is not a dictionary of descr, fortran_order and ");
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("{"));
  EXPECT_TRUE(refused("{}"));
  EXPECT_TRUE(refused("{'descr': '<f4', 'fortran_order': False, }"));
  EXPECT_TRUE(refused("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }"));
  EXPECT_TRUE(refused("{'descr': '<f4', 'fortran_order': False, 'shape': (2), }"));
  EXPECT_TRUE(refused("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }"));
  EXPECT_TRUE(refused("{'descr': '<f4', 'fortran_order': False, 'shape': (2 3), }"));
  EXPECT_TRUE(
      refused("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }"));
  EXPECT_TRUE(refused("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,), }"));
  EXPECT_TRUE(refused("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } more"));
  EXPECT_TRUE(refused("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (), }"));
}

TEST(NpyHeader, ShowsAnUnreadableHeaderShortAndPrintable) {
  EXPECT_EQ(error_of(header_of("{\x1b[31m" + std::string(80, 'x'))),
            "error: the header is not a dictionary of descr, fortran_order and shape of one plain "
            "array: '{?[31m" +
                std::string(54, 'x') +
                "...'\n"
                "  fix: write the file again with numpy.save");
}

TEST(NpyHeader, SurvivesEveryByteBeingAnything) {
  const std::string whole = npy_header_text({DType::F16, {3, 1, 4}});
  Rng rng(11);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int round = 0; round < 32; ++round) {
      std::string mangled = whole;
      mangled[at] = static_cast<char>(rng.below(256));
      const Result<NpyHeader> header = parse(mangled);
      if (header.ok()) {
        EXPECT_LE(header->data_offset, mangled.size());
      }
    }
  }
}

}  // namespace
}  // namespace keel::accuracy
