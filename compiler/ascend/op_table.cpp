#include "compiler/ascend/op_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "compiler/base/file.h"
#include "compiler/base/nearest.h"

namespace keel::ascend {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using TypesByOnnx = std::map<std::string, std::vector<std::string>, std::less<>>;
using DTypesByFamily = std::map<std::string, std::vector<DType>, std::less<>>;
using ListByFamily = std::map<std::string, MixList, std::less<>>;

struct VendorDType {
  std::string_view name;
  DType dtype;
};

constexpr VendorDType kVendorDTypes[] = {
    {"float32", DType::F32}, {"float16", DType::F16}, {"bfloat16", DType::BF16},
    {"double", DType::F64},  {"int8", DType::I8},     {"int16", DType::I16},
    {"int32", DType::I32},   {"int64", DType::I64},   {"uint8", DType::U8},
    {"uint16", DType::U16},  {"uint32", DType::U32},  {"uint64", DType::U64},
    {"bool", DType::Bool},
};

Error damaged(const fs::path& path, const std::string& problem) {
  return {ErrorCode::InvalidConfig, "the operator table cannot be read: " + problem, path.string(),
          "restore the file from the release"};
}

Result<TypesByOnnx> parse_types(const std::string& text, const fs::path& path) {
  try {
    TypesByOnnx types = json::parse(text).at("ops").get<TypesByOnnx>();
    for (const auto& [onnx_op, list] : types) {
      if (list.empty()) return damaged(path, "'" + onnx_op + "' becomes nothing");
    }
    return types;
  } catch (const json::exception& error) {
    return damaged(path, error.what());
  }
}

// What one group of SoC families takes as its first input; empty where the file does not say.
Result<std::vector<DType>> parse_dtypes(const json& group, const fs::path& path) {
  std::vector<DType> dtypes;
  if (!group.contains("in")) return dtypes;
  for (const json& entry : group.at("in")) {
    const auto known =
        std::ranges::find(kVendorDTypes, entry.get<std::string>(), &VendorDType::name);
    if (known == std::end(kVendorDTypes)) return damaged(path, "unknown dtype " + entry.dump());
    dtypes.push_back(known->dtype);
  }
  return dtypes;
}

Result<MixList> parse_list(const json& group, const fs::path& path) {
  if (!group.contains("mix")) return MixList::Gray;
  const std::string text = group.at("mix").get<std::string>();
  for (const MixList list : {MixList::White, MixList::Black, MixList::Gray})
    if (name(list) == text) return list;
  return damaged(path, "unknown mix list '" + text + "'");
}

struct Operators {
  std::map<std::string, DTypesByFamily, std::less<>> dtypes;
  std::map<std::string, ListByFamily, std::less<>> lists;
};

Result<Operators> parse_operators(const std::string& text, const fs::path& path) {
  try {
    Operators operators;
    const json content = json::parse(text);
    for (const auto& [type, info] : content.at("ops").items()) {
      DTypesByFamily& families = operators.dtypes[type];
      for (const json& group : info.at("soc")) {
        KEEL_TRY(const MixList list, parse_list(group, path));
        for (const json& family : group.at("families"))
          operators.lists[type][family.get<std::string>()] = list;
        KEEL_TRY(const std::vector<DType> dtypes, parse_dtypes(group, path));
        if (dtypes.empty()) continue;
        for (const json& family : group.at("families"))
          families[family.get<std::string>()] = dtypes;
      }
    }
    return operators;
  } catch (const json::exception& error) {
    return damaged(path, error.what());
  }
}

}  // namespace

std::string_view name(MixList list) {
  switch (list) {
    case MixList::White:
      return "white";
    case MixList::Black:
      return "black";
    case MixList::Gray:
      return "gray";
  }
  KEEL_CHECK(false);
  return {};
}

Support KernelSet::of(DType dtype) const {
  KEEL_CHECK(is_tunable_float(dtype));
  return dtype == DType::F32 ? fp32 : dtype == DType::F16 ? fp16 : bf16;
}

KernelSet both(const KernelSet& a, const KernelSet& b) {
  return {std::min(a.fp32, b.fp32), std::min(a.fp16, b.fp16), std::min(a.bf16, b.bf16)};
}

