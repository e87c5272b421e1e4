#include "tuner/engine/progress.h"

#include <unistd.h>

namespace keel::engine {

Progress::Progress(std::FILE* stream)
    : stream_(stream), terminal_(::isatty(::fileno(stream)) != 0) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (!line_open_) return;
  std::fputs("\r\033[K", stream_);
  std::fflush(stream_);
  line_open_ = false;
}

void Progress::phase(std::string_view name) {
  if (phase_ == name) return;
  phase_ = name;
  shown_.reset();
  show("");
}

void Progress::show(const std::string& text) {
  const Clock::time_point now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(10);
  if (shown_ && now - *shown_ < pause) return;
  shown_ = now;
  const std::string line = text.empty() ? phase_ : phase_ + ": " + text;
  if (terminal_) {
    std::fprintf(stream_, "\r\033[K%s", line.c_str());
    line_open_ = true;
  } else {
    std::fprintf(stream_, "%s\n", line.c_str());
  }
  std::fflush(stream_);
}

void Progress::note(const std::string& line) {
  clear();
  std::fprintf(stream_, "%s\n", line.c_str());
  std::fflush(stream_);
}

}  // namespace keel::engine
