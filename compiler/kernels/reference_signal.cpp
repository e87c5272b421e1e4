#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "compiler/base/host_type.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/cast.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"

namespace keel::kernels {
namespace {

using Complex = std::complex<double>;
constexpr double kTwoPi = 2 * std::numbers::pi;

template <class Family>
bool supports(const Call& call) {
  return std::holds_alternative<Family>(call.op);
}

double number(const Tensor& tensor) { return cast(tensor, DType::F64).as<double>()[0]; }

// `values` in the dtype of the first output.
std::vector<Tensor> result(const Call& call, const std::vector<double>& values) {
  Tensor y(raw_dtype(call.outputs[0].dtype), call.outputs[0].shape);
  KEEL_CHECK(values.size() == static_cast<std::size_t>(y.size()));
  with_host_type(y.dtype(), [&](auto element) {
    using T = decltype(element);
    std::ranges::transform(values, y.fill<T>().begin(),
                           [](double value) { return static_cast<T>(value); });
  });
  return {std::move(y)};
}

double window_value(ir::WindowKind kind, double angle) {
  switch (kind) {
    case ir::WindowKind::HannWindow:
      return 0.5 - 0.5 * std::cos(angle);
    case ir::WindowKind::HammingWindow:
      return 25.0 / 46 - 21.0 / 46 * std::cos(angle);
    case ir::WindowKind::BlackmanWindow:
      return 0.42 - 0.5 * std::cos(angle) + 0.08 * std::cos(2 * angle);
  }
  KEEL_CHECK(false && "a WindowKind outside its enumeration");
}

Result<std::vector<Tensor>> run_window(const Call& call) {
  const auto& op = std::get<ir::SignalWindow>(call.op);
  const std::int64_t size = call.outputs[0].shape[0];
  const auto period = static_cast<double>(op.periodic ? size : size - 1);
  std::vector<double> values;
  for (std::int64_t i = 0; i < size; ++i)
    values.push_back(period == 0 ? 1.0
                                 : window_value(op.kind, kTwoPi * static_cast<double>(i) / period));
  return result(call, values);
}

// The first `bins` values of the transform of `signal`, cut or padded with 0 to `length`.
std::vector<Complex> transform(std::vector<Complex> signal, std::size_t length, std::size_t bins,
                               bool inverse) {
  signal.resize(length);
  std::vector<Complex> spectrum;
  for (std::size_t k = 0; k < bins; ++k) {
    Complex sum = 0;
    for (std::size_t i = 0; i < length; ++i) {
      // The product modulo the length keeps the angle exact.
      const double angle = kTwoPi * static_cast<double>(i * k % length) /
                           static_cast<double>(length) * (inverse ? 1 : -1);
      sum += signal[i] * std::polar(1.0, angle);
    }
    spectrum.push_back(inverse ? sum / static_cast<double>(length) : sum);
  }
  return spectrum;
}

Result<std::vector<Tensor>> run_dft(const Call& call) {
  const auto& op = std::get<ir::Dft>(call.op);
  const Tensor x = cast(*call.inputs[0], DType::F64);
  const Shape& shape = call.outputs[0].shape;
  KEEL_TRY(const std::int64_t resolved,
           ir::dft_axis(op, optional_input(call, 2), x.shape().size()));
  const auto axis = static_cast<std::size_t>(resolved);
  const auto parts = static_cast<std::size_t>(x.shape().back());
  const Tensor* given = optional_input(call, 1);
  const auto length =
      static_cast<std::size_t>(given ? static_cast<std::int64_t>(number(*given)) : x.shape()[axis]);

  const Shape strides = row_major_strides(x.shape());
  const Shape y_strides = row_major_strides(shape);
  Shape lanes = x.shape();
  lanes[axis] = lanes.back() = 1;
  std::vector<double> values(static_cast<std::size_t>(element_count(shape)));
  for_each_index(lanes, [&](const Shape& lane) {
    const std::size_t from = offset_of(lane, strides);
    std::vector<Complex> signal;
    for (std::int64_t i = 0; i < x.shape()[axis]; ++i) {
      const std::size_t at = from + static_cast<std::size_t>(i * strides[axis]);
      signal.emplace_back(x.as<double>()[at], parts == 2 ? x.as<double>()[at + 1] : 0.0);
    }
    const auto bins = static_cast<std::size_t>(shape[axis]);
    const std::vector<Complex> spectrum = transform(std::move(signal), length, bins, op.inverse);
    std::size_t to = offset_of(lane, y_strides);
    for (const Complex& value : spectrum) {
      values[to] = value.real();
      values[to + 1] = value.imag();
      to += static_cast<std::size_t>(y_strides[axis]);
    }
  });
  return result(call, values);
}

Result<std::vector<Tensor>> run_stft(const Call& call) {
  const Tensor x = cast(*call.inputs[0], DType::F64);
  const auto step = static_cast<std::size_t>(number(*call.inputs[1]));
  const Tensor* given_window = optional_input(call, 2);
  const Tensor* given_frame = optional_input(call, 3);
  const auto frame = static_cast<std::size_t>(
      given_frame ? static_cast<std::int64_t>(number(*given_frame)) : given_window->size());
  std::vector<double> window(frame, 1.0);
  if (given_window) std::ranges::copy(cast(*given_window, DType::F64).as<double>(), window.begin());
  const Shape& shape = call.outputs[0].shape;
  const auto length = static_cast<std::size_t>(x.shape()[1]);
  const auto parts = static_cast<std::size_t>(x.shape()[2]);
  std::vector<double> values;
  for (std::size_t batch = 0; batch < static_cast<std::size_t>(shape[0]); ++batch)
    for (std::size_t f = 0; f < static_cast<std::size_t>(shape[1]); ++f) {
      std::vector<Complex> signal;
      for (std::size_t i = 0; i < frame; ++i) {
        const std::size_t at = (batch * length + f * step + i) * parts;
        const Complex value(x.as<double>()[at], parts == 2 ? x.as<double>()[at + 1] : 0.0);
        signal.push_back(value * window[i]);
      }
      const auto bins = static_cast<std::size_t>(shape[2]);
      for (const Complex& value : transform(std::move(signal), frame, bins, false))
        values.insert(values.end(), {value.real(), value.imag()});
    }
  return result(call, values);
}

// Triangles on the mel scale, as ONNX defines them.
Result<std::vector<Tensor>> run_mel(const Call& call) {
  const Shape& shape = call.outputs[0].shape;
  const auto bins = static_cast<std::size_t>(shape[0]);
  const auto mel_bins = static_cast<std::size_t>(shape[1]);
  const double length = number(*call.inputs[1]);
  const double rate = number(*call.inputs[2]);
  const auto to_mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  const double low = to_mel(number(*call.inputs[3]));
  const double step = (to_mel(number(*call.inputs[4])) - low) / static_cast<double>(mel_bins + 2);
  std::vector<std::int64_t> edges;
  for (std::size_t i = 0; i < mel_bins + 2; ++i) {
    const double hertz = 700 * (std::pow(10, (low + step * static_cast<double>(i)) / 2595) - 1);
    edges.push_back(static_cast<std::int64_t>((length + 1) * hertz / rate));
  }
  std::vector<double> values(bins * mel_bins, 0.0);
  const auto set = [&](std::int64_t bin, std::size_t mel, double weight) {
    if (bin >= 0 && bin < static_cast<std::int64_t>(bins))
      values[static_cast<std::size_t>(bin) * mel_bins + mel] = weight;
  };
  for (std::size_t mel = 0; mel < mel_bins; ++mel) {
    const std::int64_t left = edges[mel], centre = edges[mel + 1], right = edges[mel + 2];
    if (left == centre) {
      set(centre, mel, 1);
    } else {
      for (std::int64_t bin = left; bin <= centre; ++bin)
        set(bin, mel, static_cast<double>(bin - left) / static_cast<double>(centre - left));
    }
    for (std::int64_t bin = centre; right > centre && bin < right; ++bin)
      set(bin, mel, static_cast<double>(right - bin) / static_cast<double>(right - centre));
  }
  return result(call, values);
}

}  // namespace

const Kernel kReferenceWindow{"reference-window", supports<ir::SignalWindow>, run_window};
const Kernel kReferenceDft{"reference-dft", supports<ir::Dft>, run_dft};
const Kernel kReferenceStft{"reference-stft", supports<ir::Stft>, run_stft};
const Kernel kReferenceMelWeightMatrix{"reference-mel-weight-matrix", supports<ir::MelWeightMatrix>,
                                       run_mel};

}  // namespace keel::kernels
