#include "tests/compiler/onnx/node_forms.h"

namespace keel::onnx_io {
namespace {

using Edit = std::function<void(ModelBuilder&)>;
constexpr std::int64_t kOne = 1;

ModelBuilder& add_inputs(ModelBuilder& model, const std::vector<std::string>& names) {
  for (const std::string& name : names) model.last().add_input(name);
  return model;
}

std::string refused(const std::string& what) {
  return "1 operator cannot be run: " + what + " (1 node) @ m.onnx: node 'n_y'";
}

void set_scales(ModelBuilder& model, const std::vector<float>& scales) {
  auto& added = model.attribute("scales", ::onnx::AttributeProto::FLOATS);
  for (const float scale : scales) added.add_floats(scale);
}

TEST(Resize, TakesEveryAttributeOfOpset18) {
  EXPECT_EQ(form(18, "Resize",
                 [](ModelBuilder& m) {
                   add_inputs(m.ints("s", {4, 6}), {"", "", "s"});
                   m.set("mode", "cubic").set("coordinate_transformation_mode", "align_corners");
                   m.set("nearest_mode", "ceil").set("cubic_coeff_a", -0.5f);
                   m.set("extrapolation_value", 2.0f).set("exclude_outside", kOne);
                   m.set("antialias", kOne).set("keep_aspect_ratio_policy", "not_larger");
                   m.set("axes", Ints{1, 0});
                 }),
            "s: i64[2] = constant {4, 6}\n" +
                node("Resize(x, _, _, s) mode=cubic coordinates=align_corners rounding=ceil "
                     "aspect=not_larger cubic_a=-0.5 extrapolation=2 exclude_outside=true "
                     "antialias=true axes=[1,0]"));
  EXPECT_EQ(form(13, "Resize", [](ModelBuilder& m) { m.set("antialias", kOne); }),
            refused("Resize with attribute 'antialias'"));
  EXPECT_EQ(form(13, "Resize", [](ModelBuilder& m) { m.set("mode", "area"); }),
            refused("Resize with mode 'area'"));
}

TEST(Resize, ReadsARoiOnlyToCrop) {
  const auto with = [](const std::string& coordinates) {
    return form(11, "Resize", [&](ModelBuilder& m) {
      add_inputs(m.floats("r", {0, 0, 1, 1}).floats("s", {2, 2}), {"r", "s"});
      m.set("coordinate_transformation_mode", coordinates);
    });
  };
  const std::string roi = "r: f32[4] = constant {0, 0, 1, 1}\n";
  const std::string scales = "s: f32[2] = constant {2, 2}\n";
  EXPECT_EQ(with("tf_crop_and_resize"),
            roi + scales + node("Resize(x, r, s) coordinates=tf_crop_and_resize"));
  EXPECT_EQ(with("asymmetric"), scales + node("Resize(x, _, s) coordinates=asymmetric") + roi);
}

TEST(Resize, HasTheTransformationOfOpset11) {
  ModelBuilder model(11);
  model.input("x", {1, 1, 4, 4}).node("Resize", {"x"}, {"y"});
  model.set("coordinate_transformation_mode", "tf_half_pixel_for_nn");
  EXPECT_NE(imported(model.output("y")).find("coordinates=tf_half_pixel_for_nn"), std::string::npos)
      << imported(model);
}

TEST(Resize, OfOpset10RoundsDownWhereItGrowsAndUpWhereItShrinks) {
  const auto with = [](const std::vector<float>& scales, const std::string& mode = "nearest") {
    const std::string text = form(10, "Resize", [&](ModelBuilder& m) {
      add_inputs(m.floats("s", scales), {"s"}).set("mode", mode);
    });
    return text.substr(0, text.find(" origins"));
  };
  EXPECT_EQ(with({1, 2}),
            "s: f32[2] = constant {1, 2}\n"
            "y = Resize(x, _, s) coordinates=asymmetric rounding=floor");
  EXPECT_EQ(with({1, 0.5f}),
            "s: f32[2] = constant {1, 0.5}\n"
            "y = Resize(x, _, s) coordinates=asymmetric rounding=ceil");
  EXPECT_EQ(with({0.5f, 2}, "linear"),
            "s: f32[2] = constant {0.5, 2}\n"
            "y = Resize(x, _, s) mode=linear coordinates=asymmetric rounding=floor");
  EXPECT_EQ(with({0.5f, 2}),
            "n_y/shrinking: f32[2] = constant {0.5, 1}\n"
            "y/partial_1 = Resize(x, _, n_y/shrinking) coordinates=asymmetric rounding=ceil");
}

TEST(Upsample, IsAResize) {
  const std::string resize = " coordinates=asymmetric rounding=floor origins=[\"n_y\" Upsample]\n";
  EXPECT_EQ(form(7, "Upsample",
                 [](ModelBuilder& m) {
                   set_scales(m, {1, 2});
                 }),
            "n_y/scales: f32[2] = constant {1, 2}\ny = Resize(x, _, n_y/scales)" + resize);
  EXPECT_EQ(form(9, "Upsample",
                 [](ModelBuilder& m) {
                   add_inputs(m.floats("s", {1, 2}), {"s"}).set("mode", "linear");
                 }),
            "s: f32[2] = constant {1, 2}\ny = Resize(x, _, s) mode=linear" + resize);
  EXPECT_EQ(form(9, "Upsample"), "Upsample has no scales @ m.onnx: node 'n_y' (Upsample)");
}

TEST(GridSample, HasTheModesOfBothOpsets) {
  const auto with = [](std::int64_t opset, const std::string& mode) {
    return form(opset, "GridSample", [&](ModelBuilder& m) {
      add_inputs(m, {"x"});
      if (!mode.empty()) m.set("mode", mode);
    });
  };
  EXPECT_EQ(with(16, ""), node("GridSample(x, x)"));
  EXPECT_EQ(with(16, "bicubic"), node("GridSample(x, x) mode=cubic"));
  EXPECT_EQ(with(16, "sinc"), refused("GridSample with mode 'sinc'"));
}

TEST(RoiAlign, MovesByHalfAPixelSinceOpset16) {
  const Edit inputs = [](ModelBuilder& m) { add_inputs(m, {"x", "x"}); };
  EXPECT_EQ(form(10, "RoiAlign", inputs), node("RoiAlign(x, x, x)"));
  EXPECT_EQ(
      form(16, "RoiAlign",
           [&](ModelBuilder& m) {
             inputs(m);
             m.set("mode", "max").set("output_height", kOne + 1).set("output_width", kOne + 2);
             m.set("sampling_ratio", kOne).set("spatial_scale", 0.5f);
           }),
      node("RoiAlign(x, x, x) max=true half_pixel=true height=2 width=3 sampling_ratio=1 "
           "spatial_scale=0.5"));
  EXPECT_EQ(form(16, "RoiAlign",
                 [&](ModelBuilder& m) {
                   inputs(m);
                   m.set("coordinate_transformation_mode", "output_half_pixel");
                 }),
            node("RoiAlign(x, x, x)"));
}

TEST(TopK, TakesKAsAnInput) {
  EXPECT_EQ(form(9, "TopK", [](ModelBuilder& m) { m.set("k", kOne).set("axis", std::int64_t{0}); }),
            "n_y/k: i64[1] = constant {1}\n" + node("TopK(x, n_y/k) axis=0"));
  EXPECT_EQ(form(9, "TopK"), "attribute 'k' is missing @ m.onnx: node 'n_y' (TopK)");
  EXPECT_EQ(form(11, "TopK",
                 [](ModelBuilder& m) {
                   add_inputs(m.ints("k", {1}), {"k"}).last().add_output("z");
                   m.set("largest", std::int64_t{0}).set("sorted", std::int64_t{0});
                 }),
            "k: i64[1] = constant {1}\n"
            "y, z = TopK(x, k) largest=false sorted=false origins=[\"n_y\"]\n");
}

TEST(IndexOperators, TakeTheirAttributes) {
  const auto with = [](std::int64_t opset, const std::string& op, int more, const Edit& edit) {
    return form(opset, op, [&](ModelBuilder& m) {
      add_inputs(m, std::vector<std::string>(static_cast<std::size_t>(more), "x"));
      edit(m);
    });
  };
  const Edit axis = [](ModelBuilder& m) { m.set("axis", kOne); };
  const Edit none = [](ModelBuilder&) {};
  EXPECT_EQ(with(13, "GatherElements", 1, axis), node("GatherElements(x, x) axis=1"));
  EXPECT_EQ(with(12, "GatherND", 1, [](ModelBuilder& m) { m.set("batch_dims", kOne); }),
            node("GatherND(x, x) batch_dims=1"));
  EXPECT_EQ(with(9, "Scatter", 2, axis),
            "y = ScatterElements(x, x, x) axis=1 origins=[\"n_y\" Scatter]\n");
  const Edit max = [](ModelBuilder& m) { m.set("reduction", "max"); };
  EXPECT_EQ(with(18, "ScatterElements", 2, max), node("ScatterElements(x, x, x) reduction=max"));
  EXPECT_EQ(with(18, "ScatterND", 2, max), node("ScatterND(x, x, x) reduction=max"));
  EXPECT_EQ(with(18, "ScatterND", 2, [](ModelBuilder& m) { m.set("reduction", "mean"); }),
            refused("ScatterND with reduction 'mean'"));
  EXPECT_EQ(with(11, "OneHot", 2, axis), node("OneHot(x, x, x) axis=1"));
  EXPECT_EQ(with(9, "EyeLike", 0, [](ModelBuilder& m) { m.set("k", kOne).set("dtype", kOne + 6); }),
            node("EyeLike(x) k=1 has_dtype=true dtype=i64"));
  EXPECT_EQ(with(9, "EyeLike", 0, [](ModelBuilder& m) { m.set("dtype", kOne + 7); }),
            refused("EyeLike of STRING"));
  EXPECT_EQ(with(11, "Compress", 1, axis), node("Compress(x, x) has_axis=true axis=1"));
  EXPECT_EQ(with(11, "Compress", 1, none), node("Compress(x, x)"));
  EXPECT_EQ(with(11, "Unique", 0, [](ModelBuilder& m) { m.set("sorted", std::int64_t{0}); }),
            node("Unique(x) sorted=false"));
  EXPECT_EQ(
      with(11, "NonMaxSuppression", 1, [](ModelBuilder& m) { m.set("center_point_box", kOne); }),
      node("NonMaxSuppression(x, x) center_point_box=true"));
  EXPECT_EQ(with(11, "Range", 2, none), node("Range(x, x, x)"));
  EXPECT_EQ(with(12, "ArgMin", 0,
                 [](ModelBuilder& m) {
                   m.set("select_last_index", kOne).set("keepdims", std::int64_t{0});
                 }),
            node("ArgMin(x) keepdims=false select_last=true"));
  EXPECT_EQ(with(11, "CumSum", 1, [](ModelBuilder& m) { m.set("exclusive", kOne); }),
            node("CumSum(x, x) exclusive=true"));
  EXPECT_EQ(with(11, "Hardmax", 0, none), node("Hardmax(x) axis=1 flatten=true"));
  EXPECT_EQ(with(13, "Hardmax", 0, none), node("Hardmax(x)"));
}

TEST(MovingOperators, TakeTheirAttributes) {
  const auto blocks = [](const std::string& mode) {
    return [mode](ModelBuilder& m) {
      m.set("blocksize", kOne + 1);
      if (!mode.empty()) m.set("mode", mode);
    };
  };
  EXPECT_EQ(form(10, "DepthToSpace", blocks("")), node("DepthToSpace(x) block=2"));
  EXPECT_EQ(form(11, "DepthToSpace", blocks("CRD")),
            node("DepthToSpace(x) block=2 channel_first=true"));
  EXPECT_EQ(form(11, "DepthToSpace", blocks("RDC")), refused("DepthToSpace with mode 'RDC'"));
  EXPECT_EQ(form(13, "SpaceToDepth", blocks("")), node("SpaceToDepth(x) block=2"));
  EXPECT_EQ(
      form(10, "ReverseSequence",
           [](ModelBuilder& m) {
             add_inputs(m.ints("l", {1, 1}), {"l"});
             m.set("batch_axis", std::int64_t{0}).set("time_axis", kOne);
           }),
      "l: i64[2] = constant {1, 1}\n" + node("ReverseSequence(x, l) batch_axis=0 time_axis=1"));
  EXPECT_EQ(form(14, "Trilu", [](ModelBuilder& m) { m.set("upper", std::int64_t{0}); }),
            node("Trilu(x) upper=false"));
  EXPECT_EQ(form(18, "CenterCropPad",
                 [](ModelBuilder& m) { add_inputs(m.ints("s", {1}), {"s"}).set("axes", Ints{1}); }),
            "s: i64[1] = constant {1}\n" + node("CenterCropPad(x, s) axes=[1]"));
  EXPECT_EQ(form(13, "Size"), node("Size(x)"));
}

}  // namespace
}  // namespace keel::onnx_io
