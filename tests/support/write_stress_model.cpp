#include <cstdio>
#include <cstdlib>

#include "tests/support/stress_model.h"

// write_stress_model FOLDER [BLOCKS [WIDTH [SEQUENCE [SAMPLES]]]]: the stress model and its
// samples, to run keel on by hand. Sizes default to the benchmark's; a third of the blocks has
// outliers.
int main(int argc, char** argv) {
  if (argc < 2 || argc > 6) {
    std::fprintf(stderr, "usage: %s FOLDER [BLOCKS [WIDTH [SEQUENCE [SAMPLES]]]]\n", argv[0]);
    return 2;
  }
  keel::test::StressOptions options;
  const auto size = [&](int position, int fallback) {
    return argc > position ? std::atoi(argv[position]) : fallback;
  };
  options.blocks = size(2, options.blocks);
  options.outlier_blocks = (options.blocks + 2) / 3;
  options.width = size(3, options.width);
  options.sequence = size(4, options.sequence);
  options.samples = size(5, options.samples);
  const keel::test::StressModel model = keel::test::write_stress_model(argv[1], options);
  for (const std::string& node : model.cliffs) std::printf("cliff     %s\n", node.c_str());
  for (const std::string& node : model.harmless) std::printf("harmless  %s\n", node.c_str());
  return 0;
}
