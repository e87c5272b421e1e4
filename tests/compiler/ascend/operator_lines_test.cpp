#include "compiler/ascend/operator_lines.h"

#include <gtest/gtest.h>

#include "compiler/base/error_text.h"

namespace keel::ascend {
namespace {

std::string text_of(std::optional<DType> dtype) { return dtype ? std::string(name(*dtype)) : "-"; }

std::string custom(std::string_view text) {
  const Result<CustomLines> result = parse_custom_dtypes(text, "c.cfg");
  if (!result.ok()) return to_text(result.error());
  std::string all;
  for (const CustomLine& line : result->lines)
    all += std::to_string(line.line) + (line.by_type ? " type " : " name ") + line.name + " " +
           text_of(line.dtypes.input) + " " + text_of(line.dtypes.output) + "\n";
  for (const Error& warning : result->warnings) all += to_warning_text(warning) + "\n";
  return all;
}

TEST(CustomDTypes, AreReadByNameAndByType) {
  EXPECT_EQ(custom("conv1::InputDtype:float16,float16,OutputDtype:float32\r\n\n"
                   "OpType::MatMulV2:InputDtype:bfloat16,OutputDtype:bfloat16\n"
                   "a/b:c::OutputDtype:float16\nrelu::InputDtype:float32,"),
            "1 name conv1 f16 f32\n3 type MatMulV2 bf16 bf16\n4 name a/b:c - f16\n"
            "5 name relu f32 -\n");
}

TEST(CustomDTypes, WarnOfInputsThatDiffer) {
  EXPECT_EQ(custom("add::InputDtype:float16,float32"),
            "1 name add f16 -\n"
            "warning: keel gives every input the first of the dtypes\n   at: c.cfg:1\n"
            "  fix: read the figures as those of that\n");
}

TEST(CustomDTypes, RefuseAnotherForm) {
  EXPECT_EQ(custom("\nconv1 float16"),
            "error: 'conv1 float16' gives no operator its dtypes\n   at: c.cfg:2\n"
            "  fix: write NAME::InputDtype:float16,OutputDtype:float32, or "
            "OpType::TYPE:InputDtype:float16,OutputDtype:float16");
  EXPECT_EQ(custom("conv1::InputDtype:int8"),
            "error: 'int8' is no dtype keel can give an operator\n   at: c.cfg:1\n"
            "  fix: use float16, float32 or bfloat16");
}

std::string executions(std::string_view text) {
  const Result<ExecutionLines> result = parse_op_precision(text, "op.ini");
  if (!result.ok()) return to_text(result.error());
  std::string all;
  for (const ExecutionLine& line : result->lines)
    all += std::to_string(line.line) + (line.by_type ? " type " : " name ") + line.name +
           (line.execution == Execution::Fp32 ? " fp32\n" : " hf32\n");
  for (const Error& warning : result->warnings) all += to_warning_text(warning) + "\n";
  return all;
}

TEST(OpPrecision, HonoursFp32AndHf32) {
  EXPECT_EQ(executions("[ByOpType]\nConv2D = enable_hi_float_32_execution\n# text\n"
                       "[ByNodeName]\nconv1=enable_float_32_execution\n"),
            "2 type Conv2D hf32\n5 name conv1 fp32\n");
}

TEST(OpPrecision, WarnsOfWhatItDoesNotEvaluate) {
  EXPECT_EQ(executions("[ByOpType]\nMul=high_precision"),
            "warning: 'Mul=high_precision' chooses an implementation that keel does not evaluate\n"
            "   at: op.ini:2\n  fix: expect other figures of the chip than keel's\n");
}

TEST(OpPrecision, RefusesAnotherForm) {
  EXPECT_EQ(executions("[ByOpType]\nMul=fast"),
            "error: 'fast' is no mode of an operator\n   at: op.ini:2\n"
            "  fix: use one of enable_float_32_execution, enable_hi_float_32_execution, "
            "high_precision, high_performance, support_out_of_bound_index");
  EXPECT_EQ(executions("[ByType]"),
            "error: there is no section '[ByType]'\n   at: op.ini:1\n"
            "  fix: use [ByOpType] or [ByNodeName]");
  EXPECT_EQ(executions("Mul=high_precision"),
            "error: 'Mul=high_precision' is not NAME=VALUE within a section\n   at: op.ini:1\n"
            "  fix: write [ByOpType] or [ByNodeName] above lines of NAME=VALUE");
}

}  // namespace
}  // namespace keel::ascend
