#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "compiler/base/result.h"

namespace google::protobuf {
class MessageLite;
}

namespace keel::onnx_io {

/// Parses `bytes` into `message` (protobuf messages share nothing but their base class, so the
/// result cannot be returned by value). protobuf's own log stays silent.
/// \param kind  what the bytes should be, for the error: "an ONNX model"
/// \error InvalidModel  not such a message, truncated, or larger than protobuf can read (2 GiB)
Status parse_message(std::span<const std::byte> bytes, std::string_view kind,
                     google::protobuf::MessageLite& message);

}  // namespace keel::onnx_io
