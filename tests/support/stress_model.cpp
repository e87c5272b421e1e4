#include "tests/support/stress_model.h"

#include <array>
#include <cmath>
#include <cstdlib>

#include "compiler/base/random.h"
#include "profiler/accuracy/dataset.h"
#include "tests/support/model_writer.h"

namespace keel::test {
namespace {

constexpr int kBins = 64;
constexpr int kFilters = 40;
constexpr int kFilterBins = 4;
constexpr int kClasses = 16;
constexpr int kOutliers = 4;         // channels
constexpr float kOutlier = 400.0f;   // its square is 2.4 times the largest fp16
constexpr float kFloor = 1e-10f;     // 0 in fp16
constexpr float kMasked = -1e9f;     // -Inf in fp16
constexpr float kBranchGain = 0.5f;  // what a branch adds to the residual stream
constexpr float kLogScale = 0.2f;    // brings logarithms of powers near 1

class StressWriter {
 public:
  explicit StressWriter(const StressOptions& options)
      : options_(options), rng_(options.seed), model_("stress") {}

  StressModel write(const std::filesystem::path& path) {
    model_.input("x", {options_.sequence, kBins});
    model_.output("y", {1, kClasses});
    constants();
    std::string stream = front("x");
    for (int block = 0; block < options_.blocks; ++block) {
      const std::string name = "block_" + std::to_string(block);
      stream = attention(name + "/attention", stream, block < options_.outlier_blocks);
      stream = mlp(name + "/mlp", stream, block);
    }
    head(stream);
    model_.write(path);
    return known_;
  }

 private:
  float between(float low, float high) {
    return low + (high - low) * static_cast<float>(rng_.uniform());
  }
  bool is_outlier(int channel) const { return channel % (options_.width / kOutliers) == 1; }

  void constants() {
    model_.scalar("floor_value", kFloor);
    model_.scalar("log_scale", kLogScale);
    model_.scalar("epsilon", 1e-5f);
    model_.scalar("score_scale",
                  1 / std::sqrt(static_cast<float>(options_.width / options_.heads)));
    model_.scalar("ceiling_value", -kMasked);
    model_.scalar("three", 3.0f);
    model_.scalar("gelu_cubic", 0.044715f);
    model_.scalar("gelu_slope", 0.7978845608f);  // sqrt(2 / pi)
    model_.scalar("one", 1.0f);
    model_.scalar("half", 0.5f);
    int at = 0;
    model_.constant("causal", {options_.sequence, options_.sequence}, [&] {
      const int row = at / options_.sequence;
      const int column = at++ % options_.sequence;
      return column > row ? kMasked : 0.0f;
    });
    model_.integers("heads_shape",
                    {options_.sequence, options_.heads, options_.width / options_.heads});
    model_.integers("stream_shape", {options_.sequence, options_.width});
  }

  // Weights with which independent inputs of variance 1 give results of variance gain^2.
  void weights(const std::string& name, int from, int to, float gain) {
    const float limit = gain * std::sqrt(3.0f / static_cast<float>(from));
    model_.constant(name, {from, to}, [&] { return between(-limit, limit); });
  }

  std::string dense(const std::string& name, const std::string& x, int from, int to, float gain,
                    float outlier = 0) {
    weights(name + "/weight", from, to, gain);
    int channel = 0;
    model_.constant(name + "/bias", {to}, [&] {
      const float spread = between(-0.1f, 0.1f);
      return is_outlier(channel++) ? outlier + spread : spread;
    });
    const std::string product = model_.node(name + "/matmul", "MatMul", {x, name + "/weight"});
    return model_.node(name + "/add", "Add", {product, name + "/bias"});
  }

  std::string front(const std::string& x) {
    int at = 0;  // each filter passes a few neighbouring bins
    model_.constant("front/filters/weight", {kBins, kFilters}, [&] {
      const int bin = at / kFilters;
      const int first = at++ % kFilters * (kBins - kFilterBins) / (kFilters - 1);
      return bin >= first && bin < first + kFilterBins ? 1.0f / kFilterBins : 0.0f;
    });
    const std::string power = model_.node("front/power", "Mul", {x, x});
    const std::string filters =
        model_.node("front/filters", "MatMul", {power, "front/filters/weight"});
    const std::string floor = model_.node("front/floor", "Max", {filters, "floor_value"});
    const std::string log = model_.node("front/log", "Log", {floor});
    known_.cliffs.insert(known_.cliffs.end(), {"front/floor", "front/log"});
    const std::string scaled = model_.node("front/scale", "Mul", {log, "log_scale"});
    return dense("front/projection", scaled, kFilters, options_.width, 1,
                 options_.outlier_blocks > 0 ? kOutlier : 0);
  }

  std::string layer_norm(const std::string& name, const std::string& x, bool has_outliers) {
    // The outliers set the deviation; their gain is small and that of the others large, so that
    // every channel leaves with a magnitude near 1.
    const float deviation =
        has_outliers ? kOutlier * std::sqrt(kOutliers / static_cast<float>(options_.width)) : 1;
    int channel = 0;
    model_.constant(name + "/gamma", {options_.width}, [&] {
      const bool outlier = is_outlier(channel++);
      return between(0.8f, 1.2f) * (has_outliers && outlier ? deviation / kOutlier : deviation);
    });
    model_.constant(name + "/beta", {options_.width}, [&] { return between(-0.1f, 0.1f); });
    const std::string mean = model_.node(name + "/mean", "ReduceMean", {x});
    model_.set("axes", {-1});
    const std::string centred = model_.node(name + "/centre", "Sub", {x, mean});
    const std::string square = model_.node(name + "/square", "Mul", {centred, centred});
    const std::string variance = model_.node(name + "/variance", "ReduceMean", {square});
    model_.set("axes", {-1});
    const std::string shifted = model_.node(name + "/epsilon", "Add", {variance, "epsilon"});
    const std::string root = model_.node(name + "/root", "Sqrt", {shifted});
    const std::string normal = model_.node(name + "/divide", "Div", {centred, root});
    const std::string scaled = model_.node(name + "/scale", "Mul", {normal, name + "/gamma"});
    if (has_outliers) known_.cliffs.push_back(square);
    return model_.node(name + "/shift", "Add", {scaled, name + "/beta"});
  }