Result<OpTable> OpTable::load(const fs::path& configs) {
  const fs::path types_path = configs / "ascend" / "onnx_to_ascend.json";
  const fs::path info_path = configs / "ascend" / "op_info.json";
  KEEL_TRY(const std::string types_text, read_file(types_path));
  KEEL_TRY(const std::string info_text, read_file(info_path));

  OpTable table;
  KEEL_TRY(table.from_onnx_, parse_types(types_text, types_path));
  KEEL_TRY(Operators operators, parse_operators(info_text, info_path));
  table.dtypes_ = std::move(operators.dtypes);
  table.lists_ = std::move(operators.lists);

  for (const auto& [onnx_op, list] : table.from_onnx_)
    table.parsed_types_.insert(list.begin(), list.end());
  std::set<std::string> types(table.parsed_types_.begin(), table.parsed_types_.end());
  for (const auto& [type, families] : table.dtypes_) types.insert(type);
  table.types_.assign(types.begin(), types.end());

  Hasher hasher;
  hasher.add(types_text);
  hasher.add(info_text);
  table.digest_ = hasher.digest();
  return table;
}

std::vector<std::string> OpTable::ascend_types(std::string_view onnx_op) const {
  const auto found = from_onnx_.find(onnx_op);
  if (found == from_onnx_.end()) return {std::string(onnx_op)};
  return found->second;
}

std::string OpTable::primary_type(std::string_view onnx_op) const {
  return ascend_types(onnx_op).front();
}

bool OpTable::has_parser(std::string_view onnx_op) const { return from_onnx_.contains(onnx_op); }

bool OpTable::is_parsed_type(std::string_view type) const { return parsed_types_.contains(type); }

bool OpTable::is_ascend_type(std::string_view type) const {
  return std::ranges::binary_search(types_, type);
}

std::vector<std::string> OpTable::all_types() const { return types_; }

bool OpTable::supports(std::string_view type, std::string_view family, DType dtype) const {
  const auto families = dtypes_.find(type);
  if (families == dtypes_.end()) return true;
  const auto dtypes = families->second.find(family);
  if (dtypes == families->second.end()) return true;
  return std::ranges::find(dtypes->second, dtype) != dtypes->second.end();
}

std::vector<std::string> OpTable::families() const {
  std::set<std::string> found;
  for (const auto& [type, families] : dtypes_)
    for (const auto& [family, dtypes] : families) found.insert(family);
  return {found.begin(), found.end()};
}

Status OpTable::check_family(std::string_view family) const {
  const std::vector<std::string> known = families();
  if (std::ranges::binary_search(known, family)) return Done{};
  const std::vector<std::string> near = nearest(family, known, 1);
  std::string fix = "set 'family' to one of ";
  for (const std::string& name : known) fix += (name == known.front() ? "" : ", ") + name;
  if (!near.empty()) fix = "set 'family' to '" + near.front() + "' (nearest name)";
  return Error{ErrorCode::InvalidConfig,
               "the operator table knows no SoC family '" + std::string(family) + "'", "",
               std::move(fix)};
}

KernelSet OpTable::kernels(std::string_view type, std::string_view family,
                           bool soc_has_bf16) const {
  const auto support = [&](DType dtype) {
    return supports(type, family, dtype) ? Support::Listed : Support::No;
  };
  KernelSet set{support(DType::F32), support(DType::F16), Support::No};
  if (soc_has_bf16) {
    set.bf16 = support(DType::BF16);
    if (set.bf16 == Support::No && set.fp32 != Support::No) set.bf16 = Support::Assumed;
  }
  return set;
}

void OpTable::set_mix_list(const std::string& type, const std::string& family, MixList list) {
  lists_[type][family] = list;
}

MixList OpTable::mix_list(std::string_view type, std::string_view family) const {
  const auto families = lists_.find(type);
  if (families == lists_.end()) return MixList::Gray;
  const auto list = families->second.find(family);
  return list == families->second.end() ? MixList::Gray : list->second;
}

}  // namespace keel::ascend
