#include "tuner/engine/formats.h"

#include <algorithm>
#include <map>

namespace keel::engine {
namespace {

struct FormatInfo {
  Format format;
  std::string_view name;   ///< in files
  std::string_view shown;  ///< behind the name of a unit
  std::string_view flag;
  std::string_view written_to;  ///< the option whose file names what is in it
};

constexpr FormatInfo kFormats[] = {
    {Format::Hf32, "hf32", "HF32", "--search_hf32", "op_precision_mode"},
    {Format::Bf16, "bf16", "BF16", "--search_bf16", "customize_dtypes"}};

const FormatInfo& info(Format format) {
  return *std::ranges::find(kFormats, format, &FormatInfo::format);
}

ascend::Precision computing(const Target& target, std::size_t unit, bool is_fp32) {
  ascend::Request request = target.units[unit].request;
  request.kept = true;
  request = in_format(request, *target.format, is_fp32);
  return ascend::decide(target.rules, target.prepared.units()[unit].op, request).precision;
}

/// Units behind those that stand for nodes.
class Adder {
 public:
  explicit Adder(Target& target) : target_(target) {}

  void add(std::size_t unit) {
    UnitFacts& of = target_.units[unit];
    const std::size_t number = target_.units.size();
    UnitFacts format;
    format.name = of.name + " (" + std::string(info(*target_.format).shown) + ")";
    format.unit_class = of.unit_class;
    format.format_of = static_cast<search::UnitIndex>(unit);
    const std::size_t leader = of.gang.value_or(static_cast<search::UnitIndex>(unit));
    const std::size_t first = first_of_gang_.try_emplace(leader, number).first->second;
    if (first != number) format.gang = static_cast<search::UnitIndex>(first);
    of.follows = static_cast<search::UnitIndex>(number);
    target_.units.push_back(std::move(format));
  }

 private:
  Target& target_;
  std::map<std::size_t, std::size_t> first_of_gang_;
};

bool may_choose(const UnitFacts& unit) {
  return unit.state == search::UnitState::Free && !unit.follows;
}

}  // namespace

std::string_view name(Format format) { return info(format).name; }

Status check_format(const ModelOptions& options, const ascend::Soc& soc) {
  if (!options.format) return Done{};
  const std::string asked(info(*options.format).flag);
  const bool is_hf32 = *options.format == Format::Hf32;
  if (const auto& file = is_hf32 ? options.op_precision_mode : options.customize_dtypes)
    return Error{ErrorCode::InvalidConfig,
                 asked + " writes a file of --" + std::string(info(*options.format).written_to) +
                     ", and the vendor's compiler takes one only",
                 file->string(), "leave out one of the two"};
  if (is_hf32 && !(soc.cube_fp32 && soc.cube_hf32))
    return Error{
        ErrorCode::InvalidConfig,
        "the cube of " + soc.name + " does not have both HF32 and fp32: there is nothing to choose",
        asked, "leave it out"};
  if (!is_hf32 && !soc.bf16)
    return Error{ErrorCode::InvalidConfig, soc.name + " does not have bf16", asked, "leave it out"};
  if (!is_hf32 && ascend::row_of(options.mode).reduced != DType::F16)
    return Error{ErrorCode::InvalidConfig,
                 std::string(ascend::name(options.mode)) +
                     " lowers to bf16 already: there is nothing to choose",
                 asked, "leave it out, or choose a mode that lowers to fp16"};
  return Done{};
}

ascend::Request in_format(ascend::Request request, Format format, bool is_fp32) {
  switch (format) {
    case Format::Hf32:
      request.execution = is_fp32 ? ascend::Execution::Fp32 : ascend::Execution::Hf32;
      return request;
    case Format::Bf16:
      if (!is_fp32) request.custom = {DType::BF16, DType::BF16};
      return request;
  }
  KEEL_CHECK(false && "a Format outside its enumeration");
}

void add_hf32(Target& target) {
  Adder adder(target);
  for (std::size_t u = 0; u < target.prepared.units().size(); ++u)
    if (may_choose(target.units[u]) && computing(target, u, true) != computing(target, u, false))
      adder.add(u);
}

void add_bf16(Target& target, const std::vector<bool>& candidates) {
  const std::span<const passes::Unit> units = target.prepared.units();
  struct Gang {
    bool is_candidate = false;
    bool may_choose = true;
  };
  std::map<std::size_t, Gang> gangs;
  const auto gang_of = [&](std::size_t u) -> Gang& {
    return gangs[target.units[u].gang.value_or(static_cast<search::UnitIndex>(u))];
  };
  for (std::size_t u = 0; u < units.size(); ++u) {
    Gang& gang = gang_of(u);
    gang.is_candidate |= candidates[u];
    gang.may_choose &= may_choose(target.units[u]) && !units[u].layout_only;
  }
  Adder adder(target);
  for (std::size_t u = 0; u < units.size(); ++u)
    if (gang_of(u).is_candidate && gang_of(u).may_choose) adder.add(u);
}

void add_formats_of(const std::vector<study::UnitRecord>& units, Target& target) {
  Adder adder(target);
  const std::size_t known = target.units.size();
  std::map<std::size_t, std::size_t> followers;  // by the unit that decides the format
  for (std::size_t u = 0; u < std::min(known, units.size()); ++u)
    if (units[u].follows && *units[u].follows >= known) followers.emplace(*units[u].follows, u);
  for (const auto& [format, unit] : followers) adder.add(unit);
}

}  // namespace keel::engine
