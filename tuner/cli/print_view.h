#pragma once

#include <cstdio>
#include <string>

#include "tuner/cli/model_flags.h"
#include "tuner/engine/view.h"

namespace keel::cli {

/// Prints what a command shows as `text`, its notes and warnings on standard error first.
template <class Content>
void print_view(const engine::View<Content>& view, const std::string& text) {
  for (const std::string& note : view.notes) std::fprintf(stderr, "%s\n", note.c_str());
  print_warnings(view.warnings);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace keel::cli