  // [sequence, width] -> [heads, ...] with axes sequence 0, head 1, channel 2 permuted.
  std::string split_heads(const std::string& name, const std::string& x,
                          const std::vector<std::int64_t>& permutation) {
    const std::string heads = model_.node(name + "/heads", "Reshape", {x, "heads_shape"});
    const std::string result = model_.node(name + "/transpose", "Transpose", {heads});
    model_.set("perm", permutation);
    return result;
  }

  std::string attention(const std::string& name, const std::string& stream, bool has_outliers) {
    const int width = options_.width;
    const std::string x = layer_norm(name + "/norm", stream, has_outliers);
    const auto projected = [&](const std::string& part,
                               const std::vector<std::int64_t>& permutation) {
      return split_heads(name + "/" + part, dense(name + "/" + part, x, width, width, 1),
                         permutation);
    };
    const std::string query = projected("query", {1, 0, 2});
    const std::string key = projected("key", {1, 2, 0});
    const std::string value = projected("value", {1, 0, 2});
    const std::string scores = model_.node(name + "/scores", "MatMul", {query, key});
    const std::string scaled = model_.node(name + "/scale", "Mul", {scores, "score_scale"});
    const std::string below = model_.node(name + "/ceiling", "Min", {scaled, "ceiling_value"});
    const std::string masked = model_.node(name + "/mask", "Add", {below, "causal"});
    known_.harmless.insert(known_.harmless.end(), {below, masked});
    const std::string shares = model_.node(name + "/softmax", "Softmax", {masked});
    const std::string context = model_.node(name + "/context", "MatMul", {shares, value});
    const std::string frames = model_.node(name + "/frames", "Transpose", {context});
    model_.set("perm", {1, 0, 2});
    const std::string joined = model_.node(name + "/joined", "Reshape", {frames, "stream_shape"});
    const std::string result = dense(name + "/output", joined, width, width, kBranchGain);
    return model_.node(name + "/residual", "Add", {stream, result});
  }

  // x / 2 * (1 + tanh(slope * (x + cubic * x^3))).
  std::string gelu(const std::string& name, const std::string& x) {
    const std::string cube = model_.node(name + "/cube", "Pow", {x, "three"});
    const std::string bent = model_.node(name + "/cubic", "Mul", {cube, "gelu_cubic"});
    const std::string sum = model_.node(name + "/sum", "Add", {x, bent});
    const std::string slope = model_.node(name + "/slope", "Mul", {sum, "gelu_slope"});
    const std::string tanh = model_.node(name + "/tanh", "Tanh", {slope});
    const std::string gate = model_.node(name + "/gate", "Add", {tanh, "one"});
    const std::string gated = model_.node(name + "/gated", "Mul", {x, gate});
    return model_.node(name + "/half", "Mul", {gated, "half"});
  }

  std::string mlp(const std::string& name, const std::string& stream, int block) {
    const int width = options_.width;
    const std::string x = layer_norm(name + "/norm", stream, block < options_.outlier_blocks);
    const std::string hidden = dense(name + "/up", x, width, 4 * width, 1);
    const std::string active = gelu(name + "/gelu", hidden);
    // The last block with outliers takes them back.
    const float outlier = block + 1 == options_.outlier_blocks ? -kOutlier : 0;
    const std::string result =
        dense(name + "/down", active, 4 * width, width, kBranchGain, outlier);
    return model_.node(name + "/residual", "Add", {stream, result});
  }

  void head(const std::string& stream) {
    const std::string x = layer_norm("head/norm", stream, false);
    const std::string pooled = model_.node("head/pool", "ReduceMean", {x});
    model_.set("axes", {0});
    weights("head/weight", options_.width, kClasses, 1);
    model_.node("head/logits", "MatMul", {pooled, "head/weight"}, "y");
  }

  const StressOptions& options_;
  Rng rng_;
  ModelWriter model_;
  StressModel known_;
};

// Noise whose level differs by frame and band and never comes near 0, or digital silence.
void write_samples(const std::filesystem::path& folder, const StressOptions& options) {
  constexpr int kSilentFrames = 8;  // one in so many
  constexpr int kBandBins = 8;
  Rng rng(options.seed + 1);
  for (int s = 0; s < options.samples; ++s) {
    Tensor x(DType::F32, {options.sequence, kBins});
    auto element = x.fill<float>().begin();
    for (int frame = 0; frame < options.sequence; ++frame) {
      const bool is_silent = s % 2 == 1 && rng.below(kSilentFrames) == 0;
      double level = 0;
      for (int bin = 0; bin < kBins; ++bin) {
        if (bin % kBandBins == 0) level = is_silent ? 0 : std::pow(10.0, -rng.uniform());
        const double noise = 2 * rng.uniform() - 1;
        *element++ = static_cast<float>(level * (noise + std::copysign(0.5, noise)));
      }
    }
    if (!accuracy::write_npy(folder / (sample_name(s) + ".npy"), x).ok()) std::abort();
  }
}

}  // namespace

StressModel write_stress_model(const std::filesystem::path& folder, const StressOptions& options) {
  std::filesystem::create_directories(folder / "inputs");
  write_samples(folder / "inputs", options);
  return StressWriter(options).write(folder / "model.onnx");
}

}  // namespace keel::test
