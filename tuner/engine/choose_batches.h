#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stop_token>

#include "tuner/engine/sample_batches.h"

namespace keel::engine {

/// Batches of the size that takes the least time, found by executing the variant that lowers
/// everything. Null where samples are best run one by one: the model does not allow anything else,
/// it is no faster, or a bit differs of what that variant or the one that keeps everything gives.
/// \param data  the folder that Bench::data was read from
/// \param most  samples of a batch at most
std::unique_ptr<const SampleBatches> choose_batches(const Bench& bench, const search::Space& space,
                                                    const ModelOptions& options,
                                                    const std::filesystem::path& data,
                                                    std::size_t most, const std::stop_token& stop);

}  // namespace keel::engine
