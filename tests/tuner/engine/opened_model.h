#pragma once

#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "tests/compiler/onnx/model_builder.h"
#include "tuner/engine/target.h"

namespace keel::engine {

/// A built model in a file, and files of its owner's beside it.
class OpenedModel : public testing::Test {
 protected:
  void write(const onnx_io::ModelBuilder& model) {
    options_.model = folder_ / "m.onnx";
    std::ofstream(options_.model, std::ios::binary) << model.bytes();
  }

  std::filesystem::path file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  Target open() const {
    Result<Target> target = open_target(options_, std::nullopt);
    EXPECT_TRUE(target.ok()) << (target.ok() ? "" : to_text(target.error()));
    return *std::move(target);
  }

  onnx_io::TemporaryFolder folder_;
  ModelOptions options_;
};

/// The unit of a node.
inline ir::UnitId unit_of(const Target& target, const std::string& node) {
  for (std::size_t u = 0; u < target.units.size(); ++u)
    if (std::ranges::find(target.units[u].nodes, node) != target.units[u].nodes.end())
      return ir::UnitId{static_cast<std::uint32_t>(u)};
  ADD_FAILURE() << "no unit of " << node;
  return {};
}

}  // namespace keel::engine
