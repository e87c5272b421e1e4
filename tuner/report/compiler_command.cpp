#include "tuner/report/compiler_command.h"

#include <array>
#include <optional>
#include <string_view>

namespace keel::report {
namespace {

constexpr std::string_view kModel = "model";
constexpr std::string_view kCann = "cann";
constexpr std::string_view kOwnersLayout = "owner's layout";
constexpr std::string_view kPassedOn = "--";
constexpr std::string_view kEvaluatedFile = "file of --";

struct Field {
  std::string_view name;
  std::string CompilerCommand::*member;
};
constexpr std::array kFields = {Field{"input_shape", &CompilerCommand::input_shape},
                                Field{"soc_version", &CompilerCommand::soc_version},
                                Field{"precision_mode", &CompilerCommand::precision_mode},
                                Field{"allow_hf32", &CompilerCommand::allow_hf32}};

Error damaged(std::string what) {
  return {ErrorCode::StudyCorrupt, std::move(what), "", "repeat the keel tune that made the study"};
}

std::optional<std::string> find(const study::Command& record, std::string_view name) {
  for (const auto& [known, value] : record)
    if (known == name) return value;
  return std::nullopt;
}

}  // namespace

study::Command to_record(const CompilerCommand& command) {
  study::Command record = {{std::string(kModel), command.model.string()}};
  for (const Field& field : kFields) record.emplace_back(field.name, command.*field.member);
  if (command.cann != CompilerCommand{}.cann) record.emplace_back(kCann, name(command.cann));
  for (const std::string& node : command.owners_layout) record.emplace_back(kOwnersLayout, node);
  for (const auto& [option, path] : command.evaluated_files)
    record.emplace_back(std::string(kEvaluatedFile) + option, path);
  for (const auto& [option, value] : command.passed_on)
    record.emplace_back(std::string(kPassedOn) + option, value);
  return record;
}

Result<ascend::Cann> cann_of(const study::Command& record) {
  const std::optional<std::string> value = find(record, kCann);
  if (!value) return CompilerCommand{}.cann;
  Result<ascend::Cann> cann = ascend::cann_named(*value);
  if (cann.ok()) return cann;
  return damaged("the compiler command of the study is for CANN '" + *value + "'");
}

Result<CompilerCommand> compiler_command_of(const study::Command& record) {
  CompilerCommand command;
  const std::optional<std::string> model = find(record, kModel);
  if (!model) return damaged("the study does not say which model its compiler command is about");
  command.model = *model;
  for (const Field& field : kFields) {
    const std::optional<std::string> value = find(record, field.name);
    if (!value)
      return damaged("the compiler command of the study has no " + std::string(field.name));
    command.*field.member = *value;
  }
  KEEL_TRY(command.cann, cann_of(record));
  for (const auto& [name, value] : record) {
    if (name == kOwnersLayout) command.owners_layout.push_back(value);
    if (name.starts_with(kPassedOn))
      command.passed_on.emplace_back(name.substr(kPassedOn.size()), value);
    if (name.starts_with(kEvaluatedFile))
      command.evaluated_files.emplace_back(name.substr(kEvaluatedFile.size()), value);
  }
  const std::size_t known = 1 + kFields.size() + (find(record, kCann) ? 1 : 0) +
                            command.owners_layout.size() + command.passed_on.size() +
                            command.evaluated_files.size();
  if (record.size() != known)
    return damaged("the compiler command of the study has entries this keel does not know");
  return command;
}

}  // namespace keel::report
