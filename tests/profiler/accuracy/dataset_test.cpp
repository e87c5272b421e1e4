#include "profiler/accuracy/dataset.h"

#include <gtest/gtest.h>

#include <cmath>

#include "profiler/accuracy/npy_header.h"
#include "tests/profiler/accuracy/data_folder.h"

namespace keel::accuracy {
namespace {

namespace fs = std::filesystem;

class DatasetFolder : public test::DataFolder {
 protected:
  void put_floats(const std::string& name, Shape shape, std::vector<float> values) const {
    fs::create_directories((folder() / name).parent_path());
    ASSERT_TRUE(write_npy(folder() / name, make_f32(std::move(shape), values)).ok());
  }
  Result<Dataset> load(const std::vector<Port>& inputs,
                       const std::optional<fs::path>& labels = {}) const {
    return load_dataset(folder(), inputs, labels);
  }
};

const std::vector<Port> kPair = {{"x", {DType::F32, {1, 2}}}};

TEST_F(DatasetFolder, IsReadInTheOrderOfNames) {
  put_floats("1.npy", {1, 2}, {3, 4});
  put_floats("0.npy", {1, 2}, {1, 2});
  const Result<Dataset> data = load(kPair);
  ASSERT_TRUE(data.ok()) << error_of(data);
  ASSERT_EQ(data->samples.size(), 2u);
  EXPECT_EQ(data->samples[1].name, "1");
  EXPECT_EQ(data->samples[1].inputs[0].as<float>()[0], 3.0f);
  EXPECT_TRUE(data->labels.empty());
}

TEST_F(DatasetFolder, ReadsRawDataInTheInputsDtype) {
  const std::uint16_t half[] = {0x3c00, 0xc000};
  put("0.bin", std::string_view(reinterpret_cast<const char*>(half), sizeof half));
  const Result<Dataset> data = load({{"x", {DType::F16, {2}}}});
  ASSERT_TRUE(data.ok()) << error_of(data);
  EXPECT_EQ(data->samples[0].inputs[0].as<float>()[1], -2.0f);
}

TEST_F(DatasetFolder, ConvertsToTheInputsDtype) {
  ASSERT_TRUE(write_npy(folder() / "0.npy", make_i64({2}, std::vector<std::int64_t>{5, -6})).ok());
  const Result<Dataset> data = load({{"x", {DType::I32, {2}}}});
  ASSERT_TRUE(data.ok()) << error_of(data);
  EXPECT_EQ(data->samples[0].inputs[0].as<std::int32_t>()[1], -6);
}

TEST_F(DatasetFolder, ReadsOnnxTestDataSets) {
  // TensorProto: dims = 1, 2; data_type = FLOAT; raw_data = 1.0f, 2.0f
  const std::string tensor("\x08\x01\x08\x02\x10\x01\x4a\x08\x00\x00\x80\x3f\x00\x00\x00\x40", 16);
  put("test_data_set_0/input_0.pb", tensor);
  const Result<Dataset> data = load(kPair);
  ASSERT_TRUE(data.ok()) << error_of(data);
  EXPECT_EQ(data->samples[0].name, "test_data_set_0");
  EXPECT_EQ(data->samples[0].inputs[0].as<float>()[1], 2.0f);
}

TEST_F(DatasetFolder, TakesLabelsBesideTheSamplesOrFromAFile) {
  put_floats("inputs/0.npy", {1, 2}, {3, 4});
  put("labels.json", "[7]");
  EXPECT_EQ(load(kPair)->labels, std::vector<std::int64_t>{7});
  EXPECT_EQ(load(kPair, put("other.json", "[8]"))->labels, std::vector<std::int64_t>{8});
}

TEST_F(DatasetFolder, DigestTellsNamesContentAndLabelsApart) {
  put_floats("0.npy", {1, 2}, {1, 2});
  const Digest first = load(kPair)->digest;
  EXPECT_EQ(load(kPair)->digest, first);
  put("labels.json", "[7]");
  const Digest labelled = load(kPair)->digest;
  EXPECT_NE(labelled, first);
  fs::remove(folder() / "labels.json");
  put_floats("0.npy", {1, 2}, {1, 3});
  EXPECT_NE(load(kPair)->digest, first);
  put_floats("0.npy", {1, 2}, {1, 2});
  fs::rename(folder() / "0.npy", folder() / "1.npy");
  EXPECT_NE(load(kPair)->digest, first);
}

TEST_F(DatasetFolder, RefusesNanAndSaysWhere) {
  put_floats("000.npy", {1, 2}, {1, NAN});
  EXPECT_EQ(error_of(load(kPair)),
            "error: input 'x' holds nan at element 1 of f32[1,2]\n"
            "   at: FOLDER/000.npy\n"
            "  fix: repair the sample or remove it");
}

TEST_F(DatasetFolder, RefusesInfinityAndSaysItsSign) {
  put_floats("000.npy", {1, 2}, {-INFINITY, NAN});
  EXPECT_EQ(error_of(load(kPair)),
            "error: input 'x' holds -inf at element 0 of f32[1,2]\n"
            "   at: FOLDER/000.npy\n"
            "  fix: repair the sample or remove it");
}

TEST_F(DatasetFolder, SaysThatInputShapeSetsAnExtent) {
  put_floats("000.npy", {1, 3}, {1, 2, 3});
  EXPECT_EQ(error_of(load(kPair)),
            "error: shape is [1,3], input 'x' takes [1,2]\n"
            "   at: FOLDER/000.npy\n"
            "  fix: give every sample the shape [1,2], or set the model's with --input_shape "
            "'x:1,3'");
}

TEST_F(DatasetFolder, SaysWhichShapeAnotherRankMustBecome) {
  put_floats("000.npy", {2}, {1, 2});
  EXPECT_EQ(error_of(load(kPair)),
            "error: shape is [2], input 'x' takes [1,2]\n"
            "   at: FOLDER/000.npy\n"
            "  fix: give every sample the shape [1,2]; --input_shape sets the extents of the "
            "model's");
}

TEST_F(DatasetFolder, RefusesFloatsForAnIntegerInput) {
  put_floats("000.npy", {2}, {1, 2});
  EXPECT_EQ(error_of(load({{"ids", {DType::I64, {2}}}})),
            "error: dtype is f32, the input takes i64\n"
            "   at: FOLDER/000.npy: input 'ids'\n"
            "  fix: save the data as i64");
}

TEST_F(DatasetFolder, RefusesRawDataOfAnotherSize) {
  put("000.bin", "12345");
  EXPECT_EQ(error_of(load(kPair)),
            "error: the file has 5 bytes, input 'x' of f32[1,2] takes 8\n"
            "   at: FOLDER/000.bin\n"
            "  fix: write the elements in C order and nothing else, or save a .npy file");
}

TEST_F(DatasetFolder, NamesTheTruncatedFile) {
  put("000.npy", npy_header_text({DType::F32, {1, 2}}) + "1234");
  EXPECT_EQ(error_of(load(kPair)),
            "error: f32[1,2] takes 8 bytes, the file has 4 after its header\n"
            "   at: FOLDER/000.npy\n"
            "  fix: write the file again with numpy.save, one array a file");
}

TEST_F(DatasetFolder, RefusesLabelsOfAnotherNumber) {
  put_floats("000.npy", {1, 2}, {1, 2});
  put("labels.json", "[1, 2]");
  EXPECT_EQ(error_of(load(kPair)),
            "error: 2 labels for 1 sample\n"
            "   at: FOLDER/labels.json\n"
            "  fix: write one label a sample, in the order of the samples' names");
}

TEST(FileNameOf, ReplacesWhatAFileNameCannotHold) {
  EXPECT_EQ(file_name_of("Identity:0"), "Identity_0");
  EXPECT_EQ(file_name_of("a/b\\c*d?e\"f<g>h|i\nj"), "a_b_c_d_e_f_g_h_i_j");
  EXPECT_EQ(file_name_of("input.1"), "input.1");
}

}  // namespace
}  // namespace keel::accuracy
