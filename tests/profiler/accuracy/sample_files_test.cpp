#include "profiler/accuracy/sample_files.h"

#include <gtest/gtest.h>

#include "tests/profiler/accuracy/data_folder.h"

namespace keel::accuracy {
namespace {

class SampleFilesFolder : public test::DataFolder {
 protected:
  // "000: x.npy y.npy; 001: ..." or the error
  std::string found(const std::vector<Port>& inputs) const {
    const Result<std::vector<SampleFiles>> samples = find_sample_files(folder(), inputs);
    if (!samples.ok()) return error_of(samples);
    std::string text;
    for (const SampleFiles& sample : *samples) {
      text += (text.empty() ? "" : "; ") + sample.name + ":";
      for (const std::filesystem::path& path : sample.inputs)
        text += " " + path.lexically_relative(folder()).string();
    }
    return text;
  }

  void put_all(std::initializer_list<const char*> names) const {
    for (const char* name : names) put(name, "");
  }
};

const std::vector<Port> kOne = {{"x", {DType::F32, {1}}}};
const std::vector<Port> kTwo = {{"input", {DType::F32, {1}}}, {"state", {DType::F32, {1}}}};

TEST_F(SampleFilesFolder, HoldsOneFileASampleForOneInput) {
  put_all({"001.bin", "000.npy", "notes.txt", "labels.json", ".hidden.npy"});
  EXPECT_EQ(found(kOne), "000: 000.npy; 001: 001.bin");
}

TEST_F(SampleFilesFolder, MayNameItsOnlyInput) {
  put_all({"000.x.npy", "001.x.npy"});
  EXPECT_EQ(found(kOne), "000: 000.x.npy; 001: 001.x.npy");
}

TEST_F(SampleFilesFolder, IsSearchedInItsInputs) {
  put_all({"inputs/0.npy", "expected/0.npy"});
  EXPECT_EQ(found(kOne), "0: inputs/0.npy");
}

TEST_F(SampleFilesFolder, OrdersNumbersAsNumbers) {
  put_all({"10.npy", "9.npy", "1.npy", "img2.npy", "img10.npy"});
  EXPECT_EQ(found(kOne), "1: 1.npy; 9: 9.npy; 10: 10.npy; img2: img2.npy; img10: img10.npy");
}

TEST_F(SampleFilesFolder, NamesTheInputWhereThereAreSeveral) {
  put_all({"000.state.npy", "000.input.bin", "a.b.input.npy", "a.b.state.npy"});
  EXPECT_EQ(found(kTwo), "000: 000.input.bin 000.state.npy; a.b: a.b.input.npy a.b.state.npy");
}

TEST_F(SampleFilesFolder, ReplacesCharactersAFileNameCannotHold) {
  put_all({"0.a_b_0.npy", "0.c.npy"});
  EXPECT_EQ(found({{"a/b:0", {}}, {"c", {}}}), "0: 0.a_b_0.npy 0.c.npy");
}

TEST_F(SampleFilesFolder, GivesAFileToTheInputOfTheLongestName) {
  put_all({"0.a.b.npy", "0.b.npy"});
  EXPECT_EQ(found({{"b", {}}, {"a.b", {}}}), "0: 0.b.npy 0.a.b.npy");
}

TEST_F(SampleFilesFolder, HoldsOnnxTestDataSets) {
  put_all({"test_data_set_10/input_0.pb", "test_data_set_10/input_1.pb", "model.onnx",
           "test_data_set_2/input_0.pb", "test_data_set_2/input_1.pb",
           "test_data_set_2/output_0.pb"});
  EXPECT_EQ(found(kTwo),
            "test_data_set_2: test_data_set_2/input_0.pb test_data_set_2/input_1.pb; "
            "test_data_set_10: test_data_set_10/input_0.pb test_data_set_10/input_1.pb");
}

TEST_F(SampleFilesFolder, IsAnErrorWhenEmpty) {
  put("notes.txt", "");
  EXPECT_EQ(found(kOne),
            "error: no samples: no *.npy, *.bin or test_data_set_* among 1 entry\n"
            "   at: FOLDER\n"
            "  fix: save one array a sample with numpy.save as 000.npy, 001.npy, ...");
}

TEST_F(SampleFilesFolder, IsAnErrorWhenMissing) {
  const Result<std::vector<SampleFiles>> samples = find_sample_files(folder() / "none", kOne);
  EXPECT_EQ(error_of(samples),
            "error: cannot list the folder: No such file or directory\n"
            "   at: FOLDER/none\n"
            "  fix: check the path");
  EXPECT_EQ(samples.error().code, ErrorCode::NotReadable);
}

TEST_F(SampleFilesFolder, ReportsAnInputWithoutAFile) {
  put_all({"000.input.npy", "000.state.npy", "001.input.npy"});
  EXPECT_EQ(found(kTwo),
            "error: sample '001' has no file for input 'state'\n"
            "   at: FOLDER\n"
            "  fix: add 001.state.npy, or make the input a constant with --input_value");
}

TEST_F(SampleFilesFolder, ReportsATestDataSetWithoutAnInput) {
  put_all({"test_data_set_0/input_0.pb"});
  EXPECT_EQ(
      found(kTwo),
      "error: sample 'test_data_set_0' has no file for input 'state'\n"
      "   at: FOLDER\n"
      "  fix: add test_data_set_0/input_1.pb, or make the input a constant with --input_value");
}

TEST_F(SampleFilesFolder, ReportsAFileForAnUnknownInputWithTheNearest) {
  put_all({"000.input.npy", "000.stat.npy"});
  EXPECT_EQ(found(kTwo),
            "error: '000.stat.npy' is for no input of the model ('input', 'state')\n"
            "   at: FOLDER/000.stat.npy\n"
            "  fix: rename it to '000.state.npy' (nearest name) or remove it");
}

TEST_F(SampleFilesFolder, ReportsAFileThatNamesNoInputAtAll) {
  put_all({"000.npy"});
  EXPECT_EQ(found(kTwo),
            "error: '000.npy' is for no input of the model ('input', 'state')\n"
            "   at: FOLDER/000.npy\n"
            "  fix: rename it to SAMPLE.INPUT.npy or remove it");
}

TEST_F(SampleFilesFolder, ReportsATestDataFileForAnUnknownInput) {
  put_all({"test_data_set_0/input_0.pb", "test_data_set_0/input_1.pb"});
  EXPECT_EQ(found(kOne),
            "error: 'input_1.pb' is for no input of the model: it has 1, counted from 0 ('x')\n"
            "   at: FOLDER/test_data_set_0/input_1.pb\n"
            "  fix: remove the file, or name the folder of this model");
}

TEST_F(SampleFilesFolder, ReportsTwoFilesForOneInput) {
  put_all({"000.bin", "000.npy"});
  EXPECT_EQ(found(kOne),
            "error: sample '000' has two files for input 'x': '000.bin' and '000.npy'\n"
            "   at: FOLDER/000.npy\n"
            "  fix: remove one of them");
}

TEST_F(SampleFilesFolder, ReportsInputsThatShareAFileName) {
  put_all({"0.a_b.npy"});
  EXPECT_EQ(found({{"a/b", {}}, {"a:b", {}}}),
            "error: inputs 'a/b' and 'a:b' would both read files named SAMPLE.a_b.npy\n"
            "  fix: rename one of these inputs in the model");
}

TEST_F(SampleFilesFolder, ReportsTwoKindsOfSamples) {
  put_all({"000.npy", "test_data_set_0/input_0.pb"});
  EXPECT_EQ(found(kOne),
            "error: both '000.npy' and 'test_data_set_0' could be the samples\n"
            "   at: FOLDER\n"
            "  fix: leave only one kind in the folder");
}

TEST(NaturalOrder, IsAStrictOrderOfDifferentNames) {
  const std::vector<std::string> ordered = {
      "",  "-",  "0",   "00",  "1",  "01",  "2",    "2a", "10",
      "a", "a1", "a01", "a1b", "a2", "a10", "a10b", "b",  "99999999999999999999999x"};
  for (const std::string& a : ordered) {
    for (const std::string& b : ordered) {
      EXPECT_FALSE(natural_less(a, b) && natural_less(b, a)) << a << " " << b;
      EXPECT_EQ(natural_less(a, b) || natural_less(b, a), a != b) << a << " " << b;
      for (const std::string& c : ordered)
        if (natural_less(a, b) && natural_less(b, c)) {
          EXPECT_TRUE(natural_less(a, c)) << a << " " << b << " " << c;
        }
    }
  }
}

}  // namespace
}  // namespace keel::accuracy
