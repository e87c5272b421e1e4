#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tuner/report/device_table.h"

namespace keel::report {
namespace {

using ascend::Confidence;

DeviceListing listing() {
  DeviceListing made;
  made.devices = {{"npu-sim", "predicts"}, {"null", "computes nothing"}};
  ChipRow measured;
  measured.name = "Ascend910B3";
  measured.family = "ascend910b";
  measured.cube_cores = 20;
  measured.vector_cores = 40;
  measured.formats = {"fp16", "bf16", "hf32", "fp32"};
  measured.bf16 = true;
  measured.overflow = "inf_nan";
  measured.memory_gbs = 1759;
  measured.memory_confidence = Confidence::Medium;
  measured.time_error = 0.245;
  ChipRow extrapolated = measured;
  extrapolated.name = "Ascend910_9362";
  extrapolated.is_family_borrowed = true;
  extrapolated.memory_confidence = Confidence::Low;
  extrapolated.extrapolated_from = "Ascend910B2";
  extrapolated.time_error.reset();
  ChipRow unknown;
  unknown.name = "Ascend310P5";
  unknown.family = "ascend310p";
  unknown.cube_cores = 8;
  unknown.formats = {"fp16"};
  unknown.overflow = "saturate";
  unknown.unknown = "memory_gbs";
  unknown.extrapolated_from = "Ascend310P3";
  made.chips = {measured, extrapolated, unknown};
  return made;
}

ascend::SocSheet sheet() {
  ascend::SocSheet made;
  made.name = "Ascend310P5";
  made.family = "ascend310p";
  made.family_note = "borrowed: for a test";
  made.note = "a note";
  made.extrapolated_from = "Ascend310P3";
  made.file = "configs/soc/Ascend310P5.json";
  made.values = {
      {"overflow", std::string("saturate"), "\"saturate\"", "", "documentation", Confidence::Good},
      {"bf16", false, "false", "", "documentation, of \"modes\"", Confidence::Medium},
      {"cube_mhz", 800.0, "800", "MHz", "Ascend310P5.ini", Confidence::Low},
      {"memory_gbs", std::monostate(), "null", "1e9 bytes / s", "no data sheet",
       Confidence::Unknown},
  };
  return made;
}

TEST(DeviceTable, ShowsDevicesAndChips) {
  EXPECT_EQ(devices_table(listing()),
            R"(device   what it does
npu-sim  predicts
null     computes nothing

SoC             family       cube  vector  cube multiplies in   bf16  overflow   GB/s  predicted times
Ascend910B3     ascend910b     20      40  fp16 bf16 hf32 fp32  yes   inf_nan    1759  mean error 24.5 %
Ascend910_9362  ascend910b*    20      40  fp16 bf16 hf32 fp32  yes   inf_nan   ~1759  extrapolated from Ascend910B2
Ascend310P5     ascend310p      8       ?  fp16                 no    saturate      ?  no: memory_gbs is unknown

cube, vector: cores. GB/s: to DDR or HBM. ?: unknown. ~: an assumption.
*: the operator table of that family is used, for the chip's own was not found.
'keel devices SOC' gives every value with its source.
)");
}

TEST(DeviceTable, WritesAChipALineAsCsv) {
  EXPECT_EQ(
      devices_csv(listing()),
      R"(soc,family,family_borrowed,cube_cores,vector_cores,cube_formats,bf16,overflow,memory_gbs,memory_confidence,times,times_lack,extrapolated_from,time_error
Ascend910B3,ascend910b,false,20,40,fp16 bf16 hf32 fp32,true,inf_nan,1759,medium,measured,,,0.245
Ascend910_9362,ascend910b,true,20,40,fp16 bf16 hf32 fp32,true,inf_nan,1759,low,extrapolated,,Ascend910B2,
Ascend310P5,ascend310p,false,8,,fp16,false,saturate,,unknown,no,memory_gbs,Ascend310P3,
)");
}

TEST(DeviceTable, WritesWhatIsUnknownAsNullInJson) {
  DeviceListing last = listing();
  last.devices.resize(1);
  last.chips = {last.chips.back()};
  EXPECT_EQ(devices_json(last), R"({
  "devices": [
    {
      "name": "npu-sim",
      "summary": "predicts"
    }
  ],
  "socs": [
    {
      "name": "Ascend310P5",
      "family": "ascend310p",
      "family_borrowed": false,
      "cube_cores": 8,
      "vector_cores": null,
      "cube_formats": [
        "fp16"
      ],
      "bf16": false,
      "overflow": "saturate",
      "memory_gbs": null,
      "memory_confidence": "unknown",
      "times": "no",
      "times_lack": "memory_gbs",
      "extrapolated_from": "Ascend310P3",
      "time_error": null
    }
  ]
}
)");
  EXPECT_EQ(nlohmann::json::parse(devices_json(listing()))["socs"][0]["time_error"], 0.245);
}

TEST(DeviceTable, ShowsEveryValueOfAChipWithItsSource) {
  EXPECT_EQ(chip_table(sheet()), R"(Ascend310P5, family ascend310p
family: borrowed: for a test
note: a note
times: extrapolated from Ascend310P3

field          value  unit           confidence  source
overflow    saturate                 good        documentation
bf16           false                 medium      documentation, of "modes"
cube_mhz         800  MHz            low         Ascend310P5.ini
memory_gbs         ?  1e9 bytes / s  unknown     no data sheet

file: configs/soc/Ascend310P5.json
)");
}

TEST(DeviceTable, WritesAValueALineAsCsv) {
  EXPECT_EQ(chip_csv(sheet()), R"(field,value,unit,confidence,source
overflow,saturate,,good,documentation
bf16,false,,medium,"documentation, of ""modes"""
cube_mhz,800,MHz,low,Ascend310P5.ini
memory_gbs,,1e9 bytes / s,unknown,no data sheet
)");
}

TEST(DeviceTable, KeepsTheTypesOfValuesInJson) {
  const nlohmann::json json = nlohmann::json::parse(chip_json(sheet()));
  EXPECT_EQ(json["name"], "Ascend310P5");
  EXPECT_EQ(json["family_note"], "borrowed: for a test");
  EXPECT_EQ(json["extrapolated_from"], "Ascend310P3");
  ASSERT_EQ(json["values"].size(), 4U);
  EXPECT_EQ(json["values"][0]["value"], "saturate");
  EXPECT_TRUE(json["values"][0]["unit"].is_null());
  EXPECT_EQ(json["values"][1]["value"], false);
  EXPECT_EQ(json["values"][2]["value"], 800);
  EXPECT_EQ(json["values"][2]["source"], "Ascend310P5.ini");
  EXPECT_TRUE(json["values"][3]["value"].is_null());
  EXPECT_EQ(json["values"][3]["confidence"], "unknown");
}

}  // namespace
}  // namespace keel::report
