#include "compiler/lint/removals.h"

namespace keel::lint {

void Removals::after_pass(std::string_view pass, const ir::Graph& graph) {
  std::vector<bool> left(graph.origins().size(), false);
  for (const ir::NodeId id : graph.nodes())
    for (const ir::OriginId origin : graph[id].origins) left[index(origin)] = true;
  pass_of_.resize(left.size());
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!left[i] && pass_of_[i].empty()) pass_of_[i] = pass;
}

std::string_view Removals::pass_of(ir::OriginId origin) const {
  return index(origin) < pass_of_.size() ? std::string_view(pass_of_[index(origin)])
                                         : std::string_view();
}

}  // namespace keel::lint
