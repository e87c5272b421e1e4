#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

struct Box {
  float low_x, low_y, high_x, high_y;

  float area() const { return (high_x - low_x) * (high_y - low_y); }
};

// Corners come in any order: (y, x, y, x), or centre and size as (x, y, width, height).
Box box_of(const float* values, bool center_point) {
  if (center_point) {
    const float half_width = values[2] / 2;
    const float half_height = values[3] / 2;
    return {values[0] - half_width, values[1] - half_height, values[0] + half_width,
            values[1] + half_height};
  }
  return {std::min(values[1], values[3]), std::min(values[0], values[2]),
          std::max(values[1], values[3]), std::max(values[0], values[2])};
}

bool overlaps(const Box& a, const Box& b, float threshold) {
  const float width = std::min(a.high_x, b.high_x) - std::max(a.low_x, b.low_x);
  const float height = std::min(a.high_y, b.high_y) - std::max(a.low_y, b.low_y);
  if (!(width > 0 && height > 0) || !(a.area() > 0 && b.area() > 0)) return false;
  const float shared = width * height;
  return shared / (a.area() + b.area() - shared) > threshold;
}

struct Limits {
  std::int64_t most = 0;
  float overlap = 0;
  std::optional<float> score;
};

Error invalid(std::string what) { return {ErrorCode::InvalidModel, std::move(what), "", ""}; }

Result<float> number(const Tensor& tensor, const std::string& role) {
  if (!is_tunable_float(tensor.dtype()) || tensor.size() != 1)
    return invalid("the " + role + " of NonMaxSuppression is " + to_text(tensor.type()) +
                   ", not one float");
  return tensor.as<float>()[0];
}

Result<Limits> limits_of(const Call& call) {
  Limits limits;
  if (const Tensor* most = optional_input(call, 2)) {
    KEEL_TRY(const ir::Ints values, ir::ints_of(*most));
    if (values.size() != 1)
      return invalid("NonMaxSuppression has " + std::to_string(values.size()) +
                     " limits of boxes, not one");
    limits.most = values[0];
  }
  if (const Tensor* overlap = optional_input(call, 3)) {
    KEEL_TRY(limits.overlap, number(*overlap, "overlap threshold"));
    if (!(limits.overlap >= 0 && limits.overlap <= 1))
      return invalid("the overlap threshold of NonMaxSuppression is " +
                     std::to_string(limits.overlap) + ", not from 0 to 1");
  }
  if (const Tensor* score = optional_input(call, 4)) {
    KEEL_TRY(limits.score, number(*score, "score threshold"));
  }
  return limits;
}

// The boxes of one class, best first; of equally good ones the first. A score that is not a number
// is above no threshold.
std::vector<std::int64_t> selected(std::span<const Box> boxes, std::span<const float> scores,
                                   const Limits& limits) {
  std::vector<std::int64_t> candidates;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (limits.score ? scores[i] > *limits.score : scores[i] == scores[i])
      candidates.push_back(static_cast<std::int64_t>(i));
  const auto score_of = [&](std::int64_t i) { return scores[static_cast<std::size_t>(i)]; };
  std::ranges::stable_sort(candidates, std::greater<>{}, score_of);
  std::vector<std::int64_t> kept;
  for (const std::int64_t candidate : candidates) {
    if (static_cast<std::int64_t>(kept.size()) >= limits.most) break;
    const bool is_new = std::ranges::none_of(kept, [&](std::int64_t other) {
      return overlaps(boxes[static_cast<std::size_t>(candidate)],
                      boxes[static_cast<std::size_t>(other)], limits.overlap);
    });
    if (is_new) kept.push_back(candidate);
  }
  return kept;
}

bool supports(const Call& call) {
  return std::holds_alternative<ir::NonMaxSuppression>(call.op) &&
         is_tunable_float(call.inputs[0]->dtype()) && is_tunable_float(call.inputs[1]->dtype());
}

Result<Tensors> run(const Call& call) {
  const bool center_point = std::get<ir::NonMaxSuppression>(call.op).center_point_box;
  const Shape& boxes = call.inputs[0]->shape();
  const Shape& scores = call.inputs[1]->shape();
  if (boxes.size() != 3 || scores.size() != 3 || boxes[2] != 4 || boxes[0] != scores[0] ||
      boxes[1] != scores[2])
    return invalid("NonMaxSuppression of boxes of shape " + to_text(boxes) +
                   " and scores of shape " + to_text(scores));
  KEEL_TRY(const Limits limits, limits_of(call));
  const auto count = static_cast<std::size_t>(boxes[1]);
  std::vector<std::int64_t> rows;
  for (std::int64_t batch = 0; count > 0 && batch < scores[0]; ++batch) {
    const float* of_batch = call.inputs[0]->as<float>().data() + batch * boxes[1] * 4;
    std::vector<Box> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(box_of(of_batch + 4 * i, center_point));
    for (std::int64_t label = 0; label < scores[1]; ++label) {
      const auto first = static_cast<std::size_t>(batch * scores[1] + label) * count;
      for (const std::int64_t box :
           selected(all, call.inputs[1]->as<float>().subspan(first, count), limits))
        rows.insert(rows.end(), {batch, label, box});
    }
  }
  return Tensors{make_i64({static_cast<std::int64_t>(rows.size()) / 3, 3}, rows)};
}

}  // namespace

const Kernel kReferenceNonMaxSuppression{"reference-non-max-suppression", supports, run};

}  // namespace keel::kernels
