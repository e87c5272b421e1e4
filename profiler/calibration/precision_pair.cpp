#include "profiler/calibration/precision_pair.h"

#include <nlohmann/json.hpp>
#include <sstream>

namespace keel::calibration {
namespace {

using Json = nlohmann::json;

// The fields a row of op_latency_*.json has.
Json operator_entry(const Json& pair, const std::string& side) {
  return {{"op", pair.at("op")},
          {"case", side},
          {"input_shape", pair.at("shape")},
          {"dtype", pair.at("dtype_" + side)},
          {"attrs", pair.at("attrs")},
          {"kernels", pair.value("kernels_" + side, Json())},
          {"measured_us", pair.at("us_" + side)}};
}

// "2048x1024x512" is m x k x n.
Json product_entry(const std::string& extents, const char* dtype) {
  std::istringstream stream(extents);
  std::int64_t m = 0, k = 0, n = 0;
  char by = 0;
  stream >> m >> by >> k >> by >> n;
  return {{"op", "gemm"},
          {"case", dtype},
          {"input_shape", Json::array({Json::array({m, k}), Json::array({k, n})}).dump()},
          {"dtype", Json::array({dtype, dtype}).dump()},
          {"attrs", "{}"},
          {"measured_us", 1}};
}

}  // namespace

Result<std::vector<PrecisionPair>> read_precision_pairs(std::string_view text,
                                                        const std::string& file,
                                                        std::string_view chip) {
  std::vector<PrecisionPair> pairs;
  try {
    const Json content = Json::parse(text);
    for (const Json& pair : content.at("pairs")) {
      if (pair.at("kind") != "op" || pair.at("chip") != chip || pair.at("shape").is_null())
        continue;
      Json rows;
      double ratio = 0;
      if (pair.contains("dtype_a")) {
        rows["rows"] = Json::array({operator_entry(pair, "a"), operator_entry(pair, "b")});
        ratio = pair.at("ratio_b_over_a").get<double>();
      } else if (pair.contains("ratio_fp32_over_fp16")) {
        const std::string extents = pair.at("shape").get<std::string>();
        rows["rows"] =
            Json::array({product_entry(extents, "float16"), product_entry(extents, "float32")});
        ratio = pair.at("ratio_fp32_over_fp16").get<double>();
      } else {
        continue;
      }
      KEEL_TRY(std::vector<OperatorRow> both, read_operator_rows(rows.dump(), file));
      pairs.push_back({std::move(both[0]), std::move(both[1]), ratio});
    }
  } catch (const Json::exception& problem) {
    return Error{ErrorCode::InvalidConfig,
                 std::string("the precision pairs cannot be read: ") + problem.what(), file,
                 "give each pair kind, op, shape, chip and its ratio"};
  }
  return pairs;
}

}  // namespace keel::calibration
