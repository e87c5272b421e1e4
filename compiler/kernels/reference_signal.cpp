#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>

#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/float_type.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"

namespace keel::kernels {
namespace {

using Complex = std::complex<double>;
using Signal = std::vector<Complex>;

constexpr double kTwoPi = 2 * std::numbers::pi;

// Of the constant, of cos(2 pi i / n) and of cos(4 pi i / n), as ONNX defines the windows.
std::array<double, 3> cosine_terms(ir::WindowKind kind) {
  switch (kind) {
    case ir::WindowKind::HannWindow:
      return {0.5, -0.5, 0};
    case ir::WindowKind::HammingWindow:
      return {25.0 / 46, -21.0 / 46, 0};
    case ir::WindowKind::BlackmanWindow:
      return {0.42, -0.5, 0.08};
  }
  KEEL_CHECK(false && "a WindowKind outside its enumeration");
}

bool supports_window(const Call& call) { return std::holds_alternative<ir::SignalWindow>(call.op); }

Result<Tensors> run_window(const Call& call) {
  const auto& op = std::get<ir::SignalWindow>(call.op);
  const auto [constant, first, second] = cosine_terms(op.kind);
  Tensor y(DType::F64, call.outputs[0].shape);
  const auto size = static_cast<double>(y.size());
  const double period = std::max(op.periodic ? size : size - 1, 1.0);
  double i = 0;
  for (double& value : y.fill<double>()) {
    const double angle = kTwoPi * i++ / period;
    value = constant + first * std::cos(angle) + second * std::cos(2 * angle);
  }
  return Tensors{cast(y, op.dtype)};
}

// exp(sign 2 pi i k / n) for each k below n.
Signal roots_of_one(std::size_t n, double sign) {
  Signal roots(n);
  for (std::size_t k = 0; k < n; ++k)
    roots[k] = std::polar(1.0, sign * kTwoPi * static_cast<double>(k) / static_cast<double>(n));
  return roots;
}

// Halves even lengths, sums odd ones as they are defined. `roots` are those of the whole transform,
// every `step`-th of which belongs to this part.
Signal transformed(const Signal& x, const Signal& roots, std::size_t step) {
  const std::size_t n = x.size();
  Signal y(n);
  if (n % 2 != 0) {
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t i = 0; i < n; ++i) y[k] += x[i] * roots[i * k % n * step];
    return y;
  }
  Signal even(n / 2), odd(n / 2);
  for (std::size_t i = 0; i < n / 2; ++i) {
    even[i] = x[2 * i];
    odd[i] = x[2 * i + 1];
  }
  even = transformed(even, roots, 2 * step);
  odd = transformed(odd, roots, 2 * step);
  for (std::size_t k = 0; k < n / 2; ++k) {
    const Complex turned = roots[k * step] * odd[k];
    y[k] = even[k] + turned;
    y[k + n / 2] = even[k] - turned;
  }
  return y;
}

bool supports_dft(const Call& call) {
  const DType dtype = call.inputs[0]->dtype();
  return std::holds_alternative<ir::Dft>(call.op) &&
         (is_tunable_float(dtype) || dtype == DType::F64);
}

// [outer, length, inner, 1 or 2] along the transformed axis.
struct Lines {
  std::size_t outer, length, inner, parts;
};

Lines lines_of(const Shape& shape, std::size_t axis) {
  const auto count = [](auto begin, auto end) {
    return static_cast<std::size_t>(element_count({begin, end}));
  };
  const auto middle = shape.begin() + static_cast<std::ptrdiff_t>(axis);
  return {count(shape.begin(), middle), static_cast<std::size_t>(*middle),
          count(middle + 1, shape.end() - 1), static_cast<std::size_t>(shape.back())};
}

// Element i of a line that starts at `begin`, in complex numbers `step` apart.
template <class T>
Complex number(std::span<const T> x, std::size_t at, std::size_t parts) {
  return {static_cast<double>(x[at * parts]),
          parts == 2 ? static_cast<double>(x[at * parts + 1]) : 0.0};
}

template <class T>
void store(std::span<T> y, std::size_t at, Complex value) {
  y[2 * at] = static_cast<T>(value.real());
  y[2 * at + 1] = static_cast<T>(value.imag());
}

Result<Tensors> run_dft(const Call& call) {
  const auto& op = std::get<ir::Dft>(call.op);
  const Tensor& x = *call.inputs[0];
  const Tensor* given = optional_input(call, 2);
  const ir::InputFact fact{given != nullptr, given ? given->type() : TensorType{}, given};
  KEEL_TRY(const std::size_t axis, ir::dft_axis(op, x.shape().size(), given ? &fact : nullptr));
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  const Lines from = lines_of(x.shape(), axis), to = lines_of(y.shape(), axis);
  std::size_t length = from.length;
  if (const Tensor* wanted = optional_input(call, 1)) {
    KEEL_TRY(const ir::Ints values, ir::ints_of(*wanted));
    length = static_cast<std::size_t>(values.at(0));
  }
  const Signal roots = roots_of_one(length, op.inverse ? 1 : -1);
  const double factor = op.inverse ? 1 / static_cast<double>(length) : 1.0;
  with_float_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    for (std::size_t outer = 0; outer < from.outer; ++outer)
      for (std::size_t inner = 0; inner < from.inner; ++inner) {
        Signal line(length);  // what x is shorter is 0
        for (std::size_t i = 0; i < std::min(length, from.length); ++i)
          line[i] =
              number<T>(x.as<T>(), (outer * from.length + i) * from.inner + inner, from.parts);
        line = transformed(line, roots, 1);
        for (std::size_t i = 0; i < to.length; ++i)
          store<T>(y.fill<T>(), (outer * to.length + i) * to.inner + inner, line[i] * factor);
      }
  });
  return Tensors{std::move(y)};
}

