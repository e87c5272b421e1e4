#include "profiler/calibration/priors.h"

#include <array>

namespace keel::calibration {
namespace {

using T = ascend::TimingParameters;

constexpr double kAny = 1e6;

constexpr const char* kNoProgram = "no whole program was measured on this family";
constexpr const char* kNoStep = "of Ascend310P3: no recurrent kernel was measured on this family";
constexpr const char* kWarm =
    "operators were measured again and again: the L2 held what they read as far as it could";
constexpr const char* kBetweenPrograms =
    "weights of a network are read once an execution, and more than the L2 holds in between";
constexpr const char* kHalf =
    "half: what a kernel reads and writes, and what the one before left there (networks fit "
    "better than with a quarter or all of it)";
constexpr const char* kInTurn =
    "sigmoid of 8192 x 8192 in fp32 takes as long as both, one after the other (cann-bench "
    "d59d44ca)";
constexpr const char* kNoConvForm = "too few convolutions were measured on this family to tell";
constexpr const char* kApart =
    "vector units of this family have cores of their own: what they do behind a product is no "
    "slower";
constexpr const char* kLikeOthers =
    "operators of rows are measured with others that stream: one share fits both";
constexpr const char* kNoMixed = "no such kernel is built on this family; of Ascend910B2";
constexpr const char* kNotSeen = "networks say nothing of it: with it they fit no better";

// Priors: launch times from the smallest published kernels, cycles from published instruction
// timing, shares from single large kernels (vendor-facts section on performance). Widths: half of a
// factor e where the prior is an estimate, less where it was measured.
constexpr auto kParameters = std::to_array<FittedParameter>({
    {"launch_us", &T::launch_us, kAny, "us", {3, 0.5}, {2, 0.5}},
    {"vector_launch_us", &T::vector_launch_us, kAny, "us", {3, 0.5}, {2, 0.5}},
    {"row_launch_us", &T::row_launch_us, kAny, "us", {5, 0.5}, {2, 0.5}},
    {"layout_launch_us", &T::layout_launch_us, kAny, "us", {4, 0.5}, {2, 0.5}},
    {"index_launch_us", &T::index_launch_us, kAny, "us", {5, 0.5}, {2, 0.5}},
    {"mixed_launch_us", &T::mixed_launch_us, kAny, "us", {12, 0.5}, {12, 0, kNoMixed}},
    {"tensor_us", &T::tensor_us, kAny, "us / tensor", {2, 0.7}, {0, 0, kNotSeen}},
    {"execution_us", &T::execution_us, kAny, "us", {0, 0, kNoProgram}, {60, 1}},
    {"step_us", &T::step_us, kAny, "us / step", {4.5, 0, kNoStep}, {5, 0.7}},
    {"cube_efficiency", &T::cube_efficiency, 1, "share of peak", {0.78, 0.15}, {0.85, 0.15}},
    {"depthwise_efficiency",
     &T::depthwise_efficiency,
     1,
     "share of peak",
     {0.24, 0.5},
     {0.24, 0.6}},
    {"grouped_efficiency",
     &T::grouped_efficiency,
     1,
     "times that of the cube",
     {1, 0, kNoConvForm},
     {0.9, 0.3}},
    {"line_efficiency",
     &T::line_efficiency,
     1,
     "times that of the cube",
     {1, 0, kNoConvForm},
     {0.9, 0.3}},
    {"few_channels_efficiency",
     &T::few_channels_efficiency,
     kAny,
     "times that of the cube",
     {1, 0, kNoConvForm},
     {1, 0.7}},
    {"fill_share", &T::fill_share, kAny, "times of a 128 x 256 tile", {0.75, 0.5}, {0.3, 1}},
    {"block_cycles", &T::block_cycles, kAny, "cycles / block", {2700, 0.5}, {2700, 0, kNoMixed}},
    {"vector_efficiency", &T::vector_efficiency, 1, "share of peak", {0.6, 0.4}, {0.6, 0.4}},
    {"activation_efficiency",
     &T::activation_efficiency,
     kAny,
     "times the rate of its instructions",
     {0.9, 0.4},
     {0.9, 0.7}},
    {"softmax_efficiency",
     &T::softmax_efficiency,
     kAny,
     "times the rate of its instructions",
     {0.9, 0.4},
     {1.7, 0.7}},
    {"norm_efficiency",
     &T::norm_efficiency,
     kAny,
     "times the rate of its instructions",
     {0.9, 0.4},
     {1.3, 0.7}},
    {"channel_norm_efficiency",
     &T::channel_norm_efficiency,
     kAny,
     "times the rate of its instructions",
     {0.9, 0.4},
     {0.5, 0.7}},
    {"fused_efficiency",
     &T::fused_efficiency,
     kAny,
     "times the rate alone",
     {1, 0, kApart},
     {1, 0.7}},
    {"row_cycles", &T::row_cycles, kAny, "cycles / row", {360, 0.7}, {0, 0, kNotSeen}},
    {"l2_efficiency",
     &T::l2_efficiency,
     1,
     "share of the L2 rate of all cores",
     {0.46, 0.3},
     {0.4, 0.5}},
    {"cube_l2_efficiency",
     &T::cube_l2_efficiency,
     1,
     "share of the L2 rate of all cores",
     {0.25, 0.3},
     {0.5, 0.5}},
    {"memory_efficiency", &T::memory_efficiency, 1, "share of peak", {0.77, 0.2}, {0.7, 0.3}},
    {"row_memory_gain",
     &T::row_memory_gain,
     kAny,
     "times the share of peak",
     {1, 0, kLikeOthers},
     {1, 0.3}},
    {"l2_share", &T::l2_share, 1, "share of the L2", {1, 0, kWarm}, {0.5, 0, kHalf}},
    {"cold_weights",
     &T::cold_weights,
     1,
     "share of the constants",
     {0, 0, kWarm},
     {1, 0, kBetweenPrograms}},
    {"transpose_share", &T::transpose_share, 1, "share of the bandwidth", {0.45, 0.4}, {0.45, 0.6}},
    {"gather_cycles", &T::gather_cycles, kAny, "cycles / row", {180, 0.7}, {90, 1}},
    {"copy_cycles", &T::copy_cycles, kAny, "cycles / run", {9, 0.7}, {6, 1}},
    {"memory_overlap", &T::memory_overlap, 1e2, "exponent - 1", {0, 0, kInTurn}, {2, 0.7}},
    {"vector_overlap", &T::vector_overlap, 1e2, "exponent - 1", {1, 0.5}, {2, 0.7}},
    {"row_overlap", &T::row_overlap, 1e2, "exponent - 1", {0.5, 0.5}, {1, 0.7}},
    {"cube_overlap", &T::cube_overlap, 1e2, "exponent - 1", {1, 0.5}, {2, 0.7}},
});

}  // namespace

std::span<const FittedParameter> fitted_parameters() { return kParameters; }

}  // namespace keel::calibration
