#include "compiler/onnx/proto_file.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/message_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <climits>
#include <string>

namespace keel::onnx_io {

Status parse_message(std::span<const std::byte> bytes, std::string_view kind,
                     google::protobuf::MessageLite& message) {
  if (bytes.size() > INT_MAX)
    return Error{ErrorCode::InvalidModel,
                 "the file has " + std::to_string(bytes.size()) +
                     " bytes, protobuf reads at most " + std::to_string(INT_MAX),
                 "", "save the weights as external data"};
  const google::protobuf::LogSilencer silence;
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  if (message.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage()) return Done{};
  return Error{ErrorCode::InvalidModel,
               "the file is truncated or not " + std::string(kind) + " (" +
                   std::to_string(bytes.size()) + " bytes)",
               "", "export or copy the file again"};
}

}  // namespace keel::onnx_io
