#include <algorithm>
#include <string>

#include "profiler/calibration/kernel_text.h"
#include "profiler/calibration/vendor_kernels.h"

namespace keel::calibration {
namespace {

std::string format_of(const std::string& dtype) {
  return dtype == "bf16" ? "compute=bf16" : "compute=f16";
}

// softmax(q k^T) v.
std::string attended(KernelText& kernel, const std::string& q, const std::string& keys,
                     const std::string& values, const std::string& dtype) {
  const std::string turned = kernel.node("Transpose", {keys}, "perm=[0,2,1]");
  const std::string scores = kernel.node("MatMul", {q, turned}, format_of(dtype));
  return kernel.node("MatMul", {kernel.node("Softmax", {scores}), values}, format_of(dtype));
}

// The first `extent` of the last of three axes.
std::string leading(KernelText& kernel, const std::string& value, std::int64_t extent) {
  return kernel.node("Slice", {value, kernel.ints({0}), kernel.ints({extent}), kernel.ints({2})});
}

struct Heads {
  std::int64_t batch, queries, heads, extent;
};

// [batch, queries, heads, extent], or with heads before queries.
Heads heads_of(const Shape& shape, bool heads_first) {
  return {shape[0], shape[heads_first ? 2 : 1], shape[heads_first ? 1 : 2], shape[3]};
}

bool heads_first(const OperatorRow& row) { return row.text("inputLayout") == "BNSD"; }

}  // namespace

// Heads that share keys are rows of one product. A causal mask saves nothing: blocks beyond it are
// computed too, as the measured times show.
Kernels attention_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Heads q = heads_of(row.shape(0), heads_first(row));
  const Heads k = heads_of(row.shape(1), heads_first(row));
  const std::int64_t count = q.batch * k.heads;
  KernelText kernel;
  const std::string query = kernel.input(dtype, {count, q.queries * q.heads / k.heads, q.extent});
  const std::string keys = kernel.input(dtype, {count, k.queries, k.extent});
  const std::string values = kernel.input(dtype, {count, k.queries, row.shape(2)[3]});
  kernel.output(attended(kernel, query, keys, values, dtype));
  return {kernel.text()};
}

// All heads share one latent key, whose leading part is the value; a second part carries places.
Kernels latent_attention_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Heads q = heads_of(row.shape(0), heads_first(row));
  const Heads k = heads_of(row.shape(2), heads_first(row));
  const std::int64_t extent = q.extent + row.shape(1)[3];
  KernelText kernel;
  const std::string query = kernel.input(dtype, {q.batch, q.queries * q.heads, extent});
  const std::string keys = kernel.input(dtype, {q.batch, k.queries, extent});
  kernel.output(attended(kernel, query, keys, leading(kernel, keys, q.extent), dtype));
  return {kernel.text()};
}

// Each query gathers the keys it attends to.
Kernels sparse_attention_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const bool first = heads_first(row);
  const Heads q = heads_of(row.shape(0), first);
  const Heads k = heads_of(row.shape(1), first);
  const std::int64_t chosen = std::min(k.queries, row.shape(3)[3]);
  const std::int64_t values = row.shape(2)[3];
  const std::int64_t tokens = q.batch * q.queries;
  Kernels kernels;
  for (const Heads& sliced : {q, k}) {
    if (row.launches("Slice") == 0) break;
    for (const std::int64_t part : {values, sliced.extent - values}) {
      KernelText slice;
      const std::string x =
          slice.input(dtype, {1, sliced.batch * sliced.queries * sliced.heads, sliced.extent});
      slice.output(leading(slice, x, part));
      kernels.push_back(slice.text());
    }
  }
  if (row.launches("Transpose") > 0)
    for (const std::int64_t extent : {q.extent, values})
      kernels.push_back(transpose_kernel(dtype, {q.batch, q.queries, q.heads, extent}, "0,2,1,3"));
  KernelText kernel;
  const std::string query = kernel.input(dtype, {tokens, q.heads, q.extent});
  const std::string cache = kernel.input(dtype, {k.batch * k.queries, k.extent});
  const std::string keys =
      kernel.node("Gather", {cache, kernel.input("i32", {tokens, chosen})}, "axis=0");
  const std::string of_values = values == k.extent ? keys : leading(kernel, keys, values);
  kernel.output(attended(kernel, query, keys, of_values, dtype));
  kernels.push_back(kernel.text());
  return kernels;
}

// x cos + turned(x) sin of queries and keys, after sine and cosine have been brought to full
// extent.
Kernels rotary_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const Shape& x = row.shape(0);
  const Shape& half = row.shape(2);
  const Shape full = {half[0], half[1] * 2};
  const Shape wide = {x[0], half[0], 1, full[1]};
  Kernels kernels;
  const auto add = [&](const char* launch, const std::string& kernel) {
    for (int i = 0; i < row.launches(launch); ++i) kernels.push_back(kernel);
  };
  KernelText concat;
  const std::string part = concat.input(dtype, half);
  concat.output(concat.node("Concat", {part, concat.input(dtype, half)}, "axis=1"));
  add("ConcatD", concat.text());
  KernelText broadcast;
  const std::string narrow = broadcast.input(dtype, {1, half[0], 1, full[1]});
  broadcast.output(broadcast.node("Expand", {narrow, broadcast.ints(wide)}));
  add("BroadcastTo", broadcast.text());
  KernelText interleave;
  const std::string once = interleave.input(dtype, {half[0], half[1], 1});
  interleave.output(interleave.node("Tile", {once, interleave.ints({1, 1, 2})}));
  add("RepeatInterleaveV2", interleave.text());
  add("Transpose", transpose_kernel(dtype, {x[0], x[1], x[2], x[3]}, "0,2,1,3"));
  KernelText kernel;
  const std::string cosine = kernel.input(dtype, wide);
  const std::string sine = kernel.input(dtype, wide);
  const bool by_heads = row.number("layout", 0) != 0;
  const Shape rows = by_heads ? Shape{x[0], x[2], x[1], x[3]} : x;
  for (int operand = 0; operand < 2; ++operand) {
    const std::string in = kernel.input(dtype, rows);
    const std::string turned = kernel.node("Mul", {kernel.node("Neg", {in}), sine});
    kernel.output(kernel.node("Add", {kernel.node("Mul", {in, cosine}), turned}));
  }
  kernels.push_back(kernel.text());
  return kernels;
}

}  // namespace keel::calibration
