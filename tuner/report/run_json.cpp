#include <nlohmann/json.hpp>

#include "tuner/report/report.h"

namespace keel::report {

std::string run_json(const RunFacts& facts) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["format"] = 1;
  json["keel_version"] = facts.keel_version;
  json["command_line"] = facts.command_line;
  json["host"] = facts.host;
  json["jobs"] = facts.jobs;
  json["batch_samples"] = facts.batch_samples;
  json["started"] = facts.started;
  json["finished"] = facts.finished;
  json["seconds"] = facts.seconds;
  json["phase_seconds"] = Json::object();
  for (const auto& [phase, seconds] : facts.phase_seconds) json["phase_seconds"][phase] = seconds;
  json["trials_run"] = facts.trials_run;
  json["trials_resumed"] = facts.trials_resumed;
  json["first_trial_seconds"] = facts.first_trial_seconds;
  json["evaluations"] = Json::object();
  for (const RunFacts::Evaluations& of_phase : facts.evaluations)
    json["evaluations"][of_phase.phase] = {{"trials", of_phase.trials},
                                           {"seconds", of_phase.seconds}};
  json["cache"] = {{"hits", facts.cache_hits},
                   {"misses", facts.cache_misses},
                   {"remade", facts.cache_remade},
                   {"evictions", facts.cache_evictions}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace keel::report
