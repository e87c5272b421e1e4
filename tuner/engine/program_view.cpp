#include "tuner/engine/program_view.h"

#include <algorithm>

#include "profiler/simulator/known_figures.h"
#include "profiler/simulator/memory_time.h"
#include "profiler/simulator/relayout.h"
#include "profiler/simulator/timing.h"
#include "tuner/engine/cached_times.h"
#include "tuner/engine/dtype_reasons.h"
#include "tuner/engine/kernel_row.h"

namespace keel::engine {
namespace {

using Side = DtypeReasons::Side;

// Without an origin the node is one that keel made.
std::string node_name(const ir::Graph& graph, ir::NodeId id) {
  const ir::Node& node = graph[id];
  return node.origins.empty() ? graph.describe(id) : graph[node.origins.front()].name;
}

/// Describes the kernels of one program.
class Lister {
 public:
  Lister(const Target& target, const program::Program& program, const std::string& keep_file)
      : target_(target),
        graph_(program.graph),
        program_(program),
        reasons_(target, keep_file),
        consumers_(program.graph) {}

  report::ProgramKernel list(const program::Kernel& kernel) const {
    report::ProgramKernel listed;
    listed.row = kernel_row(target_, program_, kernel);
    for (const ir::NodeId id : kernel.members) {
      if (is_inserted_cast(graph_[id])) {
        listed.casts.push_back(cast_of(id));
      } else {
        add_members(graph_[id], listed.members);
      }
      for (const simulator::Relayout& relayout :
           simulator::relayouts(target_.soc, graph_, graph_[id]))
        listed.relayouts.push_back(
            {tensor_name(relayout.value), relayout.extents, relayout.blocks, relayout.is_result});
      if (kernel.kind == program::KernelClass::Layout && moves_elements(graph_[id].op))
        listed.moved_by.push_back(node_name(graph_, id));
    }
    if (kernel.kind != program::KernelClass::None) {  // which renames extents where they are
      listed.bytes_read = simulator::bytes_read(graph_, kernel);
      listed.bytes_written = simulator::bytes_written(graph_, kernel);
    }
    return listed;
  }

 private:
  // Passes give tensors names of their own, so that of the node says more.
  std::string tensor_name(ir::ValueId value) const {
    std::optional<ir::NodeId> producer = graph_.producer(value);
    for (; producer && is_inserted_cast(graph_[*producer]); producer = graph_.producer(value))
      value = graph_[*producer].inputs[0];
    return producer ? "result of '" + node_name(graph_, *producer) + "'"
                    : "'" + graph_[value].name + "'";
  }

  static bool moves_elements(const ir::Op& op) {
    return !std::holds_alternative<ir::Reshape>(op) && !std::holds_alternative<ir::Identity>(op);
  }

  void add_members(const ir::Node& node, std::vector<report::ProgramMember>& members) const {
    for (const ir::OriginId origin : node.origins) {
      const std::string& name = graph_[origin].name;
      if (std::ranges::find(members, name, &report::ProgramMember::node) != members.end()) continue;
      report::ProgramMember member;
      member.node = name;
      member.ascend_type = target_.op_table.primary_type(graph_[origin].onnx_op);
      if (node.unit) {
        member.dtype = reasons_.dtype(*node.unit);
        member.rule = reasons_.rule(*node.unit);
      }
      members.push_back(std::move(member));
    }
  }

  report::CastEnd end_of(ir::NodeId id, Side side, DType dtype) const {
    const std::optional<ir::UnitId> unit = graph_[id].unit;
    return {node_name(graph_, id), unit ? reasons_.state(*unit, side, dtype)
                                        : (side == Side::Gives ? "gives " : "takes ") +
                                              std::string(name(dtype)) + " in the model"};
  }

  report::CastEnd producer_of(ir::ValueId value) const {
    const DType dtype = graph_[value].type.dtype;
    const std::optional<ir::NodeId> producer = graph_.producer(value);
    if (producer) return end_of(*producer, Side::Gives, dtype);
    return {graph_[value].name, "is an input in " + std::string(name(dtype))};
  }

  report::ProgramCast cast_of(ir::NodeId id) const {
    const ir::ValueId from = graph_[id].inputs[0];
    const ir::ValueId to = graph_[id].outputs[0];
    const DType dtype = graph_[to].type.dtype;
    report::ProgramCast cast{.tensor = graph_[from].name,
                             .from = std::string(name(graph_[from].type.dtype)),
                             .to = std::string(name(dtype)),
                             .producer = producer_of(from),
                             .consumers = {}};
    for (const ir::NodeId consumer : consumers_[to])
      cast.consumers.push_back(end_of(consumer, Side::Takes, dtype));
    if (graph_.is_output(to)) cast.consumers.push_back({cast.tensor, "is an output in " + cast.to});
    return cast;
  }

  const Target& target_;
  const ir::Graph& graph_;
  const program::Program& program_;
  DtypeReasons reasons_;
  ir::Readers consumers_;
};

}  // namespace

Result<report::ProgramListing> list_program(const Target& target, const std::string& keep_file,
                                            simulator::KernelTimes* times) {
  KEEL_TRY(const program::Program program,
           target.prepared.compile(target.precisions(target.owners_variant())));
  report::ProgramListing listing;
  listing.variant = target.describe();
  const Lister lister(target, program, keep_file);
  for (const program::Kernel& kernel : program.kernels)
    listing.kernels.push_back(lister.list(kernel));
  if (times == nullptr) return listing;
  const simulator::Timeline timeline = times->of(program);
  listing.latency_us = timeline.total_us;
  for (std::size_t k = 0; k < program.kernels.size(); ++k)
    listing.kernels[k].row.us = timeline.kernels[k].total_us;
  return listing;
}

Result<View<report::ProgramListing>> view_program(const ModelOptions& options) {
  KEEL_TRY(const Target target, open_target(options, options.samples));
  const std::string keep_file = options.keep_dtype ? options.keep_dtype->filename().string() : "";
  if (simulator::missing_figure(target.soc) != nullptr) {
    KEEL_TRY(report::ProgramListing listing, list_program(target, keep_file, nullptr));
    return View<report::ProgramListing>{std::move(listing), target.notes, target.warnings};
  }
  CachedTimes cached(target.soc, options.kernel_cache);
  KEEL_TRY(report::ProgramListing listing, list_program(target, keep_file, &cached.times()));
  View<report::ProgramListing> view{std::move(listing), target.notes, target.warnings};
  const CachedTimes::Remarks remarks = cached.keep();
  add_remarks(view, remarks.notes, remarks.warnings);
  if (std::optional<Error> warning = simulator::extrapolation_warning(target.soc))
    view.warnings.push_back(*std::move(warning));
  return view;
}

Result<View<report::ProgramDiff>> view_difference(const ModelOptions& options,
                                                  const std::filesystem::path& other) {
  ModelOptions options_after = options;
  options_after.keep_dtype = other;
  KEEL_TRY(View<report::ProgramListing> before, view_program(options));
  KEEL_TRY(View<report::ProgramListing> after, view_program(options_after));
  before.content.variant = with_list(before.content.variant, options);
  after.content.variant = with_list(after.content.variant, options_after);
  View<report::ProgramDiff> view{report::diff(before.content, after.content),
                                 std::move(before.notes), std::move(before.warnings)};
  add_remarks(view, after.notes, after.warnings);
  return view;
}

}  // namespace keel::engine
