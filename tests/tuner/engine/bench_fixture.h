#pragma once

#include "tests/tuner/engine/target_fixture.h"
#include "tuner/engine/evaluator.h"

namespace keel::engine {

/// Everything a trial of a small graph with one f32[4] input needs, on npu-sim.
class BenchFixture {
 public:
  /// \param firsts  first element of each sample; the others are 1, 2, 3
  BenchFixture(std::string_view graph, const std::vector<float>& firsts, accuracy::Split split)
      : target_(target_of(graph)), split_(std::move(split)) {
    for (const float first : firsts)
      data_.samples.push_back({"s", {make_f32({4}, std::vector{first, 1.0f, 2.0f, 3.0f})}});
    reference_ = must(run_reference(target_, data_, split_,
                                    lowered_dtypes(target_, must(find_roundings(target_))), {}));
    device_ = must(device::open_device("npu-sim", target_.soc));
  }

  const Target& target() const { return target_; }
  const accuracy::Split& split() const { return split_; }
  Bench bench() const {
    return {&target_, &data_, &reference_, &split_, &requirements_, device_.get(), nullptr};
  }

 private:
  Target target_;
  accuracy::Dataset data_;
  accuracy::Split split_;
  Reference reference_;
  std::vector<accuracy::Requirement> requirements_ = {
      must(accuracy::parse_requirement("relative_l2<=0.1"))};
  std::unique_ptr<device::Device> device_;
};

}  // namespace keel::engine
