#include <dlfcn.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "compiler/program/host_execution.h"
#include "tests/support/graph_text.h"

// A run of what ran before takes nothing from the heap for an operator: tensors are blocks of a
// pool, and shapes, lists of inputs and results are held in place. What oneDNN does inside is its
// own affair.

namespace {

std::atomic<int> allocations = 0;

bool is_ours(const void* caller) {
  Dl_info place{};
  return dladdr(caller, &place) == 0 || place.dli_fname == nullptr ||
         std::string_view(place.dli_fname).find("dnnl") == std::string_view::npos;
}

}  // namespace

// Not inline, so that g++ does not take the pair of them apart.
__attribute__((noinline)) void* operator new(std::size_t bytes) {
  if (is_ours(__builtin_return_address(0))) ++allocations;
  void* block = std::malloc(bytes == 0 ? 1 : bytes);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
__attribute__((noinline)) void operator delete(void* block) noexcept { std::free(block); }
__attribute__((noinline)) void operator delete(void* block, std::size_t) noexcept {
  std::free(block);
}

namespace keel::program {
namespace {

struct Case {
  std::string name;
  std::string constants;  ///< lines before the operator
  std::string nodes;      ///< that make @ of $, of one type
};
std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.name; }

class SteadyState : public testing::TestWithParam<Case> {};

// Of a warm run of `count` times the operator.
int allocations_of(const Case& one, int count) {
  std::string text = "x: f32[2,32,6,6] = input\n" + one.constants;
  std::string last = "x";
  for (int i = 0; i < count; ++i) {
    const std::string next = "y" + std::to_string(i);
    for (const char c : one.nodes) text += c == '$' ? last : c == '@' ? next : std::string(1, c);
    last = next;
  }
  const ir::Graph graph = test::parse(text + "return " + last + "\n");
  const HostProgram program(graph);
  const std::vector<Tensor> inputs = test::random_inputs(graph, 1);
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(program.run(inputs).ok());
  const int before = allocations;
  EXPECT_TRUE(program.run(inputs).ok());
  return allocations - before;
}

TEST_P(SteadyState, AllocatesNothingForAnOperator) {
  EXPECT_EQ(allocations_of(GetParam(), 9), allocations_of(GetParam(), 3));
}

INSTANTIATE_TEST_SUITE_P(
    Operators, SteadyState,
    testing::Values(
        Case{"convolution",
             "w: f32[32,32,3,3] = constant random(1)\nb: f32[32] = constant random(2)\n",
             "@ = Conv($, w, b) pads=[1,1,1,1]\n"},
        Case{"rounded_convolution", "w: f32[32,32,3,3] = constant random(1)\n",
             "@ = Conv($, w) pads=[1,1,1,1] compute=f16\n"},
        Case{"depthwise", "w: f32[32,1,3,3] = constant random(1)\n",
             "@ = Conv($, w) pads=[1,1,1,1] group=32\n"},
        Case{"pointwise", "w: f32[32,32,1,1] = constant random(1)\n", "@ = Conv($, w)\n"},
        Case{"product_behind_convolution",
             "w: f32[32,32,3,3] = constant random(1)\nv: f32[6,6] = constant random(2)\n",
             "@c = Conv($, w) pads=[1,1,1,1]\n@ = MatMul(@c, v)\n"},
        Case{"product", "w: f32[6,6] = constant random(1)\n", "@ = MatMul($, w)\n"},
        Case{"addition", "w: f32[6,6] = constant random(1)\n", "@ = Add($, w)\n"},
        Case{"relu", "", "@ = Relu($)\n"}, Case{"sigmoid", "", "@ = Sigmoid($)\n"},
        Case{"relu_between_convolutions", "w: f32[32,32,3,3] = constant random(1)\n",
             "@c = Conv($, w) pads=[1,1,1,1]\n@r = Relu(@c)\n@ = Add(@r, @c)\n"},
        Case{"cast", "", "@h = Cast($) to=f16\n@e = Exp(@h)\n@ = Cast(@e) to=f32\n"},
        Case{"softmax", "", "@ = Softmax($)\n"},
        Case{"softmax_of_channels", "", "@ = Softmax($) axis=1\n"},
        Case{"layer_norm", "s: f32[6] = constant random(1)\nb: f32[6] = constant random(2)\n",
             "@ = LayerNormalization($, s, b)\n"},
        Case{"max_pool", "", "@ = MaxPool($) kernel=[3,3] pads=[1,1,1,1]\n"},
        Case{"transpose", "", "@ = Transpose($) perm=[0,1,3,2]\n"},
        Case{"clip", "lo: f32[] = constant {0}\nhi: f32[] = constant {1}\n",
             "@ = Clip($, lo, hi)\n"},
        Case{"mean", "a: i64[1] = constant {3}\n", "@m = ReduceMean($, a)\n@ = Sub($, @m)\n"},
        Case{"halves_exchanged",
             "s: i64[1] = constant {0}\nm: i64[1] = constant {3}\ne: i64[1] = constant {6}\n",
             "@a = Slice($, s, m, m)\n@b = Slice($, m, e, m)\n@ = Concat(@b, @a) axis=3\n"},
        Case{"reshape", "s: i64[2] = constant {64, 36}\nt: i64[4] = constant {2, 32, 6, 6}\n",
             "@f = Reshape($, s)\n@ = Reshape(@f, t)\n"}),
    testing::PrintToStringParamName());

}  // namespace
}  // namespace keel::program
