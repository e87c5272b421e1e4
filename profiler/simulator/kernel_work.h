#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/ascend/soc.h"
#include "compiler/program/program.h"

namespace keel::simulator {

/// Kernels that share terms and errors of the timing model. Finer than program::KernelClass, which
/// says what may be fused; here it matters how the units of the chip work on it.
enum class TimingClass : std::uint8_t {
  Elementwise,
  Rows,    ///< reductions, softmax, normalisations
  Window,  ///< pooling, resizing
  Layout,  ///< copies and transpositions
  Index,   ///< gathers and scatters, and what is fused to them
  Cast,    ///< alone
  Cube,
  Depthwise,
  Mixed,      ///< products with a softmax between them in one kernel
  Recurrent,  ///< LSTM, GRU, RNN
};
constexpr std::size_t kTimingClasses = 10;
std::string_view name(TimingClass timing_class);

/// \pre kernel.kind is not None
TimingClass timing_class_of(const ir::Graph& graph, const program::Kernel& kernel);

/// What a kernel computes: names of its operators, each once, sorted and joined by '+'. Casts
/// count only where there is nothing else, renamings never. "Cast", "MatMul+Softmax".
std::string signature_of(const ir::Graph& graph, const program::Kernel& kernel);

/// Cycles of the vector unit at its peak rate, by kinds of operators whose cycles a chip family
/// needs more or fewer of than the table of instructions says.
struct VectorWork {
  double plain = 0;
  double activation = 0;  ///< several instructions, in fp32 inside where the table says so
  double softmax = 0;
  double norm = 0;          ///< of kernels that normalise rows
  double channel_norm = 0;  ///< of instance and group normalisation

  double total() const { return plain + activation + softmax + norm + channel_norm; }
};

/// What makes a convolution faster or slower than others of as many multiplications.
struct ConvForm {
  bool grouped = false;          ///< its channels are in several groups
  bool along_a_line = false;     ///< over tensors of batch, channels and one more axis
  bool of_few_channels = false;  ///< up to four come in: the vendor packs those of four positions
                                 ///< where others have sixteen (--enable_small_channel)
};

/// What a kernel asks of a chip, before any fitted parameter.
struct KernelWork {
  TimingClass timing_class = TimingClass::Elementwise;
  double cube_cycles = 0;  ///< of one core at its peak rate
  double fill_cycles = 0;  ///< the same of one tile, which fills and drains the pipeline
  ConvForm conv = {};      ///< of its convolution, where it has one
  double blocks = 0;       ///< times a cube core hands a block to the vector unit and back
  VectorWork vector = {};  ///< of one core
  double steps = 0;        ///< of a recurrence, in all directions
  double rows = 0;         ///< of one core: row_work.h
  double gathered = 0;
  double copied = 0;
  bool strided = false;
  std::int64_t bytes = 0;         ///< moved, of all cores, each tensor once
  std::int64_t weight_bytes = 0;  ///< constants among them
  double bytes_again = 0;         ///< what the tiles of products read more than once
  double streams = 0;             ///< large tensors beyond two
  double relayouts = 0;           ///< tensors of products whose blocks must be padded and cut
  double relayout_bytes = 0;      ///< of these, each read and written
};

/// \pre kernel.kind is not None
KernelWork work_of(const ascend::Soc& soc, const ir::Graph& graph, const program::Kernel& kernel);

/// Work of a cast that stands alone, for a tensor of `elements`.
KernelWork cast_work(const ascend::Soc& soc, std::int64_t elements, DType from, DType to);

}  // namespace keel::simulator
