#include "compiler/ascend/op_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/places/places.h"

namespace keel::ascend {
namespace {

namespace fs = std::filesystem;

OpTable shipped() {
  Result<OpTable> table = OpTable::load(keel::test::source_folder() / "configs");
  KEEL_CHECK(table.ok());
  return *std::move(table);
}

/// A configs folder with these two files.
fs::path written(const std::string& types, const std::string& info) {
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const fs::path root = fs::path(testing::TempDir()) / ("op_table_" + test);
  fs::create_directories(root / "ascend");
  std::ofstream(root / "ascend" / "onnx_to_ascend.json") << types;
  std::ofstream(root / "ascend" / "op_info.json") << info;
  return root;
}

constexpr const char* kTypes = R"({"ops": {"Log": ["Log"]}})";
constexpr const char* kInfo =
    R"({"ops": {"Log": {"unit": "vector", "soc": [
         {"families": ["a", "b"], "mix": "gray", "in": ["float16"]}, {"families": ["c"]}]}}})";

TEST(OpTable, TellsWhatIsParsedFromWhatIsFused) {
  const OpTable table = shipped();
  EXPECT_TRUE(table.has_parser("Conv"));
  EXPECT_FALSE(table.has_parser("QuantizeLinear"));
  EXPECT_FALSE(table.has_parser("Conv2D")) << "a type is no operator of ONNX";
  EXPECT_TRUE(table.is_parsed_type("Conv2D"));
  EXPECT_TRUE(table.is_ascend_type("Conv2DCompress"));
  EXPECT_FALSE(table.is_parsed_type("Conv2DCompress"));
}

TEST(OpTable, KnowsWhatOnnxOperatorsBecome) {
  const OpTable table = shipped();
  EXPECT_EQ(table.primary_type("Conv"), "Conv2D");
  EXPECT_EQ(table.primary_type("MatMul"), "BatchMatMulV2");
  EXPECT_EQ(table.primary_type("Gemm"), "MatMulV2");
  EXPECT_EQ(table.primary_type("Softmax"), "SoftmaxV2");
  EXPECT_EQ(table.primary_type("LayerNormalization"), "LayerNorm");
  const std::vector<std::string> pool = table.ascend_types("MaxPool");
  EXPECT_EQ(pool.front(), "MaxPoolV3");
  EXPECT_NE(std::ranges::find(pool, "MaxPool3D"), pool.end());
}

// CommonLSTM has no kernel of its own: a fusion pass turns it into DynamicRNN, which is fp16.
TEST(OpTable, KnowsThatAnLstmRunsInFp16) {
  const OpTable table = shipped();
  EXPECT_EQ(table.primary_type("LSTM"), "CommonLSTM");
  for (const char* family : {"ascend310p", "ascend910b"}) {
    EXPECT_TRUE(table.supports("CommonLSTM", family, DType::F16));
    EXPECT_FALSE(table.supports("CommonLSTM", family, DType::F32));
  }
}

// Its first input is a size, which says nothing of what it computes in.
TEST(OpTable, KnowsWhatATransposedConvolutionComputesIn) {
  const OpTable table = shipped();
  EXPECT_EQ(table.primary_type("ConvTranspose"), "Conv2DTranspose");
  EXPECT_TRUE(table.supports("Conv2DTranspose", "ascend310p", DType::F16));
  EXPECT_FALSE(table.supports("Conv2DTranspose", "ascend310p", DType::F32));
  EXPECT_TRUE(table.supports("Conv2DTranspose", "ascend910b", DType::F32));
}

// The table lists DynamicGRUV2, which a GRU becomes, without dtypes.
TEST(OpTable, LeavesTheDtypeOfAGruOpen) {
  const OpTable table = shipped();
  EXPECT_EQ(table.primary_type("GRU"), "CommonGRU");
  EXPECT_TRUE(table.is_ascend_type("CommonGRU"));
  EXPECT_TRUE(table.supports("CommonGRU", "ascend910b", DType::F16));
  EXPECT_TRUE(table.supports("CommonGRU", "ascend910b", DType::F32));
}

TEST(OpTable, LeavesAnOperatorItDoesNotKnowItsName) {
  EXPECT_EQ(shipped().ascend_types("MyOwnOp"), std::vector<std::string>{"MyOwnOp"});
}

TEST(OpTable, ListsTypesInOrderWithoutRepeats) {
  const OpTable table = shipped();
  const std::vector<std::string> types = table.all_types();
  EXPECT_TRUE(std::ranges::is_sorted(types));
  EXPECT_EQ(std::ranges::adjacent_find(types), types.end());
  EXPECT_TRUE(std::ranges::all_of(types, [&](auto& type) { return table.is_ascend_type(type); }));
  EXPECT_TRUE(table.is_ascend_type("Conv2D"));
  EXPECT_FALSE(table.is_ascend_type("Conv"));
}

