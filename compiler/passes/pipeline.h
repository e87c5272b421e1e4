#pragma once

#include <functional>
#include <span>

#include "compiler/passes/pass.h"

namespace keel::passes {

/// What every model goes through once, whatever the precision.
std::span<const Pass> prepare_pipeline();

/// What a prepared graph goes through for each variant.
std::span<const Pass> variant_pipeline();

/// Called after each pass with its name and the graph.
using AfterPass = std::function<void(std::string_view, const ir::Graph&)>;

/// When run() looks whether the graph is valid. At the end takes less time; an error then names
/// every pass that may have broken it.
enum class Verify { AfterEachPass, AtTheEnd };

/// Runs `pipeline` once.
/// \error whatever a pass returned, or InvalidModel if a pass broke an invariant; `where` names
///     the pass. The graph is then unspecified: drop it.
Status run(std::span<const Pass> pipeline, ir::Graph& graph, const Context& context,
           const AfterPass& after = {}, Verify verify = Verify::AfterEachPass);

}  // namespace keel::passes
