#include "tuner/engine/dtype_reasons.h"

#include "tests/tuner/engine/opened_model.h"

namespace keel::engine {
namespace {

using ascend::PrecisionMode;
using onnx_io::ModelBuilder;
using Side = DtypeReasons::Side;

// x -> MatMul m -> Softmax s -> Log l -> Transpose t -> Exp y
ModelBuilder chain() {
  ModelBuilder model;
  model.input("x", {2, 2}).node("MatMul", {"x", "x"}, {"m"}).node("Softmax", {"m"}, {"s"});
  model.node("Log", {"s"}, {"l"}).node("Transpose", {"l"}, {"t"}).node("Exp", {"t"}, {"y"});
  return model.output("y");
}

class DtypeReasonsOf : public OpenedModel {
 protected:
  DtypeReasonsOf() { write(chain()); }

  // "f16 by force_fp16"
  std::string of(const std::string& node) const {
    const Target target = open();
    const DtypeReasons reasons(target, "keep.cfg");
    const ir::UnitId unit = unit_of(target, node);
    return reasons.dtype(unit) + " by " + reasons.rule(unit);
  }

  std::string state(const std::string& node, Side side, DType dtype) const {
    const Target target = open();
    return DtypeReasons(target, "keep.cfg").state(unit_of(target, node), side, dtype);
  }
};

TEST_F(DtypeReasonsOf, NameTheModeWhereNothingElseDecides) {
  EXPECT_EQ(of("n_m"), "f16 by force_fp16");
  EXPECT_EQ(of("n_l"), "f16 by force_fp16");
}

TEST_F(DtypeReasonsOf, NameTheFirstLineThatKeepsTheUnit) {
  options_.keep_dtype = file("keep.cfg", "\nn_l\nOpType::Log\nn_y\n");
  EXPECT_EQ(of("n_l"), "f32 by keep.cfg:2");
  EXPECT_EQ(of("n_y"), "f32 by keep.cfg:4");
  EXPECT_EQ(of("n_s"), "f16 by force_fp16");
}

TEST_F(DtypeReasonsOf, DoNotTakeALayoutOperatorForTheUnitThatMakesItsData) {
  options_.keep_dtype = file("keep.cfg", "n_t\n");
  EXPECT_EQ(of("n_l"), "f16 by force_fp16");
  options_.keep_dtype = file("keep.cfg", "n_t\nn_l\n");
  EXPECT_EQ(of("n_l"), "f32 by keep.cfg:2");
}

TEST_F(DtypeReasonsOf, SayWhatTheMixListsDecide) {
  options_.mode = PrecisionMode::AllowMixPrecisionFp16;
  EXPECT_EQ(of("n_m"), "f16 by allow_mix_precision: BatchMatMulV2 is white-listed");
  EXPECT_EQ(of("n_s"), "f16 by allow_mix_precision: SoftmaxV2 is gray-listed, follows 'n_m'");
  EXPECT_EQ(of("n_l"), "f32 by allow_mix_precision: Log is black-listed");
  ModelBuilder first;
  first.input("x", {2, 2}).node("Softmax", {"x"}, {"s"}).output("s");
  write(first);
  EXPECT_EQ(of("n_s"), "f32 by allow_mix_precision: SoftmaxV2 is gray-listed, has no predecessor");
}

TEST_F(DtypeReasonsOf, NameTheFileThatWinsOverTheKeepList) {
  options_.keep_dtype = file("keep.cfg", "n_s\nn_l\n");
  options_.customize_dtypes = file("c.cfg", "n_s::InputDtype:float16,OutputDtype:float16\n");
  options_.op_precision_mode = file(
      "op.ini", "[ByNodeName]\nn_m=enable_float_32_execution\nn_y=enable_float_32_execution\n");
  EXPECT_EQ(of("n_s"), "f16 by --customize_dtypes");
  EXPECT_EQ(of("n_l"), "f32 by keep.cfg:2");
  EXPECT_EQ(of("n_y"), "f32 by --op_precision_mode");
}

TEST_F(DtypeReasonsOf, TellHowTheCubeMultiplies) {
  options_.keep_dtype = file("keep.cfg", "n_m\n");
  options_.hf32 = {.conv = true, .matmul = true};
  EXPECT_EQ(of("n_m"), "f32, multiplied in hf32 by keep.cfg:1: --allow_hf32");
  options_.hf32 = {};
  EXPECT_EQ(of("n_m"), "f32 by keep.cfg:1");
  options_.op_precision_mode = file("op.ini", "[ByNodeName]\nn_m=enable_hi_float_32_execution\n");
  EXPECT_EQ(of("n_m"), "f32, multiplied in hf32 by keep.cfg:1: --op_precision_mode");
  options_.op_precision_mode.reset();
  options_.soc_version = "Ascend310P3";
  EXPECT_EQ(of("n_m"), "f32, multiplied in f16 by keep.cfg:1: the cube has no fp32");
}

TEST_F(DtypeReasonsOf, TellOperandsFromResults) {
  options_.mode = PrecisionMode::ForceFp32;
  EXPECT_EQ(of("n_m"), "f16 -> f32 by force_fp32");
  options_.soc_version = "Ascend310";
  EXPECT_EQ(of("n_m"), "f16 by force_fp32: the cube hands out fp16 only");
}

TEST_F(DtypeReasonsOf, SayThatTheModeIgnoresTheList) {
  options_.mode = PrecisionMode::MustKeepOriginDtype;
  options_.keep_dtype = file("keep.cfg", "n_l\n");
  EXPECT_EQ(of("n_l"), "f32 by must_keep_origin_dtype: it ignores the keep list");
}

TEST_F(DtypeReasonsOf, PutTheStateOfEitherEndOfACastInWords) {
  options_.keep_dtype = file("keep.cfg", "n_l\n");
  EXPECT_EQ(state("n_l", Side::Takes, DType::F32), "is kept (keep.cfg:1)");
  EXPECT_EQ(state("n_m", Side::Gives, DType::F16), "is lowered (force_fp16)");
  EXPECT_EQ(state("n_m", Side::Gives, DType::F32), "gives f32 at the accumulator");
  EXPECT_EQ(state("n_m", Side::Takes, DType::I64), "takes i64 in the model");
  options_.mode = PrecisionMode::AllowFp32ToFp16;
  EXPECT_EQ(state("n_s", Side::Gives, DType::F32), "stays in f32 (allow_fp32_to_fp16)");
  options_.mode = PrecisionMode::ForceFp32;
  EXPECT_EQ(state("n_m", Side::Gives, DType::F32), "gives f32 (force_fp32)");
  EXPECT_EQ(state("n_m", Side::Takes, DType::F16), "takes f16 (force_fp32)");
  options_.mode = PrecisionMode::ForceFp16;
  options_.customize_dtypes = file("c.cfg", "n_s::InputDtype:float16,OutputDtype:float16\n");
  EXPECT_EQ(state("n_s", Side::Takes, DType::F16), "takes f16 (--customize_dtypes)");
}

}  // namespace
}  // namespace keel::engine
