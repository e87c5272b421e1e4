#include "profiler/accuracy/sample_files.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <optional>

#include "compiler/base/nearest.h"

namespace keel::accuracy {
namespace {

namespace fs = std::filesystem;

struct NaturalLess {
  bool operator()(std::string_view a, std::string_view b) const { return natural_less(a, b); }
};

/// sample name -> one path per input, empty where no file was seen
using FilesByName = std::map<std::string, std::vector<fs::path>, NaturalLess>;

Error bad_data(std::string what, const fs::path& where, std::string fix) {
  return {ErrorCode::InvalidConfig, std::move(what), where.string(), std::move(fix)};
}

std::string names_of(std::span<const Port> inputs) {
  std::string text;
  for (const Port& input : inputs) text += (text.empty() ? "'" : ", '") + input.name + "'";
  return text;
}

Result<std::vector<fs::path>> entries_of(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> entries;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code))
    entries.push_back(entry->path());
  if (code)
    return Error{ErrorCode::NotReadable, "cannot list the folder: " + code.message(),
                 folder.string(), "check the path"};
  std::ranges::sort(entries, NaturalLess{},
                    [](const fs::path& path) { return path.filename().string(); });
  return entries;
}

bool is_data_file(const fs::path& path) {
  const std::string extension = path.extension().string();
  return (extension == ".npy" || extension == ".bin") && !path.filename().string().starts_with('.');
}

bool is_test_data_set(const fs::path& path) {
  return path.filename().string().starts_with("test_data_set_") && fs::is_directory(path);
}

Status claim(FilesByName& samples, const std::string& sample, std::size_t input,
             const fs::path& path, std::span<const Port> inputs) {
  std::vector<fs::path>& files = samples[sample];
  files.resize(inputs.size());
  if (!files[input].empty())
    return bad_data("sample '" + sample + "' has two files for input '" + inputs[input].name +
                        "': '" + files[input].filename().string() + "' and '" +
                        path.filename().string() + "'",
                    path, "remove one of them");
  files[input] = path;
  return Done{};
}

// The input whose file name ends `stem`; of several the longest, as "000.a.b" is for "a.b", not
// "b".
std::optional<std::size_t> input_of(const std::string& stem,
                                    std::span<const std::string> suffixes) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < suffixes.size(); ++i)
    if (stem.size() > suffixes[i].size() && stem.ends_with(suffixes[i]) &&
        (!found || suffixes[i].size() > suffixes[*found].size()))
      found = i;
  return found;
}

Error unknown_input(const fs::path& path, std::span<const Port> inputs) {
  const std::string stem = path.stem().string();
  const std::size_t dot = stem.find('.');
  std::vector<std::string> names;
  for (const Port& input : inputs) names.push_back(file_name_of(input.name));
  std::vector<std::string> closest;
  if (dot != std::string::npos) closest = nearest(stem.substr(dot + 1), names, 1);
  return bad_data(
      "'" + path.filename().string() + "' is for no input of the model (" + names_of(inputs) + ")",
      path,
      closest.empty() ? "rename it to SAMPLE.INPUT" + path.extension().string() + " or remove it"
                      : "rename it to '" + stem.substr(0, dot) + "." + closest[0] +
                            path.extension().string() + "' (nearest name) or remove it");
}

Result<FilesByName> match_flat(std::span<const fs::path> files, std::span<const Port> inputs) {
  std::vector<std::string> suffixes;
  for (const Port& input : inputs) suffixes.push_back("." + file_name_of(input.name));
  const bool named = inputs.size() != 1 || std::ranges::any_of(files, [&](const fs::path& path) {
                       return input_of(path.stem().string(), suffixes).has_value();
                     });

  FilesByName samples;
  for (const fs::path& path : files) {
    std::string sample = path.stem().string();
    std::size_t input = 0;
    if (named) {
      const std::optional<std::size_t> found = input_of(sample, suffixes);
      if (!found) return unknown_input(path, inputs);
      input = *found;
      sample.resize(sample.size() - suffixes[input].size());
    }
    KEEL_TRY_STATUS(claim(samples, sample, input, path, inputs));
  }
  return samples;
}

