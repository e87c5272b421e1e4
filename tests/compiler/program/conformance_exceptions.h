#pragma once

#include <array>
#include <string_view>

namespace keel::program {

struct ConformanceException {
  std::string_view test;  ///< folder/name; the name may end in '*'
  std::string_view reason;
};

/// The models of the ONNX project that keel does not run, and why.
constexpr auto kConformanceExceptions = std::to_array<ConformanceException>({
    {"node/test_adagrad*", "trains; keel reads models that are used"},
    {"node/test_adam*", "trains; keel reads models that are used"},
    {"node/test_momentum*", "trains; keel reads models that are used"},
    {"node/test_nesterov_momentum", "trains; keel reads models that are used"},
    {"simple/test_gradient_of_*", "trains; keel reads models that are used"},
    {"node/test_bernoulli*", "random results"},
    {"node/test_strnormalizer*", "strings"},
    {"simple/test_strnorm_*", "strings"},
    {"node/test_tfidfvectorizer*", "counts words; no NPU has it"},
    {"node/test_optional_*", "an optional or a sequence as input of the model"},
    {"node/test_identity_opt", "an optional or a sequence as input of the model"},
    {"node/test_identity_sequence", "an optional or a sequence as input of the model"},
});

struct ConformanceTolerance {
  std::string_view test;  ///< as of ConformanceException
  double absolute;        ///< how far an element may be off
};

/// Models whose results were recorded with few decimals.
constexpr auto kConformanceTolerances = std::to_array<ConformanceTolerance>({
    {"node/test_gridsample_bicubic", 5.1e-5},
    {"node/test_roialign_aligned_*", 1e-4},  // and computed before the inputs were cut
});

}  // namespace keel::program
