#pragma once

#include <filesystem>

namespace keel::test {

/// Root of the checkout the tests were built from.
std::filesystem::path source_folder();

/// Folder of trained models beside the checkout: KEEL_SHARED, else ../shared. It need not exist;
/// a test that uses it skips itself where it does not.
std::filesystem::path shared_folder();

}  // namespace keel::test
