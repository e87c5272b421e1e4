#include "tuner/engine/trial_forms.h"

#include <gtest/gtest.h>

#include "compiler/ascend/keep_list.h"
#include "compiler/base/error_text.h"
#include "tests/compiler/onnx/model_builder.h"

namespace keel::engine {
namespace {

using ascend::PrecisionMode;
using onnx_io::ModelBuilder;
using onnx_io::TemporaryFolder;

struct Opened {
  Opened(const ModelBuilder& model, PrecisionMode mode, const std::string& mixlist = "") {
    ModelOptions options;
    options.model = folder / "m.onnx";
    options.mode = mode;
    std::ofstream(options.model, std::ios::binary) << model.bytes();
    if (!mixlist.empty()) {
      options.modify_mixlist = folder / "mix.json";
      std::ofstream(*options.modify_mixlist) << mixlist;
    }
    Result<Target> opened = open_target(options, std::nullopt);
    EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : to_text(opened.error()));
    target.emplace(*std::move(opened));
  }

  // What keeps the units of these nodes.
  KeptUnits keeping(const std::vector<std::string>& names) const {
    KeptUnits kept;
    for (const UnitFacts& unit : target->units) {
      const bool is_kept = std::ranges::find_first_of(unit.nodes, names) != unit.nodes.end();
      kept.assignment.push_back(is_kept ? 0 : 1);
      kept.listed.push_back(is_kept);
      if (is_kept) kept.nodes.insert(kept.nodes.end(), unit.nodes.begin(), unit.nodes.end());
    }
    return kept;
  }

  TemporaryFolder folder;
  std::optional<Target> target;
};

// x -> Exp -> Softmax -> Exp -> Identity -> Tanh; the Identity is in no unit.
ModelBuilder chain() {
  ModelBuilder model;
  model.input("x", {2, 2}).node("Exp", {"x"}, {"a"}).node("Softmax", {"a"}, {"b"});
  model.node("Exp", {"b"}, {"c"}).node("Identity", {"c"}, {"d"}).node("Tanh", {"d"}, {"y"});
  model.output("y");
  return model;
}

// Two products with an Exp behind each.
ModelBuilder products() {
  ModelBuilder model;
  model.input("x", {2, 2});
  model.node("MatMul", {"x", "x"}, {"m"}).node("Exp", {"m"}, {"a"});
  model.node("MatMul", {"a", "a"}, {"n"}).node("Softmax", {"n"}, {"y"}).output("y");
  return model;
}

std::string text_of(const Result<std::string>& text) {
  return text.ok() ? *text : to_text(text.error());
}

TEST(TrialForms, ShortenTheList) {
  const Opened opened(chain(), PrecisionMode::ForceFp16);
  const KeptUnits kept = opened.keeping({"n_a", "n_c", "n_y"});
  const std::string list = text_of(shortest_list(*opened.target, kept));
  EXPECT_EQ(list, "OpType::Exp\nn_y\n");
  const auto nodes = [&](const std::string& text) {
    return ascend::parse_keep_list(text, opened.target->source.graph.origins(),
                                   opened.target->op_table)
        .nodes();
  };
  EXPECT_EQ(nodes(list), nodes(ascend::keep_list_text(kept.nodes)));
  EXPECT_EQ(text_of(shortest_list(*opened.target, opened.keeping({"n_a"}))), "n_a\n");
}

TEST(TrialForms, GiveKeptOperatorsFloat32) {
  const Opened opened(chain(), PrecisionMode::ForceFp16);
  EXPECT_EQ(text_of(customize_dtypes_text(*opened.target, opened.keeping({"n_a", "n_y"}))),
            "n_a::InputDtype:float32,OutputDtype:float32\n"
            "n_y::InputDtype:float32,OutputDtype:float32\n");
}

TEST(TrialForms, RefuseToCustomizeAnOperatorOfALoopThatIsPartlyKept) {
  ModelBuilder body;
  body.input("i", {}, ::onnx::TensorProto::INT64).input("go", {}, ::onnx::TensorProto::BOOL);
  body.input("v", {2, 2}).node("Exp", {"v"}, {"u"}).output("go").output("u");
  ModelBuilder model;
  model.input("x", {2, 2}).ints("n", {3});
  model.node("Loop", {"n", "", "x"}, {"y"}).set("body", body).output("y");
  const Opened opened(model, PrecisionMode::ForceFp16);
  ASSERT_EQ(opened.target->units.size(), 3U);
  ASSERT_EQ(opened.target->units[0].name, opened.target->units[1].name);
  const KeptUnits kept{{1, 0, 1}, {false, true, false}, opened.target->units[1].nodes};
  const Result<std::string> text = customize_dtypes_text(*opened.target, kept);
  ASSERT_FALSE(text.ok()) << *text;
  EXPECT_EQ(text.error().code, ErrorCode::Unsupported);
  EXPECT_EQ(to_text(text.error()),
            "error: Exp of '" + opened.target->units[0].name +
                "' would not compute with --customize_dtypes as in the trial on Ascend910B3\n"
                "  fix: use the keep list");
}

TEST(TrialForms, RefuseASecondFileOfCustomizeDtypes) {
  Opened opened(chain(), PrecisionMode::ForceFp16);
  opened.target->files.push_back({"customize_dtypes", "/owner/custom.cfg", "digest"});
  EXPECT_EQ(text_of(customize_dtypes_text(*opened.target, opened.keeping({"n_a"}))),
            "error: the study was made with a file of --customize_dtypes, and the vendor's "
            "compiler takes one only\n   at: /owner/custom.cfg\n"
            "  fix: use the keep list beside that file");
}

TEST(TrialForms, PutKeptTypesOnTheBlackList) {
  const Opened opened(products(), PrecisionMode::AllowMixPrecisionFp16);
  EXPECT_EQ(text_of(modify_mixlist_text(*opened.target, opened.keeping({"n_m", "n_n", "n_y"}))),
            R"({
  "black-list": {
    "to-add": [
      "BatchMatMulV2",
      "SoftmaxV2"
    ],
    "to-remove": []
  },
  "white-list": {
    "to-add": [],
    "to-remove": [
      "BatchMatMulV2"
    ]
  },
  "gray-list": {
    "to-add": [],
    "to-remove": [
      "SoftmaxV2"
    ]
  }
}
)");
}

