#include <algorithm>

#include "compiler/lint/families.h"
#include "compiler/lint/kept_units.h"

namespace keel::lint {

std::vector<Finding> check_whole(const Subject& subject) {
  const std::string& file = subject.list.file;
  const auto is_entry = [](const ascend::KeepEntry& entry) {
    return entry.form != ascend::EntryForm::Comment && entry.form != ascend::EntryForm::Blank;
  };
  if (std::ranges::none_of(subject.list.list.entries, is_entry))
    return {{FindingKind::EmptyList, file, 0, "the list has no entry",
             "leave out --keep_dtype, or name what must keep its precision"}};

  if (subject.rules.mode == ascend::PrecisionMode::MustKeepOriginDtype) return {};  // said already
  const KeptUnits kept(subject);
  std::size_t free = 0;
  std::size_t kept_count = 0;
  for (std::size_t i = 0; i < subject.units.size(); ++i) {
    const ir::UnitId unit{static_cast<std::uint32_t>(i)};
    free += kept.why_idle(unit) ? 0 : 1;
    kept_count += kept.is_kept(unit) ? 1 : 0;
  }
  if (kept_count == 0)
    return {{FindingKind::KeepsNothing, file, 0,
             "the list changes what no operator of the model computes in",
             "correct the entries, or leave out --keep_dtype"}};
  if (kept_count == free)
    return {{FindingKind::KeepsEverything, file, 0,
             "the list keeps every operator that " + std::string(name(subject.rules.mode)) +
                 " could lower",
             "keep less, or use --precision_mode must_keep_origin_dtype without a list"}};
  return {};
}

}  // namespace keel::lint
