#include <gtest/gtest.h>

#include <cstring>

#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {
namespace {

using ::onnx::TensorProto;

// The constant 'w' of a model whose only initializer is `edit`ed into shape, or the error.
template <class Edit>
std::string constant_text(const Ints& shape, int type, Edit edit) {
  ModelBuilder model;
  edit(model.initializer("w", shape, type));
  model.output("w");
  const std::string text = imported(model);
  return text.substr(0, text.find('\n'));
}

template <class T>
std::string raw(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

struct TypeCase {
  int type;
  std::string bytes;
  const char* text;
};

class EveryType : public testing::TestWithParam<TypeCase> {};

TEST_P(EveryType, ReadsFromRawData) {
  EXPECT_EQ(
      constant_text({2}, GetParam().type, [](TensorProto& t) { t.set_raw_data(GetParam().bytes); }),
      GetParam().text);
}

TEST_P(EveryType, ReadsFromItsTypedField) {
  const int type = GetParam().type;
  EXPECT_EQ(
      constant_text({2}, type,
                    [&](TensorProto& t) {
                      for (const int value : {1, 2}) {
                        if (type == TensorProto::FLOAT) {
                          t.add_float_data(static_cast<float>(value));
                        } else if (type == TensorProto::DOUBLE) {
                          t.add_double_data(value);
                        } else if (type == TensorProto::INT64) {
                          t.add_int64_data(value);
                        } else if (type == TensorProto::UINT32 || type == TensorProto::UINT64) {
                          t.add_uint64_data(static_cast<std::uint64_t>(value));
                        } else if (type == TensorProto::FLOAT16) {
                          t.add_int32_data(value == 1 ? 0x3c00 : 0x4000);
                        } else if (type == TensorProto::BFLOAT16) {
                          t.add_int32_data(value == 1 ? 0x3f80 : 0x4000);
                        } else {
                          t.add_int32_data(value);
                        }
                      }
                    }),
      GetParam().text);
}

TEST_P(EveryType, ReadsFromAnExternalFile) {
  const TemporaryFolder folder;
  ModelBuilder model;
  auto& tensor = model.initializer("w", {2}, GetParam().type);
  // An odd offset: the elements are not aligned.
  set_external(tensor, {{"location", "d/w.bin"}, {"offset", "1"}});
  model.output("w");
  ASSERT_TRUE(make_writable_folder(folder / "d").ok());
  ASSERT_TRUE(write_file(folder / "d/w.bin", "#" + GetParam().bytes + "#").ok());
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  const Result<Model> loaded = load(folder / "m.onnx", {});
  ASSERT_TRUE(loaded.ok()) << loaded.error().what;
  EXPECT_EQ(ir::print(loaded->graph), std::string(GetParam().text) + "\nreturn w\n");
}

INSTANTIATE_TEST_SUITE_P(
    DTypes, EveryType,
    testing::Values(
        TypeCase{TensorProto::FLOAT, raw<float>({1, 2}), "w: f32[2] = constant {1, 2}"},
        TypeCase{TensorProto::DOUBLE, raw<double>({1, 2}), "w: f64[2] = constant {1, 2}"},
        TypeCase{TensorProto::FLOAT16, raw<std::uint16_t>({0x3c00, 0x4000}),
                 "w: f16[2] = constant {1, 2}"},
        TypeCase{TensorProto::BFLOAT16, raw<std::uint16_t>({0x3f80, 0x4000}),
                 "w: bf16[2] = constant {1, 2}"},
        TypeCase{TensorProto::INT8, raw<std::int8_t>({1, 2}), "w: i8[2] = constant {1, 2}"},
        TypeCase{TensorProto::INT16, raw<std::int16_t>({1, 2}), "w: i16[2] = constant {1, 2}"},
        TypeCase{TensorProto::INT32, raw<std::int32_t>({1, 2}), "w: i32[2] = constant {1, 2}"},
        TypeCase{TensorProto::INT64, raw<std::int64_t>({1, 2}), "w: i64[2] = constant {1, 2}"},
        TypeCase{TensorProto::UINT8, raw<std::uint8_t>({1, 2}), "w: u8[2] = constant {1, 2}"},
        TypeCase{TensorProto::UINT16, raw<std::uint16_t>({1, 2}), "w: u16[2] = constant {1, 2}"},
        TypeCase{TensorProto::UINT32, raw<std::uint32_t>({1, 2}), "w: u32[2] = constant {1, 2}"},
        TypeCase{TensorProto::UINT64, raw<std::uint64_t>({1, 2}), "w: u64[2] = constant {1, 2}"},
        TypeCase{TensorProto::BOOL, raw<std::uint8_t>({1, 2}), "w: bool[2] = constant {1, 1}"}));

TEST(Initializers, SizesThatDoNotMatchAreReported) {
  EXPECT_EQ(constant_text({4}, TensorProto::FLOAT,
                          [](TensorProto& t) { t.set_raw_data(std::string(12, '\0')); }),
            "the tensor holds 12 bytes, f32[4] needs 16 @ m.onnx: tensor 'w'");
  EXPECT_EQ(constant_text({4}, TensorProto::FLOAT, [](TensorProto& t) { t.add_float_data(1); }),
            "the tensor holds 1 elements, f32[4] needs 4 @ m.onnx: tensor 'w'");
  EXPECT_EQ(constant_text({std::int64_t{1} << 40}, TensorProto::FLOAT, [](TensorProto&) {}),
            "the tensor holds 0 elements, f32[1099511627776] needs 1099511627776 @ m.onnx: tensor "
            "'w'");
  EXPECT_EQ(constant_text({-4}, TensorProto::FLOAT, [](TensorProto&) {}),
            "shape [-4] has the negative extent -4 @ m.onnx: tensor 'w'");
  EXPECT_EQ(constant_text({1}, TensorProto::STRING, [](TensorProto&) {}),
            "element type STRING is not supported @ m.onnx: tensor 'w'");
  EXPECT_EQ(constant_text({1}, 77, [](TensorProto&) {}),
            "element type number 77 is not supported @ m.onnx: tensor 'w'");
}

TEST(Initializers, AScalarAndAnEmptyTensorAreRead) {
  EXPECT_EQ(constant_text({}, TensorProto::FLOAT, [](TensorProto& t) { t.add_float_data(5); }),
            "w: f32[] = constant {5}");
  EXPECT_EQ(constant_text({0}, TensorProto::FLOAT, [](TensorProto&) {}), "w: f32[0] = constant {}");
}

std::string external_error(const std::string& location, const char* offset, const char* length) {
  const TemporaryFolder folder;
  ModelBuilder model;
  auto& tensor = model.initializer("w", {2}, TensorProto::FLOAT);
  set_external(tensor, {{"location", location}, {"offset", offset}, {"length", length}});
  model.output("w");
  EXPECT_TRUE(write_file(folder / "w.bin", std::string(8, '\0')).ok());
  EXPECT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  const Result<Model> loaded = load(folder / "m.onnx", {});
  return loaded.ok() ? "no error" : loaded.error().what;
}

TEST(ExternalData, LocationsAndSizesAreChecked) {
  EXPECT_EQ(external_error("w.bin", "0", "8"), "no error");
  EXPECT_EQ(external_error("./a/../w.bin", "0", "8"),
            "cannot open the file: No such file or directory");
  EXPECT_EQ(external_error("../w.bin", "0", "8"),
            "external data at '../w.bin' is not below the model's folder");
  EXPECT_EQ(external_error("a/../../w.bin", "0", "8"),
            "external data at 'a/../../w.bin' is not below the model's folder");
  EXPECT_EQ(external_error("/etc/passwd", "0", "8"),
            "external data at '/etc/passwd' is not below the model's folder");
  EXPECT_EQ(external_error("", "0", "8"), "external data at '' is not below the model's folder");
  EXPECT_EQ(external_error("none.bin", "0", "8"),
            "cannot open the file: No such file or directory");
  EXPECT_EQ(external_error("w.bin", "4", "8"),
            "external data 'w.bin' has 8 bytes, 8 bytes at offset 4 do not fit");
  EXPECT_EQ(external_error("w.bin", "18446744073709551615", "8"),
            "external data 'w.bin' has 8 bytes, 8 bytes at offset 18446744073709551615 do not fit");
  EXPECT_EQ(external_error("w.bin", "0", "4"), "the tensor holds 4 bytes, f32[2] needs 8");
  EXPECT_EQ(external_error("w.bin", "-1", "8"), "external data offset '-1' is not a number");
}

TEST(ExternalData, ContentCountsInTheDigest) {
  const TemporaryFolder folder;
  ModelBuilder model;
  auto& tensor = model.initializer("w", {1}, TensorProto::FLOAT);
  set_external(tensor, {{"location", "w.bin"}});
  model.output("w");
  ASSERT_TRUE(write_file(folder / "m.onnx", model.bytes()).ok());
  ASSERT_TRUE(write_file(folder / "w.bin", "abcd").ok());
  const Digest first = load(folder / "m.onnx", {})->digest;
  ASSERT_TRUE(write_file(folder / "w.bin", "abce").ok());
  EXPECT_NE(load(folder / "m.onnx", {})->digest, first);
}

TEST(TensorFile, ReadsATensorAndReportsWhatIsNone) {
  const TemporaryFolder folder;
  TensorProto tensor;
  tensor.set_data_type(TensorProto::INT64);
  tensor.add_dims(2);
  tensor.add_int64_data(3);
  tensor.add_int64_data(4);
  const std::string bytes = tensor.SerializeAsString();
  ASSERT_TRUE(write_file(folder / "t.pb", bytes).ok());
  const Result<Tensor> read = read_tensor_file(folder / "t.pb");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(to_text(read->type()), "i64[2]");
  EXPECT_EQ(read->as<std::int64_t>()[1], 4);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_TRUE(write_file(folder / "t.pb", bytes.substr(0, length)).ok());
    const Result<Tensor> cut = read_tensor_file(folder / "t.pb");
    ASSERT_FALSE(cut.ok()) << length;
    ASSERT_EQ(cut.error().code, ErrorCode::InvalidConfig);
  }
}

}  // namespace
}  // namespace keel::onnx_io
