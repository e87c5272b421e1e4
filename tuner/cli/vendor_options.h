#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/base/result.h"

namespace CLI {
class App;
}

namespace keel::cli {

/// What becomes of an option of the vendor's compiler (atc) or tuner (aoe) that keel does not read.
enum class Fate : std::uint8_t {
  PassedOn,  ///< atc.sh hands it to atc; it does not change what keel evaluates
  NotUsed,   ///< of aoe only, or pinned by atc.sh: accepted so that a command line may be pasted
  Refused,   ///< it would change what keel evaluates: an error
};

/// What follows the option on the command line.
enum class Takes : std::uint8_t {
  Text,
  Path,  ///< made absolute, for atc.sh runs in another folder
  TextOrNothing,
};

struct VendorOption {
  std::string_view name;  ///< without dashes
  Fate fate;
  Takes takes = Takes::Text;
  std::string_view why = {};   ///< refused: the reason; else what keel's figures leave out
  std::string_view only = {};  ///< the one value that is not an error; empty: any is fine
};

/// Every option of atc and aoe that keel knows and does not read, in the order of atc.sh.
std::span<const VendorOption> vendor_options();

/// The vendor's options of one command line.
struct VendorArguments {
  std::vector<std::pair<std::string, std::string>> passed_on;  ///< (name, value)
  /// "note: keel does not read ...", with every option given; empty without one.
  std::string note;
};

/// Adds every option that `app` has not of its own, hidden from its help. To be called last.
void declare_vendor_options(CLI::App& app);

/// \pre declare_vendor_options(app), and `app` has parsed
/// \error InvalidConfig  an option that is refused, or has another value than the one allowed
Result<VendorArguments> read_vendor_options(const CLI::App& app);

}  // namespace keel::cli
