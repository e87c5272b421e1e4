#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/tuner/report/example_profile.h"
#include "tuner/report/profile_files.h"

namespace keel::report {
namespace {

using Json = nlohmann::json;

TEST(TraceJson, HasARowAUnitAndStartsThemAfterTheLaunch) {
  Profile profile = example_profile();
  profile.kernels.erase(profile.kernels.begin() + 1);
  profile.kernels.erase(profile.kernels.begin());
  EXPECT_EQ(trace_json(profile), R"({"displayTimeUnit":"ns","traceEvents":[
{"ph":"M","pid":0,"tid":0,"name":"process_name","args":{"name":"force_fp16 on Ascend910B3, 1 of 7 nodes kept"}},
{"ph":"M","pid":0,"tid":0,"name":"thread_name","args":{"name":"launch"}},
{"ph":"M","pid":0,"tid":0,"name":"thread_sort_index","args":{"sort_index":0}},
{"ph":"M","pid":0,"tid":1,"name":"thread_name","args":{"name":"cube"}},
{"ph":"M","pid":0,"tid":1,"name":"thread_sort_index","args":{"sort_index":1}},
{"ph":"M","pid":0,"tid":2,"name":"thread_name","args":{"name":"vector"}},
{"ph":"M","pid":0,"tid":2,"name":"thread_sort_index","args":{"sort_index":2}},
{"ph":"M","pid":0,"tid":3,"name":"thread_name","args":{"name":"memory"}},
{"ph":"M","pid":0,"tid":3,"name":"thread_sort_index","args":{"sort_index":3}},
{"ph":"M","pid":0,"tid":4,"name":"thread_name","args":{"name":"relayout"}},
{"ph":"M","pid":0,"tid":4,"name":"thread_sort_index","args":{"sort_index":4}},
{"ph":"X","pid":0,"tid":0,"ts":0.0,"dur":1.0,"name":"log_1","cat":"vector","args":{"class":"vector","bound":"vector","kernel_us":4.0,"interval_us":[3.0,5.0],"bytes_read":576,"bytes_written":576,"operations":144.0,"nodes":["log_1"],"dtypes_in":["f32"],"dtypes_out":["f32"]}},
{"ph":"X","pid":0,"tid":2,"ts":1.0,"dur":3.0,"name":"log_1","cat":"vector","args":{"class":"vector","bound":"vector","kernel_us":4.0,"interval_us":[3.0,5.0],"bytes_read":576,"bytes_written":576,"operations":144.0,"nodes":["log_1"],"dtypes_in":["f32"],"dtypes_out":["f32"]}},
{"ph":"X","pid":0,"tid":3,"ts":1.0,"dur":1.0,"name":"log_1","cat":"vector","args":{"class":"vector","bound":"vector","kernel_us":4.0,"interval_us":[3.0,5.0],"bytes_read":576,"bytes_written":576,"operations":144.0,"nodes":["log_1"],"dtypes_in":["f32"],"dtypes_out":["f32"]}}
]}
)");
}

TEST(TraceJson, StartsEachKernelWhereTheOneBeforeEnds) {
  const Json trace = Json::parse(trace_json(example_profile()));
  std::map<std::string, double> launches;
  double end = 0;
  for (const Json& event : trace["traceEvents"]) {
    if (event["ph"] != "X") continue;
    end = std::max(end, event["ts"].get<double>() + event["dur"].get<double>());
    if (event["tid"] == 0) launches[event["name"]] = event["ts"];
  }
  EXPECT_EQ(launches, (std::map<std::string, double>{
                          {"conv_1+bn_1+relu_1", 0}, {"cast_y", 10}, {"log_1", 12}}));
  EXPECT_EQ(end, 16);
}

TEST(TraceJson, StartsWithTheExecutionAndEndsEachKernelWithItsPadding) {
  Profile profile = example_profile();
  profile.execution_us = 100;
  profile.kernels[0].row.relayout_us = 2;
  const Json trace = Json::parse(trace_json(profile));
  std::map<std::string, std::pair<double, double>> spans;
  for (const Json& event : trace["traceEvents"])
    if (event["ph"] == "X" && (event["tid"] == 4 || event["tid"] == 0))
      spans[event["name"].get<std::string>() + event["tid"].dump()] = {event["ts"], event["dur"]};
  EXPECT_EQ(spans["execution0"], std::pair(0.0, 100.0));
  EXPECT_EQ(spans["conv_1+bn_1+relu_10"], std::pair(100.0, 2.0));
  EXPECT_EQ(spans["conv_1+bn_1+relu_14"], std::pair(108.0, 2.0));
  EXPECT_EQ(spans["cast_y0"], std::pair(110.0, 1.5));
  EXPECT_EQ(spans.size(), 5U);
}

TEST(TraceJson, IsAnObjectWhereNothingIsLaunched) {
  const Json trace = Json::parse(trace_json(Profile{}));
  for (const Json& event : trace["traceEvents"]) EXPECT_EQ(event["ph"], "M");
}

}  // namespace
}  // namespace keel::report
