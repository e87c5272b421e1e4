#pragma once

#include <vector>

#include "compiler/lint/subject.h"

namespace keel::lint {

// One family of checks a file. Each is a pure function; check.cpp runs them.

// of the list and the names of the model
std::vector<Finding> check_encoding(const ListSubject& subject);
std::vector<Finding> check_lines(const ListSubject& subject);
std::vector<Finding> check_names(const ListSubject& subject);
std::vector<Finding> check_types(const ListSubject& subject);
std::vector<Finding> check_repeats(const ListSubject& subject);

// of the compiled model too
std::vector<Finding> check_paths(const Subject& subject);
std::vector<Finding> check_overrides(const Subject& subject);
std::vector<Finding> check_effect(const Subject& subject);
std::vector<Finding> check_layout(const Subject& subject);
std::vector<Finding> check_whole(const Subject& subject);
std::vector<Finding> check_parsers(const Subject& subject);
std::vector<Finding> check_node_names(const Subject& subject);
std::vector<Finding> check_constants(const Subject& subject);

}  // namespace keel::lint
