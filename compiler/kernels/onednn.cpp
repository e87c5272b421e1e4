#include "compiler/kernels/onednn.h"

#include <omp.h>

#include <array>
#include <map>
#include <string>

namespace keel::kernels::onednn {
namespace {

using dnnl::memory;

// Kept a thread. A model has tens to a few hundred distinct problems; a recipe takes tens of
// kilobytes of generated code.
constexpr std::size_t kMostRecipes = 512;

// A recipe and what each call of it would otherwise make anew.
struct Prepared {
  explicit Prepared(Recipe made);

  struct Input {
    memory ours, wanted;
    dnnl::reorder to_wanted;  // an empty handle where the layouts agree
  };
  Recipe recipe;
  std::vector<Input> inputs;  // as Recipe::inputs
  memory result, wanted_result, scratchpad;
  dnnl::reorder to_ours;
  absl::InlinedVector<dnnl_exec_arg_t, 6> arguments;
};

dnnl::reorder reorder_between(const memory::desc& from, const memory::desc& to) {
  if (from == to) return {};
  return dnnl::reorder(dnnl::reorder::primitive_desc(engine(), from, engine(), to));
}

// Where its content is, each call says.
memory without_content(const memory::desc& desc) { return {desc, engine(), DNNL_MEMORY_NONE}; }

Prepared::Prepared(Recipe made) : recipe(std::move(made)) {
  for (const Operand& operand : recipe.inputs) {
    const Input& input =
        inputs.emplace_back(Input{without_content(operand.ours), without_content(operand.wanted),
                                  reorder_between(operand.ours, operand.wanted)});
    const memory& given = input.to_wanted ? input.wanted : input.ours;
    arguments.push_back({operand.argument, given.get()});
  }
  result = without_content(recipe.output.ours);
  wanted_result = without_content(recipe.output.wanted);
  scratchpad = without_content(recipe.scratchpad);
  to_ours = reorder_between(recipe.output.wanted, recipe.output.ours);
  arguments.push_back({recipe.output.argument, (to_ours ? wanted_result : result).get()});
  arguments.push_back({DNNL_ARG_SCRATCHPAD, scratchpad.get()});
}

// As primitive.execute(), which makes maps and lists anew at each call.
void execute(const dnnl::primitive& primitive, const dnnl::stream& stream,
             std::span<const dnnl_exec_arg_t> arguments) {
  dnnl::error::wrap_c_api(
      dnnl_primitive_execute(primitive.get(), stream.get(), static_cast<int>(arguments.size()),
                             arguments.data()),
      "a primitive could not be executed");
}

void reorder(const dnnl::reorder& reorder, const dnnl::stream& stream, const memory& from,
             const memory& to) {
  execute(reorder, stream,
          std::array<dnnl_exec_arg_t, 2>{{{DNNL_ARG_FROM, from.get()}, {DNNL_ARG_TO, to.get()}}});
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

  void run(const Problem& problem, absl::FunctionRef<Recipe()> make, const Pointers& pointers) {
    Prepared& prepared = find_or_make(problem, make);
    for (std::size_t i = 0; i < prepared.inputs.size(); ++i)
      point_input(problem, prepared, i, pointers.inputs[i]);
    prepared.result.set_data_handle(pointers.output);
    if (prepared.to_ours)
      prepared.wanted_result.set_data_handle(scratch(kOutput, prepared.recipe.output.wanted));
    prepared.scratchpad.set_data_handle(scratch(kScratchpad, prepared.recipe.scratchpad));
    execute(prepared.recipe.primitive, stream_, prepared.arguments);
    if (prepared.to_ours)
      reorder(prepared.to_ours, stream_, prepared.wanted_result, prepared.result);
    stream_.wait();
  }

 private:
  // Places in slots_: the inputs follow the two others.
  static constexpr std::size_t kScratchpad = 0;
  static constexpr std::size_t kOutput = 1;
  static constexpr std::size_t kFirstInput = 2;

  void point_input(const Problem& problem, Prepared& prepared, std::size_t i,
                   const Source& source) {
    Prepared::Input& input = prepared.inputs[i];
    if (input.to_wanted && source.is_lasting()) {
      input.wanted.set_data_handle(const_cast<float*>(packed(problem, prepared, i, source)));
      return;
    }
    input.ours.set_data_handle(const_cast<float*>(source.data));
    if (!input.to_wanted) return;
    input.wanted.set_data_handle(scratch(kFirstInput + i, prepared.recipe.inputs[i].wanted));
    reorder(input.to_wanted, stream_, input.ours, input.wanted);
  }

  // Input i as the primitive wants it, kept with the tensor that holds it. \pre source.is_lasting()
  const float* packed(const Problem& problem, Prepared& prepared, std::size_t i,
                      const Source& source) {
    Hasher key;
    key.add(static_cast<std::uint64_t>(source.data - first_of(*source.holder)));
    for (const std::int64_t part : problem) key.add(static_cast<std::uint64_t>(part));
    key.add(std::uint64_t{i});
    const Tensor kept = source.holder->derived(key.digest(), [&] {
      Prepared::Input& input = prepared.inputs[i];
      Tensor result(DType::F32, {floats_of(prepared.recipe.inputs[i].wanted)});
      input.ours.set_data_handle(const_cast<float*>(source.data));
      input.wanted.set_data_handle(result.fill<float>().data());
      reorder(input.to_wanted, stream_, input.ours, input.wanted);
      stream_.wait();
      return result;
    });
    return first_of(kept);
  }

  // Memory that only grows: fresh pages for each of hundreds of large calls cost as much as the
  // arithmetic of many.
  float* scratch(std::size_t slot, const memory::desc& desc) {
    if (slot >= slots_.size()) slots_.resize(slot + 1);
    const std::int64_t floats = floats_of(desc);
    if (slots_[slot].size() < floats) slots_[slot] = Tensor(DType::F32, {floats});
    return slots_[slot].fill<float>().data();
  }

  Prepared& find_or_make(const Problem& problem, absl::FunctionRef<Recipe()> make) {
    if (const auto found = recipes_.find(problem); found != recipes_.end()) return found->second;
    if (recipes_.size() >= kMostRecipes) recipes_.clear();
    return recipes_.emplace(problem, Prepared(make())).first->second;
  }

  dnnl::stream stream_;
  std::vector<Tensor> slots_;
  std::map<Problem, Prepared> recipes_;
};

}  // namespace

Status run(const Problem& problem, absl::FunctionRef<Recipe()> make, const Pointers& pointers) {
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

memory::dims dims_of(const Ints& list) { return {list.begin(), list.end()}; }

memory::desc row_major(const Shape& shape) {
  return {dims_of(shape), memory::data_type::f32, dims_of(row_major_strides(shape))};
}

memory::desc any_layout(const Shape& shape) {
  return {dims_of(shape), memory::data_type::f32, memory::format_tag::any};
}

memory::desc channel_blocks(const Shape& shape, std::int64_t block) {
  using tag = memory::format_tag;
  constexpr std::array kOf8{tag::nCw8c, tag::nChw8c, tag::nCdhw8c};
  constexpr std::array kOf16{tag::nCw16c, tag::nChw16c, tag::nCdhw16c};
  const std::size_t spatial_axes = shape.size() - 2;
  return {dims_of(shape), memory::data_type::f32, (block == 8 ? kOf8 : kOf16).at(spatial_axes - 1)};
}

Source source(const Tensor& tensor, std::int64_t begin) {
  return {first_of(tensor) + begin, &tensor};
}

}  // namespace keel::kernels::onednn
