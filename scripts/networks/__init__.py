"""Public network architectures as ONNX models that hold shapes and no weights."""