bool supports_stft(const Call& call) {
  const DType dtype = call.inputs[0]->dtype();
  return std::holds_alternative<ir::Stft>(call.op) &&
         (is_tunable_float(dtype) || dtype == DType::F64);
}

Result<Tensors> run_stft(const Call& call) {
  const Tensor& x = *call.inputs[0];
  const Tensor* window = optional_input(call, 2);
  KEEL_TRY(const ir::Ints step, ir::ints_of(*call.inputs[1]));
  auto length = static_cast<std::size_t>(window ? window->size() : 0);
  if (const Tensor* given = optional_input(call, 3)) {
    KEEL_TRY(const ir::Ints values, ir::ints_of(*given));
    length = static_cast<std::size_t>(values.at(0));
  }
  Tensor y(raw_dtype(x.dtype()), call.outputs[0].shape);
  const Signal roots = roots_of_one(length, -1);
  const auto samples = static_cast<std::size_t>(x.shape()[1]);
  const auto parts = static_cast<std::size_t>(x.shape()[2]);
  const auto bins = static_cast<std::size_t>(y.shape()[2]);
  with_float_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    std::size_t frame = 0;
    for_each_index({y.shape()[0], y.shape()[1]}, [&](const Shape& at) {
      const std::size_t begin =
          static_cast<std::size_t>(at[0]) * samples + static_cast<std::size_t>(at[1] * step[0]);
      Signal line(length);
      for (std::size_t i = 0; i < length; ++i)
        line[i] = number<T>(x.as<T>(), begin + i, parts) *
                  (window ? static_cast<double>(window->as<T>()[i]) : 1.0);
      line = transformed(line, roots, 1);
      for (std::size_t i = 0; i < bins; ++i) store<T>(y.fill<T>(), frame * bins + i, line[i]);
      ++frame;
    });
  });
  return Tensors{std::move(y)};
}

bool supports_mel(const Call& call) { return std::holds_alternative<ir::MelWeightMatrix>(call.op); }

// The mel scale of ONNX's definition.
double mel_of(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double hertz_of(double mel) { return 700 * (std::pow(10, mel / 2595) - 1); }

Result<Tensors> run_mel(const Call& call) {
  std::array<std::int64_t, 3> numbers{};  // mel bins, DFT length, sample rate
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    KEEL_TRY(const ir::Ints values, ir::ints_of(*call.inputs[i]));
    numbers[i] = values.at(0);
  }
  const auto [bins, length, rate] = numbers;
  const double lower = number_at(*call.inputs[3], 0), upper = number_at(*call.inputs[4], 0);
  if (!(lower >= 0 && lower < upper && std::isfinite(upper)))
    return Error{ErrorCode::InvalidModel,
                 "the edges of the mel bins are " + std::to_string(lower) + " and " +
                     std::to_string(upper) + " Hz, not 0 or more and rising",
                 "", "give a lower edge below the upper one"};
  // As many steps as edges, though there is one less between them: so ONNX defines it.
  const double mel_step = (mel_of(upper) - mel_of(lower)) / static_cast<double>(bins + 2);
  const auto edge = [&](std::int64_t i) {
    const double hertz = hertz_of(mel_of(lower) + mel_step * static_cast<double>(i));
    return std::floor(static_cast<double>(length + 1) * hertz / static_cast<double>(rate));
  };
  Tensor y(DType::F64, call.outputs[0].shape);
  const auto columns = static_cast<std::size_t>(bins);
  for (std::int64_t bin = 0; bin < bins; ++bin) {
    const double low = edge(bin), centre = edge(bin + 1), high = edge(bin + 2);
    for (std::int64_t row = 0; row < y.shape()[0]; ++row) {
      const auto at = static_cast<double>(row);
      double weight = at == centre ? 1 : 0;  // also of a triangle narrower than a row
      if (at >= low && at < centre) weight = (at - low) / (centre - low);
      if (at > centre && at < high) weight = (high - at) / (high - centre);
      y.fill<double>()[static_cast<std::size_t>(row) * columns + static_cast<std::size_t>(bin)] =
          weight;
    }
  }
  return Tensors{cast(y, call.outputs[0].dtype)};
}

}  // namespace

const Kernel kReferenceWindow{"reference-window", supports_window, run_window};
const Kernel kReferenceDft{"reference-dft", supports_dft, run_dft};
const Kernel kReferenceStft{"reference-stft", supports_stft, run_stft};
const Kernel kReferenceMel{"reference-mel-weights", supports_mel, run_mel};

}  // namespace keel::kernels
