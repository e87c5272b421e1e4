#include <algorithm>
#include <array>
#include <limits>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

struct Box {
  float y1, x1, y2, x2;
  float area() const { return (y2 - y1) * (x2 - x1); }
};

// Corners in either order; or centre and size.
Box box_of(std::span<const float> b, bool center_point) {
  if (center_point) return {b[1] - b[3] / 2, b[0] - b[2] / 2, b[1] + b[3] / 2, b[0] + b[2] / 2};
  return {std::min(b[0], b[2]), std::min(b[1], b[3]), std::max(b[0], b[2]), std::max(b[1], b[3])};
}

float overlap(const Box& a, const Box& b) {
  const float height = std::min(a.y2, b.y2) - std::max(a.y1, b.y1);
  const float width = std::min(a.x2, b.x2) - std::max(a.x1, b.x1);
  const float common = std::max(height, 0.0f) * std::max(width, 0.0f);
  const float together = a.area() + b.area() - common;
  return together > 0 ? common / together : 0;
}

struct Limits {
  std::int64_t boxes_a_class = 0;
  float overlap = 0;
  float score = -std::numeric_limits<float>::infinity();
};

// The boxes of one class that stay, best first.
std::vector<std::int64_t> selected(const std::vector<Box>& boxes, std::span<const float> scores,
                                   const Limits& limits) {
  std::vector<std::int64_t> order;
  for (std::size_t i = 0; i < boxes.size(); ++i)
    if (scores[i] > limits.score) order.push_back(static_cast<std::int64_t>(i));
  std::ranges::stable_sort(order, [&](std::int64_t a, std::int64_t b) {
    return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
  });
  std::vector<std::int64_t> kept;
  for (const std::int64_t candidate : order) {
    if (static_cast<std::int64_t>(kept.size()) >= limits.boxes_a_class) break;
    const Box& box = boxes[static_cast<std::size_t>(candidate)];
    const bool covered = std::ranges::any_of(kept, [&](std::int64_t other) {
      return overlap(box, boxes[static_cast<std::size_t>(other)]) > limits.overlap;
    });
    if (!covered) kept.push_back(candidate);
  }
  return kept;
}

bool supports(const Call& call) { return std::holds_alternative<ir::NonMaxSuppression>(call.op); }

Error wrong_input(const std::string& what) { return {ErrorCode::InvalidModel, what, "", ""}; }

Result<Limits> limits_of(const Call& call) {
  Limits limits;
  for (std::size_t i = 2; i < 5; ++i) {
    const Tensor* given = optional_input(call, i);
    if (!given) continue;
    if (given->size() != 1)
      return wrong_input("input " + std::to_string(i) + " of NonMaxSuppression is not one element");
    if (i == 2) limits.boxes_a_class = cast(*given, DType::I64).as<std::int64_t>()[0];
    if (i == 3) limits.overlap = cast(*given, DType::F32).as<float>()[0];
    if (i == 4) limits.score = cast(*given, DType::F32).as<float>()[0];
  }
  return limits;
}

Result<std::vector<Tensor>> run(const Call& call) {
  const bool center_point = std::get<ir::NonMaxSuppression>(call.op).center_point_box;
  const Tensor& boxes = *call.inputs[0];
  const Tensor& scores = *call.inputs[1];
  const Shape& s = scores.shape();
  const Shape expected = s.size() == 3 ? Shape{s[0], s[2], 4} : Shape{};
  if (!is_tunable_float(boxes.dtype()) || !is_tunable_float(scores.dtype()) || s.size() != 3 ||
      boxes.shape() != expected)
    return wrong_input("NonMaxSuppression of boxes " + to_text(boxes.type()) + " and scores " +
                       to_text(scores.type()));
  KEEL_TRY(const Limits limits, limits_of(call));
  std::vector<std::int64_t> rows;
  const auto count = static_cast<std::size_t>(s[2]);
  for (std::int64_t batch = 0; batch < s[0]; ++batch) {
    std::vector<Box> of_batch;
    for (std::size_t i = 0; i < count; ++i)
      of_batch.push_back(
          box_of(boxes.as<float>().subspan((static_cast<std::size_t>(batch) * count + i) * 4, 4),
                 center_point));
    for (std::int64_t c = 0; c < s[1]; ++c) {
      const auto of_class =
          scores.as<float>().subspan(static_cast<std::size_t>(batch * s[1] + c) * count, count);
      for (const std::int64_t box : selected(of_batch, of_class, limits))
        rows.insert(rows.end(), {batch, c, box});
    }
  }
  return std::vector<Tensor>{make_i64({static_cast<std::int64_t>(rows.size() / 3), 3}, rows)};
}

}  // namespace

const Kernel kReferenceNonMaxSuppression{"reference-non-max-suppression", supports, run};

}  // namespace keel::kernels
