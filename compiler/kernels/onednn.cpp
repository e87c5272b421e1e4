#include "compiler/kernels/onednn.h"

#include <omp.h>

#include <array>
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

std::int64_t floats_of(const memory::desc& desc) {
  return static_cast<std::int64_t>(desc.get_size() / sizeof(float) + 1);
}

const float* first_of(const Tensor& tensor) {
  return reinterpret_cast<const float*>(tensor.bytes().data());
}

// Primitives and the stream belong to one thread: nothing here is shared. oneDNN takes no pointer
// to const, but only reads its inputs.
class Runner {
 public:
  // Each caller already is one of many workers.
  Runner() : stream_(engine()) { omp_set_num_threads(1); }

  void run(const Problem& problem, const std::function<Recipe()>& make, const Pointers& pointers) {
    Prepared& prepared = find_or_make(problem, make);
    std::unordered_map<int, memory> arguments;
    for (std::size_t i = 0; i < prepared.to_wanted.size(); ++i) {
      const Operand& operand = prepared.recipe.inputs[i];
      const Source& source = pointers.inputs[i];
      memory given(operand.ours, engine(), const_cast<float*>(source.data));
      if (!prepared.to_wanted[i]) {
        arguments.emplace(operand.argument, given);
      } else if (source.is_lasting()) {
        const Tensor kept = packed(problem, prepared, i, source);
        arguments.emplace(operand.argument,
                          memory(operand.wanted, engine(), const_cast<float*>(first_of(kept))));
      } else {
        memory wanted = scratch(kFirstInput + i, operand.wanted);
        prepared.to_wanted[i].execute(stream_, given, wanted);
        arguments.emplace(operand.argument, wanted);
      }
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
    const std::int64_t floats = floats_of(desc);
    if (slots_[slot].size() < floats) slots_[slot] = Tensor(DType::F32, {floats});
    return {desc, engine(), slots_[slot].fill<float>().data()};
  }

  // Input i, which is lasting, as the primitive wants it.
  Tensor packed(const Problem& problem, Prepared& prepared, std::size_t i, const Source& source) {
    Hasher key;
    key.add(static_cast<std::uint64_t>(source.data - first_of(*source.holder)));
    for (const std::int64_t part : problem) key.add(static_cast<std::uint64_t>(part));
    key.add(std::uint64_t{i});
    return source.holder->derived(key.digest(), [&] {
      const Operand& operand = prepared.recipe.inputs[i];
      Tensor result(DType::F32, {floats_of(operand.wanted)});
      memory given(operand.ours, engine(), const_cast<float*>(source.data));
      memory wanted(operand.wanted, engine(), result.fill<float>().data());
      prepared.to_wanted[i].execute(stream_, given, wanted);
      stream_.wait();
      return result;
    });
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

memory::desc channel_blocks(const Shape& shape, std::int64_t block) {
  using tag = memory::format_tag;
  constexpr std::array of_8{tag::nCw8c, tag::nChw8c, tag::nCdhw8c};
  constexpr std::array of_16{tag::nCw16c, tag::nChw16c, tag::nCdhw16c};
  const std::size_t spatial_axes = shape.size() - 2;
  return {dims_of(shape), memory::data_type::f32, (block == 8 ? of_8 : of_16).at(spatial_axes - 1)};
}

Source source(const Tensor& tensor, std::int64_t begin) {
  return {first_of(tensor) + begin, &tensor};
}

std::int64_t channel_block() {
  static const std::int64_t block = [] {
    const auto has = [](dnnl::cpu_isa isa) {
      return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & static_cast<unsigned>(isa)) ==
             static_cast<unsigned>(isa);
    };
    return has(dnnl::cpu_isa::avx512_core) ? 16 : has(dnnl::cpu_isa::avx2) ? 8 : 0;
  }();
  return block;
}

}  // namespace keel::kernels::onednn
