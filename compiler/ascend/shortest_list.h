#pragma once

#include <span>
#include <string>

#include "compiler/ascend/op_table.h"
#include "compiler/base/result.h"
#include "compiler/ir/graph.h"

namespace keel::ascend {

/// The keep list of the fewest lines that keeps exactly `nodes`, with an end of line after each.
///
/// An `OpType::` line stands for the nodes whose primary type it names, where that saves lines: at
/// least two, and where every node that it may match by parse_keep_list() is one of `nodes`. The
/// other types of an operator ("Unsqueeze" of a Conv) do not stand for it: the vendor's compiler
/// makes them in some cases only. So a node is in one line, a line where its first node is in the
/// file, and no other choice is shorter.
///
/// \param nodes    sorted, each once
/// \param origins  every node of the model, named as the vendor's compiler will
/// \error InvalidConfig  the list, read again, keeps other nodes: a name is no line that reads as
///     it ("OpType::x", blanks around it); `what` names such a node
Result<std::string> shortest_keep_list(std::span<const ir::OriginId> nodes,
                                       std::span<const ir::Origin> origins, const OpTable& table);

}  // namespace keel::ascend
