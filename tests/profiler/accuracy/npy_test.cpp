#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/base/random.h"
#include "compiler/base/rounding.h"
#include "profiler/accuracy/dataset.h"
#include "profiler/accuracy/npy_header.h"
#include "tests/profiler/accuracy/data_folder.h"

namespace keel::accuracy {
namespace {

using Npy = test::DataFolder;

Tensor random_tensor(DType dtype, const Shape& shape, Rng& rng) {
  Tensor tensor(dtype, shape);
  if (is_tunable_float(dtype)) {
    for (float& value : tensor.fill<float>())
      value = round_to(format_of(dtype), Overflow::InfNan,
                       static_cast<float>(rng.uniform() * 200 - 100));
    return tensor;
  }
  const std::span<std::byte> bytes(const_cast<std::byte*>(tensor.bytes().data()),
                                   tensor.bytes().size());
  for (std::byte& byte : bytes) byte = std::byte(rng.below(dtype == DType::Bool ? 2 : 256));
  return tensor;
}

bool same(const Tensor& a, const Tensor& b) {
  return a.type() == b.type() && std::ranges::equal(a.bytes(), b.bytes());
}

TEST_F(Npy, ReadsBackWhatItWroteInEveryDtypeAndRank) {
  Rng rng(3);
  for (const DType dtype :
       {DType::F32, DType::F16, DType::F64, DType::Bool, DType::I8, DType::U8, DType::I16,
        DType::U16, DType::I32, DType::U32, DType::I64, DType::U64}) {
    for (const Shape& shape :
         {Shape{}, Shape{1}, Shape{5}, Shape{2, 3}, Shape{1, 3, 2, 2}, Shape{0}, Shape{2, 0, 3}}) {
      const Tensor tensor = random_tensor(dtype, shape, rng);
      ASSERT_TRUE(write_npy(folder() / "x.npy", tensor).ok());
      const Result<Tensor> read = read_npy(folder() / "x.npy");
      ASSERT_TRUE(read.ok()) << error_of(read);
      EXPECT_TRUE(same(*read, tensor)) << to_text(tensor.type());
    }
  }
}

TEST_F(Npy, WritesBfloat16AsFloat32) {
  Rng rng(4);
  const Tensor tensor = random_tensor(DType::BF16, {4}, rng);
  ASSERT_TRUE(write_npy(folder() / "x.npy", tensor).ok());
  EXPECT_TRUE(same(*read_npy(folder() / "x.npy"), tensor.relabelled(DType::F32)));
}

TEST_F(Npy, KeepsInfinityAndNan) {
  const float inf = std::numeric_limits<float>::infinity();
  const float values[] = {inf, -inf, std::numeric_limits<float>::quiet_NaN(), -0.0f};
  const Tensor half = make_f32({4}, values).relabelled(DType::F16);
  ASSERT_TRUE(write_npy(folder() / "x.npy", half).ok());
  const Result<Tensor> read = read_npy(folder() / "x.npy");
  EXPECT_EQ(read->as<float>()[0], inf);
  EXPECT_EQ(read->as<float>()[1], -inf);
  EXPECT_NE(read->as<float>()[2], read->as<float>()[2]);
  EXPECT_TRUE(std::signbit(read->as<float>()[3]));
}

TEST_F(Npy, ReadsFortranOrder) {
  std::string file = npy_header_text({DType::U8, {2, 3, 2}});
  file.replace(file.find("False"), 5, "True ");
  for (char value = 0; value < 12; ++value) file += value;
  const Result<Tensor> read = read_npy(put("x.npy", file));
  ASSERT_TRUE(read.ok()) << error_of(read);
  // Element [i,j,k] stands at i + 2 j + 6 k.
  const std::uint8_t expected[] = {0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11};
  EXPECT_TRUE(std::ranges::equal(read->as<std::uint8_t>(), expected));
}

TEST_F(Npy, FailsWhereverItIsCut) {
  Rng rng(5);
  ASSERT_TRUE(write_npy(folder() / "x.npy", random_tensor(DType::F32, {2, 3}, rng)).ok());
  const std::string whole = test::content_of(folder() / "x.npy");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Result<Tensor> read = read_npy(put("cut.npy", whole.substr(0, size)));
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().code, ErrorCode::InvalidConfig);
    EXPECT_EQ(read.error().where, (folder() / "cut.npy").string());
    EXPECT_FALSE(read.error().fix.empty());
  }
}

TEST_F(Npy, SaysHowManyBytesAreMissing) {
  const std::string file = npy_header_text({DType::F32, {1, 28}}) + std::string(96, '\0');
  EXPECT_EQ(error_of(read_npy(put("x.npy", file))),
            "error: f32[1,28] takes 112 bytes, the file has 96 after its header\n"
            "   at: FOLDER/x.npy\n"
            "  fix: write the file again with numpy.save, one array a file");
}

TEST_F(Npy, RefusesBytesAfterTheArray) {
  const std::string file = npy_header_text({DType::U8, {2}}) + "123";
  EXPECT_EQ(error_of(read_npy(put("x.npy", file))),
            "error: u8[2] takes 2 bytes, the file has 3 after its header\n"
            "   at: FOLDER/x.npy\n"
            "  fix: write the file again with numpy.save, one array a file");
}

TEST_F(Npy, AllocatesNothingForAShapeTheFileDoesNotHold) {
  const std::string file = npy_header_text({DType::F32, {1'000'000'000'000'000}});
  EXPECT_EQ(error_of(read_npy(put("x.npy", file))),
            "error: f32[1000000000000000] takes 4000000000000000 bytes, the file has 0 after its "
            "header\n"
            "   at: FOLDER/x.npy\n"
            "  fix: write the file again with numpy.save, one array a file");
}

TEST_F(Npy, NamesAFileThatIsNotThere) {
  const Result<Tensor> read = read_npy(folder() / "none.npy");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::NotReadable);
  EXPECT_EQ(read.error().where, (folder() / "none.npy").string());
}

}  // namespace
}  // namespace keel::accuracy
