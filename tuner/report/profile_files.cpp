#include "tuner/report/profile_files.h"

#include <array>

#include "compiler/base/file.h"

namespace keel::report {

std::span<const ProfileFile> profile_files() {
  static constexpr std::array kFiles = {ProfileFile{"op_summary.csv", op_summary_csv},
                                        ProfileFile{"trace.json", trace_json},
                                        ProfileFile{"roofline.svg", roofline_svg}};
  return kFiles;
}

Status write_profile(const std::filesystem::path& folder, const Profile& profile) {
  KEEL_TRY_STATUS(make_writable_folder(folder));
  for (const ProfileFile& file : profile_files()) {
    KEEL_TRY_STATUS(write_file(folder / file.name, file.text(profile)));
  }
  return Done{};
}

}  // namespace keel::report
