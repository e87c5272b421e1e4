#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/places/places.h"
#include "tests/support/process.h"

namespace keel::test {

/// A copy of the shipped configs that keel reads while the object lives.
class OwnConfigs {
 public:
  OwnConfigs() {
    std::filesystem::copy(source_folder() / "configs", path(),
                          std::filesystem::copy_options::recursive);
    ::setenv("KEEL_CONFIGS", path().c_str(), 1);
  }
  ~OwnConfigs() { ::unsetenv("KEEL_CONFIGS"); }
  OwnConfigs(const OwnConfigs&) = delete;
  OwnConfigs& operator=(const OwnConfigs&) = delete;

  /// Sets a field of a chip.
  void set(const std::string& soc, const std::string& field, const nlohmann::json& value) const {
    edit("soc/" + soc + ".json", [&](nlohmann::json& content) { content[field] = value; });
  }

  /// Changes a file of the folder, "soc/Ascend910B3.json", by `edit(json)`.
  void edit(const std::string& file, auto edit) const {
    nlohmann::json json = nlohmann::json::parse(read_text(path() / file));
    edit(json);
    write_text(path() / file, json.dump());
  }

 private:
  std::filesystem::path path() const { return folder_ / "configs"; }

  TemporaryFolder folder_;
};

/// Makes Ascend910B3 a chip whose times are easily computed: 10 cube and 20 vector cores of 1000
/// MHz, 10^6 bytes a microsecond, everything at its peak and one after the other. A kernel with a
/// product starts in 3 us, any other in 2.
inline void make_round_chip(const OwnConfigs& configs) {
  configs.edit("soc/Ascend910B3.json", [](nlohmann::json& soc) {
    for (const auto& [field, value] : std::map<std::string, double>{{"cube_cores", 10},
                                                                    {"vector_cores", 20},
                                                                    {"cube_mhz", 1000},
                                                                    {"vector_mhz", 1000},
                                                                    {"l2_bytes_per_cycle", 100}})
      soc[field]["value"] = value;
  });
  configs.edit("timing/ascend910b.json", [](nlohmann::json& timing) {
    for (auto& [field, parameter] : timing["parameters"].items()) {
      if (field == "relative_error") continue;  // says how far times are known, and changes none
      const bool is_factor =
          field.ends_with("efficiency") || field.ends_with("share") || field.ends_with("gain");
      parameter["value"] = is_factor && field != "fill_share" ? 1 : 0;
      if (field.ends_with("launch_us")) parameter["value"] = field == "launch_us" ? 3 : 2;
    }
    timing["corrections"] = nlohmann::json::object();
    timing["errors"] = nlohmann::json::object();
  });
}

}  // namespace keel::test
