#include "compiler/ascend/names.h"

#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace keel::ascend {

NodeNames assign_names(std::span<const FileNode> nodes) {
  // Names the file gives are set aside first, so that no made-up name takes one of them.
  std::set<std::string, std::less<>> given;
  for (const FileNode& node : nodes) {
    if (!node.name.empty()) given.insert(node.name);
  }

  NodeNames result;
  std::set<std::string, std::less<>> used;
  std::map<std::string, std::size_t, std::less<>> next_suffix;
  std::size_t unnamed = 0;
  for (const FileNode& node : nodes) {
    std::string name = node.name;
    bool taken = used.contains(name);
    if (name.empty()) {
      name = node.onnx_op + "_" + std::to_string(unnamed);
      ++unnamed;
      taken = used.contains(name) || given.contains(name);
    }
    if (taken) {
      const std::string stem = name;
      std::size_t& suffix = next_suffix.try_emplace(stem, 1).first->second;
      do {
        name = stem + "_" + std::to_string(suffix);
        ++suffix;
      } while (used.contains(name) || given.contains(name));
    }
    if (name != node.name) result.needs_copy = true;
    used.insert(name);
    result.names.push_back(std::move(name));
  }
  return result;
}

}  // namespace keel::ascend
