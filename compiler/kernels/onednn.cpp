#include "compiler/kernels/onednn.h"

#include <omp.h>

#include <map>
#include <string>
#include <unordered_map>

namespace keel::kernels::onednn {
namespace {

using dnnl::memory;

// Kept a thread. A model has tens to a few hundred distinct problems; a recipe takes tens of
// kilobytes of generated code.
constexpr std::size_t kMostRecipes = 512;

struct Prepared {
  Recipe recipe;
  std::vector<dnnl::reorder> to_wanted;  ///< empty handles where the layouts agree
  dnnl::reorder to_ours;
};

dnnl::reorder reorder_between(const memory::desc& from, const memory::desc& to) {
  if (from == to) return {};
  return dnnl::reorder(dnnl::reorder::primitive_desc(engine(), from, engine(), to));
}

// Primitives and the stream belong to one thread: nothing here is shared.
class Runner {
 public:
  // Each caller already is one of many workers.
  Runner() : stream_(engine()) { omp_set_num_threads(1); }

  void run(const Problem& problem, const std::function<Recipe()>& make, const Pointers& pointers) {
    Prepared& prepared = find_or_make(problem, make);
    std::unordered_map<int, memory> arguments;
    for (std::size_t i = 0; i < prepared.to_wanted.size(); ++i) {
      const Operand& operand = prepared.recipe.inputs[i];
      // oneDNN takes no pointer to const, but only reads its inputs.
      memory given(operand.ours, engine(), const_cast<float*>(pointers.inputs[i]));
      if (prepared.to_wanted[i]) {
        memory wanted = scratch(kFirstInput + i, operand.wanted);
        prepared.to_wanted[i].execute(stream_, given, wanted);
        given = wanted;
      }
      arguments.emplace(operand.argument, given);
    }
    const Operand& output = prepared.recipe.output;
    memory ours(output.ours, engine(), pointers.output);
    memory result = prepared.to_ours ? scratch(kOutput, output.wanted) : ours;
    arguments.emplace(output.argument, result);
    arguments.emplace(DNNL_ARG_SCRATCHPAD, scratch(kScratchpad, prepared.recipe.scratchpad));
    prepared.recipe.primitive.execute(stream_, arguments);
    if (prepared.to_ours) prepared.to_ours.execute(stream_, result, ours);
    stream_.wait();
  }

 private:
  // Places in slots_: the inputs follow the two others.
  static constexpr std::size_t kScratchpad = 0;
  static constexpr std::size_t kOutput = 1;
  static constexpr std::size_t kFirstInput = 2;

  // Memory that only grows: fresh pages for each of hundreds of large calls cost as much as the
  // arithmetic of many.
  memory scratch(std::size_t slot, const memory::desc& desc) {
    if (slot >= slots_.size()) slots_.resize(slot + 1);
    const auto floats = static_cast<std::int64_t>(desc.get_size() / sizeof(float) + 1);
    if (slots_[slot].size() < floats) slots_[slot] = Tensor(DType::F32, {floats});
    return {desc, engine(), slots_[slot].fill<float>().data()};
  }

  Prepared& find_or_make(const Problem& problem, const std::function<Recipe()>& make) {
    if (const auto found = recipes_.find(problem); found != recipes_.end()) return found->second;
    if (recipes_.size() >= kMostRecipes) recipes_.clear();
    Prepared prepared;
    prepared.recipe = make();
    for (const Operand& input : prepared.recipe.inputs)
      prepared.to_wanted.push_back(reorder_between(input.ours, input.wanted));
    prepared.to_ours = reorder_between(prepared.recipe.output.wanted, prepared.recipe.output.ours);
    return recipes_.emplace(problem, std::move(prepared)).first->second;
  }

  dnnl::stream stream_;
  std::vector<Tensor> slots_;
  std::map<Problem, Prepared> recipes_;
};

memory::dims dims_of(const Shape& shape) { return {shape.begin(), shape.end()}; }

}  // namespace

Status run(const Problem& problem, const std::function<Recipe()>& make, const Pointers& pointers) {
  try {
    thread_local Runner runner;
    runner.run(problem, make, pointers);
    return Done{};
  } catch (const dnnl::error& error) {
    return Error{
        ErrorCode::DeviceFailed,
        std::string("oneDNN: ") + error.what() + " (status " + std::to_string(error.status) + ")",
        "", ""};
  }
}

const dnnl::engine& engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

memory::desc row_major(const Shape& shape) {
  return {dims_of(shape), memory::data_type::f32, dims_of(row_major_strides(shape))};
}

memory::desc any_layout(const Shape& shape) {
  return {dims_of(shape), memory::data_type::f32, memory::format_tag::any};
}

memory::desc channel_blocks(const Shape& shape) {
  using tag = memory::format_tag;
  const tag blocks = shape.size() == 3   ? tag::nCw16c
                     : shape.size() == 4 ? tag::nChw16c
                                         : tag::nCdhw16c;
  return {dims_of(shape), memory::data_type::f32, blocks};
}

bool has_avx512() {
  const auto bits = [](dnnl::cpu_isa isa) { return static_cast<unsigned>(isa); };
  const unsigned wanted = bits(dnnl::cpu_isa::avx512_core);
  return (bits(dnnl::get_effective_cpu_isa()) & wanted) == wanted;
}

}  // namespace keel::kernels::onednn
