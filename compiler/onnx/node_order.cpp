#include "compiler/onnx/node_order.h"

#include <onnx/onnx_pb.h>

#include <functional>
#include <queue>
#include <unordered_map>

#include "compiler/onnx/nested_nodes.h"

namespace keel::onnx_io {

Result<std::vector<std::size_t>> order_of_nodes(const ::onnx::GraphProto& graph,
                                                const std::vector<std::string>& names) {
  const auto count = static_cast<std::size_t>(graph.node_size());
  std::unordered_map<std::string_view, std::size_t> producers;
  for (std::size_t i = 0; i < count; ++i)
    for (const std::string& output : graph.node(static_cast<int>(i)).output())
      if (!output.empty()) producers[output] = i;

  std::vector<std::size_t> waits(count, 0);
  std::vector<std::vector<std::size_t>> readers(count);
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::string& input : values_read(graph.node(static_cast<int>(i)))) {
      const auto producer = producers.find(input);
      if (producer == producers.end()) continue;
      ++waits[i];
      readers[producer->second].push_back(i);
    }
    if (waits[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const std::size_t reader : readers[node])
      if (--waits[reader] == 0) ready.push(reader);
  }
  if (order.size() == count) return order;
  for (std::size_t i = 0; i < count; ++i)
    if (waits[i] > 0)
      return Error{ErrorCode::InvalidModel,
                   std::to_string(count - order.size()) + " nodes wait for each other in a cycle",
                   "node '" + names[i] + "'", "export the model again; a graph has no cycles"};
  KEEL_CHECK(false && "a node that waits for nothing was not ordered");
}

}  // namespace keel::onnx_io