TEST(OpTable, KnowsTheDtypesOfKernels) {
  const OpTable table = shipped();
  for (const std::string_view family : {"ascend310p", "ascend910b"}) {
    EXPECT_TRUE(table.supports("Log", family, DType::F16));
    EXPECT_TRUE(table.supports("Log", family, DType::F32));
    EXPECT_TRUE(table.supports("MaxPoolV3", family, DType::F16));
    EXPECT_FALSE(table.supports("MaxPoolV3", family, DType::F32));
    EXPECT_TRUE(table.supports("NonZero", family, DType::F32));
    EXPECT_FALSE(table.supports("NonZero", family, DType::F16));
  }
  EXPECT_TRUE(table.supports("MatMulV2", "ascend910b", DType::BF16));
}

TEST(OpTable, SupportsWhatItDoesNotSay) {
  const OpTable table = shipped();
  EXPECT_TRUE(table.supports("Conv2D", "ascend910b", DType::F32)) << "decided at compile time";
  EXPECT_TRUE(table.supports("MyOwnOp", "ascend910b", DType::F32));
  EXPECT_TRUE(table.supports("Log", "ascend1000", DType::BF16));
}

TEST(OpTable, GivesEveryFamilyOfAGroupItsDtypes) {
  const Result<OpTable> table = OpTable::load(written(kTypes, kInfo));
  ASSERT_TRUE(table.ok()) << table.error().what;
  EXPECT_FALSE(table->supports("Log", "a", DType::F32));
  EXPECT_FALSE(table->supports("Log", "b", DType::F32));
  EXPECT_TRUE(table->supports("Log", "c", DType::F32));
}

TEST(OpTable, ChangesItsDigestWithEitherFile) {
  const Digest first = OpTable::load(written(kTypes, kInfo))->digest();
  EXPECT_EQ(OpTable::load(written(kTypes, kInfo))->digest(), first);
  EXPECT_NE(OpTable::load(written(std::string(kTypes) + "\n", kInfo))->digest(), first);
  EXPECT_NE(OpTable::load(written(kTypes, std::string(kInfo) + "\n"))->digest(), first);
}

TEST(OpTable, ReportsADamagedFile) {
  const struct {
    const char* types;
    const char* info;
    const char* what;
    const char* file;
  } cases[] = {
      {R"({"ops": {"Log": []}})", kInfo, "the operator table cannot be read: 'Log' becomes nothing",
       "onnx_to_ascend.json"},
      {R"({"ops": {"Log": "Log"}})", kInfo, "type must be array, but is string",
       "onnx_to_ascend.json"},
      {"{}", kInfo, "key 'ops' not found", "onnx_to_ascend.json"},
      {kTypes, R"({"ops": {"Log": {"soc": [{"families": ["a"], "in": ["f16"]}]}}})",
       "the operator table cannot be read: unknown dtype \"f16\"", "op_info.json"},
      {kTypes, R"({"ops": {"Log": {}}})", "key 'soc' not found", "op_info.json"},
  };
  for (const auto& c : cases) {
    const Result<OpTable> table = OpTable::load(written(c.types, c.info));
    ASSERT_FALSE(table.ok()) << c.what;
    EXPECT_EQ(table.error().code, ErrorCode::InvalidConfig);
    EXPECT_NE(table.error().what.find(c.what), std::string::npos) << table.error().what;
    EXPECT_TRUE(table.error().where.ends_with(c.file)) << table.error().where;
    EXPECT_EQ(table.error().fix, "restore the file from the release");
  }
}

TEST(OpTable, KnowsTheFamiliesOfChips) {
  EXPECT_EQ(shipped().families(), (std::vector<std::string>{"ascend310", "ascend310b", "ascend310p",
                                                            "ascend910", "ascend910b"}));
  EXPECT_TRUE(shipped().check_family("ascend310b").ok());
}

TEST(OpTable, ReportsAFamilyItDoesNotKnow) {
  const Status near = shipped().check_family("ascend910_b");
  ASSERT_FALSE(near.ok());
  EXPECT_EQ(near.error().code, ErrorCode::InvalidConfig);
  EXPECT_EQ(near.error().what, "the operator table knows no SoC family 'ascend910_b'");
  EXPECT_EQ(near.error().fix, "set 'family' to 'ascend910b' (nearest name)");
  EXPECT_EQ(shipped().check_family("tpu").error().fix,
            "set 'family' to one of ascend310, ascend310b, ascend310p, ascend910, ascend910b");
}

TEST(OpTable, ReportsAFileCutAtAnyByte) {
  const std::string types = kTypes, info = kInfo;
  for (std::size_t size = 0; size < types.size(); ++size)
    EXPECT_FALSE(OpTable::load(written(types.substr(0, size), info)).ok()) << size;
  for (std::size_t size = 0; size < info.size(); ++size)
    EXPECT_FALSE(OpTable::load(written(types, info.substr(0, size))).ok()) << size;
}

}  // namespace
}  // namespace keel::ascend