// "input_12.pb" -> 12
std::optional<std::size_t> pb_input(const std::string& name) {
  constexpr std::string_view kPrefix = "input_";
  if (!name.starts_with(kPrefix) || !name.ends_with(".pb")) return std::nullopt;
  std::size_t input = 0;
  const auto [end, code] =
      std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), input);
  if (code != std::errc() || std::string_view(end) != ".pb") return std::nullopt;
  return input;
}

Result<FilesByName> match_test_data_sets(std::span<const fs::path> folders,
                                         std::span<const Port> inputs) {
  FilesByName samples;
  for (const fs::path& folder : folders) {
    const std::string sample = folder.filename().string();
    samples[sample].resize(inputs.size());
    KEEL_TRY(const std::vector<fs::path> entries, entries_of(folder));
    for (const fs::path& path : entries) {
      const std::optional<std::size_t> input = pb_input(path.filename().string());
      if (!input) continue;
      if (*input >= inputs.size())
        return bad_data("'" + path.filename().string() + "' is for no input of the model: it has " +
                            std::to_string(inputs.size()) + ", counted from 0 (" +
                            names_of(inputs) + ")",
                        path, "remove the file, or name the folder of this model");
      KEEL_TRY_STATUS(claim(samples, sample, *input, path, inputs));
    }
  }
  return samples;
}

Status check_file_names(std::span<const Port> inputs) {
  std::map<std::string, std::string, std::less<>> seen;
  for (const Port& input : inputs) {
    const auto [other, is_new] = seen.emplace(file_name_of(input.name), input.name);
    if (!is_new)
      return bad_data("inputs '" + other->second + "' and '" + input.name +
                          "' would both read files named SAMPLE." + other->first + ".npy",
                      "", "rename one of these inputs in the model");
  }
  return Done{};
}

Error no_samples(const fs::path& folder, std::size_t entries) {
  return bad_data("no samples: no *.npy, *.bin or test_data_set_* among " +
                      std::to_string(entries) + (entries == 1 ? " entry" : " entries"),
                  folder, "save one array a sample with numpy.save as 000.npy, 001.npy, ...");
}

}  // namespace

Result<std::vector<SampleFiles>> find_sample_files(const fs::path& folder,
                                                   std::span<const Port> inputs) {
  const fs::path inside = folder / "inputs";
  const fs::path root = fs::is_directory(inside) ? inside : folder;
  KEEL_TRY(const std::vector<fs::path> entries, entries_of(root));

  std::vector<fs::path> sets;
  std::ranges::copy_if(entries, std::back_inserter(sets), is_test_data_set);
  std::vector<fs::path> files;
  std::ranges::copy_if(entries, std::back_inserter(files), is_data_file);
  if (sets.empty() && files.empty()) return no_samples(root, entries.size());
  if (!sets.empty() && !files.empty())
    return bad_data("both '" + files[0].filename().string() + "' and '" +
                        sets[0].filename().string() + "' could be the samples",
                    root, "leave only one kind in the folder");

  if (sets.empty()) {
    KEEL_TRY_STATUS(check_file_names(inputs));
  }
  KEEL_TRY(const FilesByName samples,
           sets.empty() ? match_flat(files, inputs) : match_test_data_sets(sets, inputs));
  std::vector<SampleFiles> result;
  for (const auto& [name, paths] : samples) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (paths[i].empty())
        return bad_data("sample '" + name + "' has no file for input '" + inputs[i].name + "'",
                        root,
                        "add " +
                            (sets.empty() ? name + "." + file_name_of(inputs[i].name) + ".npy"
                                          : name + "/input_" + std::to_string(i) + ".pb") +
                            ", or make the input a constant with --input_value");
    result.push_back({name, paths});
  }
  return result;
}

bool natural_less(std::string_view a, std::string_view b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto number_at = [&](std::string_view text, std::size_t from) {
    std::size_t end = from;
    while (end < text.size() && is_digit(text[end])) ++end;
    while (from + 1 < end && text[from] == '0') ++from;
    return std::pair(text.substr(from, end - from), end);
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto [x, x_end] = number_at(a, i);
      const auto [y, y_end] = number_at(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      i = x_end;
      j = y_end;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
    }
  }
  if (a.size() - i != b.size() - j) return a.size() - i < b.size() - j;
  return a < b;  // "1" and "01" are two names
}

}  // namespace keel::accuracy
