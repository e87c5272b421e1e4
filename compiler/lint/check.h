#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/lint/subject.h"

namespace keel::lint {

/// \param file  what messages call the list
ListSubject read(std::string_view bytes, std::string file, const NamedModel& model);

/// What can be said of the list before the model is compiled: encoding, lines, names, types.
std::vector<Finding> check_list(const ListSubject& subject);

/// Everything: by line, then what concerns no line, then the model.
std::vector<Finding> check(const Subject& subject);

}  // namespace keel::lint
