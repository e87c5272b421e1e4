#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "compiler/base/rounding.h"
#include "compiler/lint/families.h"

namespace keel::lint {
namespace {

constexpr float kLargestHalf = 65504.0f;

/// What fp16 cannot hold of a constant.
struct Loss {
  std::int64_t beyond = 0;  ///< finite elements beyond kLargestHalf
  float largest = 0;        ///< the largest of them, with its sign
  bool vanishes = false;    ///< every element that is not 0 becomes 0, and there is one
  float tallest = 0;        ///< of what vanishes, with its sign
};

Loss loss_of(const Tensor& tensor) {
  Loss loss;
  bool survives = false;
  for (const float x : tensor.as<float>()) {
    const float size = std::abs(x);
    if (std::isfinite(x) && size > kLargestHalf) {
      ++loss.beyond;
      if (size > std::abs(loss.largest)) loss.largest = x;
    }
    if (x == 0) continue;
    if (round_to(FloatFormat::F16, Overflow::InfNan, x) != 0) {
      survives = true;
    } else if (size > std::abs(loss.tallest)) {
      loss.tallest = x;
    }
  }
  loss.vanishes = !survives && loss.tallest != 0;
  return loss;
}

// Of a few digits: "-1e+09".
std::string shown(float x) {
  char buffer[32];
  const auto end =
      std::to_chars(std::begin(buffer), std::end(buffer), x, std::chars_format::general, 4);
  return {buffer, end.ptr};
}

}  // namespace

std::vector<Finding> check_constants(const Subject& subject) {
  const ir::Graph& graph = subject.prepared;
  std::vector<Finding> findings;
  std::set<std::pair<ir::NodeId, ir::ValueId>> seen;
  for (const ir::NodeId id : graph.nodes()) {
    const std::vector<ir::ValueId>& inputs = graph[id].inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i] == ir::kNoValue || !graph[inputs[i]].constant) continue;
      const ir::Value& value = graph[inputs[i]];
      const DType taken = subject.cast[subject.cast[id].inputs[i]].type.dtype;
      if (value.type.dtype != DType::F32 || taken != DType::F16) continue;
      if (!seen.emplace(id, inputs[i]).second) continue;
      const Loss loss = loss_of(*value.constant);
      const std::string fix =
          graph[id].origins.empty()
              ? "keep the operator that reads it"
              : "keep '" + graph[graph[id].origins.front()].name + "' if the constant matters";
      if (loss.beyond > 0)
        findings.push_back({FindingKind::ConstantOverflows, subject.model_file, 0,
                            "constant '" + value.name + "' of " + graph.describe(id) +
                                ", which is lowered, has " + std::to_string(loss.beyond) +
                                (loss.beyond == 1 ? " element" : " elements") +
                                " beyond 65504, up to " + shown(loss.largest),
                            fix});
      if (loss.vanishes)
        findings.push_back({FindingKind::ConstantVanishes, subject.model_file, 0,
                            "constant '" + value.name + "' of " + graph.describe(id) +
                                ", which is lowered, becomes 0 in fp16: its largest element is " +
                                shown(loss.tallest),
                            fix});
    }
  }
  return findings;
}

}  // namespace keel::lint
