#include "tuner/engine/cached_times.h"

#include "profiler/simulator/model_digest.h"
#include "tuner/kernel_cache/kernel_cache.h"

namespace keel::engine {

CachedTimes::CachedTimes(const ascend::Soc& soc, std::optional<std::filesystem::path> folder)
    : folder_(std::move(folder)), model_(simulator::model_digest(soc)) {
  kernel_cache::Cached cached;
  if (folder_) cached = kernel_cache::read(*folder_, model_);
  read_ = cached.times.size();
  warnings_ = std::move(cached.warnings);
  times_ = std::make_unique<simulator::KernelTimes>(soc, cached.times);
}

CachedTimes::Remarks CachedTimes::keep() {
  if (!folder_) return {};
  Remarks remarks{{}, std::move(warnings_)};
  const std::vector<simulator::KnownTime> predicted = times_->predicted();
  if (!predicted.empty())
    for (Error& warning : kernel_cache::add(*folder_, model_, predicted))
      remarks.warnings.push_back(std::move(warning));
  remarks.notes.push_back("note: kernel times: " + std::to_string(read_) + " read from " +
                          folder_->string() + ", " + std::to_string(predicted.size()) +
                          " predicted");
  return remarks;
}

}  // namespace keel::engine
