#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/base/result.h"

namespace keel::lint {

enum class Severity : std::uint8_t {
  Error,    ///< the vendor's compiler refuses it
  Warning,  ///< it accepts it and does something else than the line says
  Note,     ///< harmless, or for the owner to judge
};

std::string_view name(Severity severity);

/// What can be wrong with a keep list, or with a model where a keep list is concerned. In the order
/// of finding_table.cpp.
enum class FindingKind : std::uint8_t {
  // the file
  ByteOrderMark,
  Utf16,
  InvalidUtf8,
  NulByte,
  PathCharacter,
  PathColon,
  // a line
  Comment,
  BlankLine,
  IndentedType,
  SurroundingBlanks,
  MisspelledPrefix,
  // a name
  UnknownName,
  WrongCase,
  WrongSeparators,
  TensorName,
  PartialName,
  MissingPrefix,
  Wildcard,
  NestedNode,
  // a type
  TypeNotPascalCase,
  OnnxType,
  UnknownType,
  TypeAfterFusion,
  TypeNotInModel,
  // lines together
  DuplicateEntry,
  CoveredByType,
  Overridden,
  // no effect
  ModeKeepsAll,
  CubeWithoutFp32,
  NoFp32Kernel,
  SameEitherWay,
  FoldedNode,
  RemovedIdentity,
  DeadCode,
  NeverRun,
  NoFloats,
  IdleLayout,
  // what is missing
  LayoutLeftOut,
  LayoutAtInput,
  // the list as a whole
  EmptyList,
  KeepsNothing,
  KeepsEverything,
  // the model
  OpsetTooNew,
  NoParser,
  UnnamedNodes,
  DuplicateNodeNames,
  ConstantOverflows,
  ConstantVanishes,
};

/// What is known of a kind of finding.
struct FindingInfo {
  FindingKind kind;
  std::string_view code;  ///< stable: scripts and `keel check --explain` use it
  Severity severity;
  std::string_view explanation;
  std::string_view source;  ///< how the vendor's behaviour is known
};

/// Every kind, in the order of the enumeration.
std::span<const FindingInfo> finding_table();

const FindingInfo& info(FindingKind kind);

/// \error InvalidConfig  no kind has this code; `fix` names the nearest and lists all
Result<FindingInfo> finding_with_code(std::string_view code);

/// How the list can be corrected without a doubt about what its owner meant.
struct Edit {
  enum class Action : std::uint8_t {
    Replace,  ///< the line becomes `text`
    Remove,   ///< the line goes
    Append,   ///< `text` becomes one more line
    Recode,   ///< the text is written anew as UTF-8 without a mark
  };
  Action action = Action::Remove;
  std::string text = {};
};

/// One problem at one place.
struct Finding {
  FindingKind kind;
  std::string file;  ///< as the user gave it
  int line = 0;      ///< from 1; 0: the file as a whole
  std::string what;  ///< as Error::what
  std::string fix;   ///< as Error::fix
  std::optional<Edit> edit = {};
};

/// "keep.cfg:3", or "keep.cfg".
std::string where(const Finding& finding);

/// The finding for those who only run or refuse the list.
Error to_error(const Finding& finding);

}  // namespace keel::lint
