#include <algorithm>
#include <string>

#include "profiler/calibration/kernel_text.h"
#include "profiler/calibration/vendor_kernels.h"

namespace keel::calibration {

Kernels transpose_kernels(const OperatorRow& row) {
  std::string perm;
  for (std::size_t i = 0; i < row.shape(0).size(); ++i)
    perm += (i == 0 ? "" : ",") + std::to_string(static_cast<int>(row.number("perm", 0, i)));
  return {transpose_kernel(row.dtypes[0], row.shape(0), perm)};
}

// Elements along an axis: it is made the last one, and the result is turned back.
Kernels gather_kernels(const OperatorRow& row) {
  const Shape& x = row.shape(0);
  const Shape& picked = row.shape(1);
  KernelText kernel;
  const std::string in = kernel.input(row.dtypes[0], {x[1], x[0]});
  const std::string places = kernel.input(row.dtypes[1], {picked[1], picked[0]});
  kernel.output(kernel.node("GatherElements", {in, places}, "axis=1"));
  return {transpose_kernel(row.dtypes[0], x, "1,0"), transpose_kernel(row.dtypes[1], picked, "1,0"),
          transpose_kernel(row.dtypes[0], picked, "1,0"), kernel.text()};
}

Kernels scatter_kernels(const OperatorRow& row) {
  KernelText kernel;
  const std::string x = kernel.input(row.dtypes[0], row.shape(0));
  const std::string places = kernel.input(row.dtypes[1], row.shape(1));
  const std::string updates = kernel.input(row.dtypes[2], row.shape(2));
  kernel.output(kernel.node("ScatterElements", {x, places, updates}, "axis=0"));
  return {kernel.text()};
}

// Rows are added to the segment their id names, after the segments were filled with zeros.
Kernels segment_sum_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const std::int64_t rows = row.shape(1)[0];
  const std::int64_t length = element_count(row.shape(0)) / rows;
  const Shape segments = {static_cast<std::int64_t>(row.number("num_segments", 1)), length};
  Kernels kernels = {fill_kernel(segments, dtype)};
  if (row.launches("Cast") > 0) kernels.push_back(cast_kernel({rows}, row.dtypes[1], "i32"));
  if (row.launches("Sort") > 0) {
    KernelText sort;
    const std::string ids = sort.cast(sort.input("i32", {rows}), "i32", "f32");
    sort.output(sort.node("TopK", {ids, sort.ints({rows})}));
    kernels.push_back(sort.text());
  }
  KernelText kernel;
  const std::string sums = kernel.input(dtype, segments);
  const std::string ids = kernel.input("i64", {rows, 1});
  const std::string values = kernel.input(dtype, {rows, length});
  kernel.output(kernel.node("ScatterND", {sums, ids, values}, "reduction=add"));
  kernels.push_back(kernel.text());
  return kernels;
}

// Tokens of each rank go to their expert: runs of them are moved, [ranks, experts] to the reverse.
Kernels re_routing_kernels(const OperatorRow& row) {
  const std::int64_t ranks = row.shape(1)[0];
  const std::int64_t experts = row.shape(1)[1];
  const std::int64_t tokens = std::max<std::int64_t>(1, row.shape(0)[0] / (ranks * experts));
  KernelText kernel;
  const auto moved = [&](const std::string& dtype, std::int64_t length) {
    const std::string x = kernel.input(dtype, {ranks, experts, tokens * length});
    kernel.output(kernel.node("Transpose", {x}, "perm=[1,0,2]"));
  };
  moved(row.dtypes[0], row.shape(0)[1]);
  if (row.has(2)) moved(row.dtypes[2], 1);
  return {kernel.text()};
}

// Sums the rows of each token's experts, times their scales, and what is added to all.
Kernels finalize_routing_kernels(const OperatorRow& row) {
  const std::string& dtype = row.dtypes[0];
  const std::int64_t length = row.shape(0).back();
  const std::int64_t picked = row.shape(1)[0];
  const std::size_t of_tokens = row.has(5) ? 5 : row.has(6) ? 6 : 2;
  const std::int64_t tokens = row.shape(of_tokens)[0];
  const std::int64_t each = std::max<std::int64_t>(1, picked / tokens);
  KernelText kernel;
  const std::string x = kernel.input(dtype, {element_count(row.shape(0)) / length, length});
  std::string rows = kernel.node("Gather", {x, kernel.input("i32", {tokens, each})}, "axis=0");
  rows = kernel.cast(rows, dtype, "f32");
  if (row.has(4))
    rows = kernel.node("Add", {rows, kernel.cast(kernel.input(dtype, {length}), dtype, "f32")});
  rows = kernel.node("Mul", {rows, kernel.input("f32", {tokens, each, 1})});
  std::string y = kernel.node("ReduceSum", {rows, kernel.ints({1})}, "keepdims=false");
  for (const std::size_t added : {2, 3})
    if (row.has(added))
      y = kernel.node("Add", {y, kernel.cast(kernel.input(dtype, {tokens, length}), dtype, "f32")});
  kernel.output(kernel.cast(y, "f32", dtype));
  return {kernel.text()};
}

Kernels roi_align_kernels(const OperatorRow& row) {
  const Shape& x = row.shape(0);
  const std::int64_t boxes = row.shape(1)[0];
  Kernels kernels;
  if (row.launches("Cast") > 0) {
    kernels.push_back(cast_kernel(x, row.dtypes[0], "f32"));
    kernels.push_back(cast_kernel(row.shape(1), row.dtypes[1], "f32"));
  }
  if (row.launches("TransData") > 0) kernels.push_back(trans_data_kernel("f32", x));
  KernelText kernel;
  const std::string in = kernel.input("f32", x);
  const std::string rois = kernel.input("f32", {boxes, 4});
  const std::string of_batch = kernel.input("i64", {boxes});
  const auto extent = [&](const char* name) {
    return std::to_string(static_cast<int>(row.number(name, 1)));
  };
  kernel.output(
      kernel.node("RoiAlign", {in, rois, of_batch},
                  "height=" + extent("outputHeight") + " width=" + extent("outputWidth")));
  kernels.push_back(kernel.text());
  return kernels;
}

Kernels grid_sampler_kernels(const OperatorRow& row) {
  Kernels kernels;
  const Shape& x = row.shape(0);
  if (row.launches("Transpose") > 0)
    kernels.push_back(
        trans_data_kernel(row.dtypes[0], {x[0], x[1], element_count(x) / x[0] / x[1]}));
  KernelText kernel;
  const std::string in = kernel.input(row.dtypes[0], x);
  kernel.output(kernel.node("GridSample", {in, kernel.input(row.dtypes[1], row.shape(1))}));
  kernels.push_back(kernel.text());
  return kernels;
}

}  // namespace keel::calibration
