#include "tuner/engine/phases.h"

namespace keel::engine {

void Phases::enter(std::string_view name) {
  close();
  current_ = name;
  since_ = Clock::now();
  progress_.phase(name);
}

void Phases::close() {
  if (!current_.empty())
    seconds_.emplace_back(current_, std::chrono::duration<double>(Clock::now() - since_).count());
  current_.clear();
}

}  // namespace keel::engine
