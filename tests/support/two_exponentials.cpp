#include "tests/support/two_exponentials.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "profiler/accuracy/dataset.h"
#include "tests/support/model_writer.h"

namespace keel::test {
namespace {

constexpr std::int64_t kWidth = 64;

void write_input(const std::filesystem::path& path, bool overflows) {
  Tensor values(DType::F32, {1, kWidth});
  std::ranges::fill(values.fill<float>(), 1.1f);
  if (overflows) values.fill<float>()[0] = 12;  // exp(12) is 162755, fp16 ends at 65504
  if (!accuracy::write_npy(path, values).ok()) std::abort();
}

}  // namespace

void write_two_exponentials(const std::filesystem::path& folder, std::size_t samples,
                            const std::vector<std::size_t>& x_overflows,
                            const std::vector<std::size_t>& z_overflows) {
  std::filesystem::create_directories(folder / "samples");
  ModelWriter model("two_exponentials");
  for (const char* input : {"x", "z"}) model.input(input, {1, kWidth});
  for (const char* output : {"a", "b"}) model.output(output, {1, kWidth});
  model.node("exp_x", "Exp", {"x"}, "a");
  model.node("exp_z", "Exp", {"z"}, "b");
  model.write(folder / "model.onnx");
  for (std::size_t s = 0; s < samples; ++s) {
    const std::string name = (folder / "samples" / sample_name(static_cast<int>(s))).string();
    write_input(name + ".x.npy", std::ranges::count(x_overflows, s) > 0);
    write_input(name + ".z.npy", std::ranges::count(z_overflows, s) > 0);
  }
}

}  // namespace keel::test
