#include "compiler/kernels/onednn_recurrence.h"

#include <algorithm>

#include "compiler/base/wide.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/onednn_product.h"

namespace keel::kernels {

Recurrence::Recurrence(const Call& call, const RecurrentProblem& problem, std::int64_t direction)
    : call_(call), problem_(problem), direction_(direction) {}

std::int64_t Recurrence::longest() const { return std::ranges::max(problem_.lengths); }

// Weights of this direction, [rows, columns].
onednn::Source Recurrence::weights(std::size_t input, std::int64_t rows,
                                   std::int64_t columns) const {
  return onednn::source(*call_.inputs[input], direction_ * rows * columns);
}

const float* Recurrence::state_bias(std::int64_t gate) const {
  if (!optional_input(call_, kB)) return nullptr;
  const std::int64_t rows = problem_.gates * problem_.hidden;
  return weights(kB, 2 * rows, 1).data + rows + gate * problem_.hidden;
}

Status Recurrence::multiply_inputs(std::int64_t joined) {
  const std::int64_t steps = problem_.steps * problem_.batch;
  const std::int64_t columns = problem_.gates * problem_.hidden;
  std::vector<float> bias(static_cast<std::size_t>(columns), 0.0f);
  if (optional_input(call_, kB)) {
    const float* of_w = weights(kB, 2 * columns, 1).data;
    std::copy_n(of_w, columns, bias.begin());
    for (std::int64_t j = 0; j < joined * problem_.hidden; ++j)
      bias[static_cast<std::size_t>(j)] += of_w[columns + j];
  }
  inputs_.resize(static_cast<std::size_t>(steps * columns));
  return onednn::multiply({1, steps, problem_.inputs, columns, false, true, true},
                          onednn::source(*call_.inputs[kX]), weights(kW, columns, problem_.inputs),
                          bias.data(), inputs_.data());
}

const float* Recurrence::inputs_at(std::size_t row, std::int64_t i) const {
  const std::int64_t at = problem_.step_at(direction_, row, i) * problem_.x_step +
                          static_cast<std::int64_t>(row) * problem_.x_row;
  return &inputs_[static_cast<std::size_t>(at / problem_.inputs * problem_.gates *
                                           problem_.hidden)];
}

Status Recurrence::multiply_state(const std::vector<float>& state, std::int64_t first,
                                  std::int64_t count, std::vector<float>& products) {
  const std::vector<float>* operand = &state;
  if (problem_.cube != problem_.vector) {
    operand_ = state;
    round_in_place(problem_.cube, problem_.overflow, operand_);
    operand = &operand_;
  }
  const std::int64_t hidden = problem_.hidden;
  products.resize(static_cast<std::size_t>(problem_.batch * count * hidden));
  onednn::Source r = weights(kR, problem_.gates * hidden, hidden);
  r.data += first * hidden * hidden;
  return onednn::multiply({1, problem_.batch, hidden, count * hidden, false, true, false},
                          {operand->data()}, r, nullptr, products.data());
}

std::int64_t Recurrence::state_at(std::size_t row) const {
  return direction_ * problem_.state_direction +
         static_cast<std::int64_t>(row) * problem_.state_row;
}

std::vector<float> Recurrence::initial(std::size_t input) const {
  const std::int64_t hidden = problem_.hidden;
  std::vector<float> state(static_cast<std::size_t>(problem_.batch * hidden), 0.0f);
  if (!optional_input(call_, input)) return state;
  const Tensor given = recurrent_vector_input(call_, input);
  for (std::size_t b = 0; b < problem_.lengths.size(); ++b)
    std::copy_n(given.as<float>().data() + state_at(b), hidden,
                &state[b * static_cast<std::size_t>(hidden)]);
  return state;
}

void Recurrence::store_step(std::size_t row, std::int64_t i, const float* h, Tensor& y) const {
  const std::int64_t at = problem_.step_at(direction_, row, i) * problem_.y_step +
                          direction_ * problem_.y_direction +
                          static_cast<std::int64_t>(row) * problem_.y_row;
  std::copy_n(h, problem_.hidden, y.fill<float>().data() + at);
}

void Recurrence::store_state(const std::vector<float>& state, Tensor& output) const {
  const auto hidden = static_cast<std::size_t>(problem_.hidden);
  for (std::size_t b = 0; b < problem_.lengths.size(); ++b)
    std::copy_n(&state[b * hidden], hidden, output.fill<float>().data() + state_at(b));
}

KEEL_WIDE void add_products(std::size_t count, const float* x, float* y) {
  for (std::size_t i = 0; i < count; ++i) y[i] = y[i] + x[i];
}

}  // namespace keel::kernels
