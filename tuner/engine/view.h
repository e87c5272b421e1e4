#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/base/error_text.h"
#include "tuner/engine/options.h"

namespace keel::engine {

/// What a command shows, and what it says beside it.
template <class Content>
struct View {
  Content content;
  std::vector<std::string> notes;  ///< lines for the user
  std::vector<Error> warnings;     ///< of owners' files, and of times that are extrapolated
};

/// A variant with the name of its keep list, for two are told apart by it.
inline std::string with_list(const std::string& variant, const ModelOptions& options) {
  return variant + (options.keep_dtype ? " (" + options.keep_dtype->string() + ")" : "");
}

/// Adds the notes and warnings of what else is shown, each once.
template <class Content>
void add_remarks(View<Content>& view, const std::vector<std::string>& notes,
                 const std::vector<Error>& warnings) {
  for (const std::string& note : notes)
    if (std::ranges::find(view.notes, note) == view.notes.end()) view.notes.push_back(note);
  const auto text = [](const Error& error) { return to_text(error); };
  for (const Error& warning : warnings)
    if (std::ranges::find(view.warnings, text(warning), text) == view.warnings.end())
      view.warnings.push_back(warning);
}

}  // namespace keel::engine
