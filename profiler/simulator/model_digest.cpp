#include "profiler/simulator/model_digest.h"

#include "source_digest.h"  // made by the build

namespace keel::simulator {

Digest model_digest(const ascend::Soc& soc) {
  Hasher hasher;
  hasher.add(std::string_view(kSourceDigest));
  hasher.add(soc.digest);
  return hasher.digest();
}

}  // namespace keel::simulator