TEST(TrialForms, RepeatWhatTheOwnersFileMoved) {
  const Opened opened(
      products(), PrecisionMode::AllowMixPrecisionFp16,
      R"({"white-list": {"to-add": ["Exp"]}, "gray-list": {"to-remove": ["Exp"]}})");
  EXPECT_EQ(text_of(modify_mixlist_text(*opened.target, opened.keeping({"n_y"}))), R"({
  "black-list": {
    "to-add": [
      "SoftmaxV2"
    ],
    "to-remove": []
  },
  "white-list": {
    "to-add": [
      "Exp"
    ],
    "to-remove": []
  },
  "gray-list": {
    "to-add": [],
    "to-remove": [
      "Exp",
      "SoftmaxV2"
    ]
  }
}
)");
}

TEST(TrialForms, SayWhichTypeIsSplit) {
  const Opened opened(products(), PrecisionMode::AllowMixPrecisionFp16);
  EXPECT_EQ(text_of(modify_mixlist_text(*opened.target, opened.keeping({"n_n"}))),
            "error: the trial keeps no union of whole types, which is all --modify_mixlist can "
            "name: of BatchMatMulV2 it keeps 'n_n' and not 'n_m'\n"
            "  fix: use the keep list, or choose a trial that keeps all of BatchMatMulV2 or none");
}

TEST(TrialForms, HaveNoMixListsOutsideTheMixedModes) {
  const Opened opened(products(), PrecisionMode::ForceFp16);
  EXPECT_EQ(text_of(modify_mixlist_text(*opened.target, opened.keeping({"n_n"}))),
            "error: --modify_mixlist has no effect under force_fp16\n"
            "  fix: leave out --mixlist: the keep list is what this mode reads");
}

}  // namespace
}  // namespace keel::engine
