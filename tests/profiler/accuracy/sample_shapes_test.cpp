#include "profiler/accuracy/sample_shapes.h"

#include "profiler/accuracy/npy_header.h"
#include "tests/profiler/accuracy/data_folder.h"

namespace keel::accuracy {
namespace {

class SampleShapes : public test::DataFolder {
 protected:
  void put_array(const std::string& name, Shape shape) const {
    const Tensor tensor(DType::F32, std::move(shape));
    ASSERT_TRUE(write_npy(put(name, ""), tensor).ok());
  }
  Result<Shape> shape_of(const std::string& name) const {
    return sample_shape(folder(), ports_, name);
  }
  std::vector<Port> ports_ = {{"x", {}}};
};

TEST_F(SampleShapes, AreThatOfEverySample) {
  put_array("000.npy", {1, 3, 32, 320});
  put_array("001.npy", {1, 3, 32, 320});
  const Result<Shape> shape = shape_of("x");
  ASSERT_TRUE(shape.ok()) << error_of(shape);
  EXPECT_EQ(*shape, (Shape{1, 3, 32, 320}));
}

TEST_F(SampleShapes, OfSeveralInputsAreFoundByName) {
  ports_ = {{"x", {}}, {"mask", {}}};
  put_array("000.x.npy", {1, 8});
  put_array("000.mask.npy", {5});
  EXPECT_EQ(*shape_of("mask"), (Shape{5}));
  EXPECT_EQ(*shape_of("x"), (Shape{1, 8}));
}

TEST_F(SampleShapes, ThatDifferAreOneErrorWithBoth) {
  put_array("000.npy", {1, 320});
  put_array("001.npy", {1, 320});
  put_array("002.npy", {1, 200});
  put_array("003.npy", {1, 100});
  EXPECT_EQ(
      error_of(shape_of("x")),
      "error: input 'x' is [1,200] in sample '002' and [1,320] in sample '000'\n"
      "   at: FOLDER/002.npy\n"
      "  fix: pad or resize the samples to one shape, or give each shape a folder of its own");
}

TEST_F(SampleShapes, CannotComeFromRawBytes) {
  put("000.bin", "1234");
  EXPECT_EQ(error_of(shape_of("x")),
            "error: the model leaves the shape of input 'x' open, and a .bin file has none\n"
            "   at: FOLDER/000.bin\n"
            "  fix: fix it with --input_shape, or save .npy files");
}

TEST_F(SampleShapes, NeedAWholeHeader) {
  put("000.npy", "\x93NUMPY");
  EXPECT_NE(error_of(shape_of("x")).find("FOLDER/000.npy"), std::string::npos);
}

}  // namespace
}  // namespace keel::accuracy
