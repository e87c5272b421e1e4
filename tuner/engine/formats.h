#pragma once

#include <vector>

#include "compiler/ascend/decision.h"
#include "tuner/engine/options.h"
#include "tuner/engine/target.h"
#include "tuner/study/study.h"

namespace keel::engine {

/// "hf32", "bf16": in files and in the question of a study.
std::string_view name(Format format);

/// \error InvalidConfig  the chip or the mode leaves nothing to choose, or a file of the owner's is
///     the one that a variant would have to be written to
Status check_format(const ModelOptions& options, const ascend::Soc& soc);

/// What is asked of a kept unit that has the choice. \pre request.kept
ascend::Request in_format(ascend::Request request, Format format, bool is_fp32);

/// Adds a unit for each free product that computes differently in HF32 and in fp32 where it is kept
/// (UnitFacts::format_of); those of a gang agree. \pre the units are those of find_facts()
void add_hf32(Target& target);

/// Adds a unit for each of the free `candidates` and of their gangs, where all of a gang compute
/// and follow no other. On a chip with bf16 there is a kernel of it wherever there is one of fp32.
/// \param candidates  by UnitId: what fp16 is likely to break. \pre as add_hf32()
void add_bf16(Target& target, const std::vector<bool>& candidates);

/// Adds those that a study has behind the units of `target`, of candidates that only its data
/// tells.
void add_formats_of(const std::vector<study::UnitRecord>& units, Target& target);

}  // namespace keel::engine
