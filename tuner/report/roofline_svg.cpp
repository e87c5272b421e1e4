#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "tuner/report/kernel_cells.h"
#include "tuner/report/log_axes.h"
#include "tuner/report/profile_files.h"

namespace keel::report {
namespace {

// Pixels.
constexpr int kWidth = 1000;
constexpr int kHeight = 620;
constexpr double kPlotLeft = 74, kPlotTop = 62, kPlotWidth = 620, kPlotHeight = 490;
constexpr double kPanelLeft = 722;
constexpr double kLine = 17;
constexpr double kLargestRadius = 15, kSmallestRadius = 2.5;

constexpr std::size_t kNamed = 8;         // kernels in the panel
constexpr std::size_t kNameWidth = 34;    // bytes of a name there
constexpr double kOperationsPerUs = 1e6;  // a second, in operations a microsecond
constexpr double kBytesPerUs = 1e3;       // of one GB/s

constexpr std::size_t kTooltipNameWidth = 120;

constexpr std::array kClasses = {"cube", "depthwise", "recurrent", "vector", "layout", "cast"};

constexpr const char* kStyle = R"(<style>
svg{--bg:#fff;--fg:#1d2127;--dim:#59616d;--grid:#e4e7eb;--edge:#fff;--cube:#1f6fd6;
--depthwise:#0b8f7d;--recurrent:#7a4fc9;--vector:#d0670a;--layout:#7d848e;--cast:#c02f77}
@media (prefers-color-scheme:dark){svg{--bg:#14171c;--fg:#e7eaee;--dim:#9aa4b1;--grid:#2a3038;
--edge:#14171c;--cube:#5ea2ff;--depthwise:#3fcab6;--recurrent:#b292ff;--vector:#ff9f4a;
--layout:#a3abb6;--cast:#ff7db8}}
text{font:12px system-ui,sans-serif;fill:var(--fg)}
.background{fill:var(--bg)}.title{font-size:15px;font-weight:600}.dim{fill:var(--dim)}
.number{font-size:11px;font-weight:600}.grid{stroke:var(--grid);fill:none}
.roof{stroke:var(--fg);stroke-width:1.6;fill:none}.vector-roof{stroke-dasharray:5 4}
.halo{paint-order:stroke;stroke:var(--bg);stroke-width:3px}
circle{fill-opacity:.72;stroke:var(--edge)}
.cube{fill:var(--cube)}.depthwise{fill:var(--depthwise)}.recurrent{fill:var(--recurrent)}
.vector{fill:var(--vector)}.layout{fill:var(--layout)}.cast{fill:var(--cast)}
</style>
)";

struct Dot {
  const ProfiledKernel* kernel;
  double intensity;  // operations a byte
  double rate;       // operations a second
};

// Kernels that compute, slowest first.
std::vector<Dot> dots(const Profile& profile) {
  std::vector<Dot> all;
  for (const ProfiledKernel& kernel : profile.kernels) {
    const auto bytes = static_cast<double>(kernel.bytes_read + kernel.bytes_written);
    if (kernel.operations <= 0 || bytes <= 0 || kernel.row.us <= 0) continue;
    all.push_back(
        {&kernel, kernel.operations / bytes, kernel.operations / kernel.row.us * kOperationsPerUs});
  }
  std::ranges::stable_sort(all, std::ranges::greater{},
                           [](const Dot& dot) { return dot.kernel->row.us; });
  return all;
}

double slope(const MemoryRoof& roof) { return roof.gbs * kBytesPerUs * kOperationsPerUs; }
double rate(const ComputeRoof& roof) { return roof.operations_per_us * kOperationsPerUs; }

// Holds every dot, every compute roof and the points where they meet the memory roofs.
LogAxes axes(const Profile& profile, const std::vector<Dot>& dots) {
  std::vector<double> xs, ys;
  for (const Dot& dot : dots) {
    xs.push_back(dot.intensity);
    ys.push_back(dot.rate);
  }
  for (const ComputeRoof& roof : profile.compute_roofs) {
    ys.push_back(rate(roof));
    for (const MemoryRoof& memory : profile.memory_roofs) xs.push_back(rate(roof) / slope(memory));
  }
  const auto decades = [](const std::vector<double>& values) {
    if (values.empty()) return Decades{};
    const auto [least, most] = std::ranges::minmax(values);
    return Decades::around(least, most);
  };
  return {kPlotLeft, kPlotTop, kPlotWidth, kPlotHeight, decades(xs), decades(ys)};
}

std::string grid(const LogAxes& axes) {
  std::string text;
  const double right = axes.left + axes.width;
  const double bottom = axes.top + axes.height;
  for (int power = axes.x_decades.lo; power <= axes.x_decades.hi; ++power) {
    const double x = axes.x(std::pow(10.0, power));
    text += fmt::format(
        "<path class=\"grid\" d=\"M{0:.1f} {1:.1f}V{2:.1f}\"/>"
        "<text class=\"dim\" x=\"{0:.1f}\" y=\"{3:.1f}\" text-anchor=\"middle\">{4}</text>\n",
        x, axes.top, bottom, bottom + kLine, power_label(power));
  }
  for (int power = axes.y_decades.lo; power <= axes.y_decades.hi; ++power) {
    const double y = axes.y(std::pow(10.0, power));
    text += fmt::format(
        "<path class=\"grid\" d=\"M{0:.1f} {1:.1f}H{2:.1f}\"/>"
        "<text class=\"dim\" x=\"{3:.1f}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
        axes.left, y, right, axes.left - 6, y + 4, power_label(power));
  }
  return text + fmt::format(
                    "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">operations a byte of "
                    "memory</text>\n<text transform=\"translate(18 {:.1f}) rotate(-90)\" "
                    "text-anchor=\"middle\">operations a second</text>\n",
                    axes.left + axes.width / 2, bottom + 2.4 * kLine, axes.top + axes.height / 2);
}

std::string roofs(const Profile& profile, const LogAxes& axes) {
  std::string text;
  double top = axes.most_y();
  if (!profile.compute_roofs.empty()) top = rate(profile.compute_roofs.front());
  double steepest = 0;
  for (const MemoryRoof& roof : profile.memory_roofs) {
    steepest = std::max(steepest, slope(roof));
    const double from = std::max(axes.least_x(), axes.least_y() / slope(roof));
    const double to = std::min(axes.most_x(), top / slope(roof));
    if (from >= to) continue;
    const double x = axes.x(from), y = axes.y(from * slope(roof));
    text += fmt::format(
        "<path class=\"roof\" d=\"M{0:.1f} {1:.1f}L{2:.1f} {3:.1f}\"/>"
        "<text class=\"halo\" transform=\"translate({0:.1f} {1:.1f}) rotate({4:.1f})\" x=\"14\" "
        "y=\"-5\">{5} {6:.0f} GB/s</text>\n",
        x, y, axes.x(to), axes.y(to * slope(roof)), -axes.slope_degrees(), xml(roof.name),
        roof.gbs);
  }
  for (const ComputeRoof& roof : profile.compute_roofs) {
    const double from =
        steepest > 0 ? std::max(axes.least_x(), rate(roof) / steepest) : axes.least_x();
    const double y = axes.y(rate(roof));
    text += fmt::format(
        "<path class=\"roof{}\" d=\"M{:.1f} {:.1f}H{:.1f}\"/><text class=\"halo\" x=\"{:.1f}\" "
        "y=\"{:.1f}\" text-anchor=\"end\">{} {:.1f} T/s</text>\n",
        roof.name.starts_with("vector") ? " vector-roof" : "", axes.x(from), y,
        axes.left + axes.width, axes.left + axes.width - 4, y - 5, xml(roof.name),
        rate(roof) * 1e-12);
  }
  return text;
}

// A dot's area is its kernel's time.
double radius(const Dot& dot, double slowest_us) {
  return std::max(kSmallestRadius, kLargestRadius * std::sqrt(dot.kernel->row.us / slowest_us));
}

std::string label(const KernelRow& row, std::size_t width) {
  return first_of(row.nodes, row.name, width);
}

std::string circles(const std::vector<Dot>& dots, const LogAxes& axes) {
  std::string text;
  for (const Dot& dot : dots) {
    const KernelRow& row = dot.kernel->row;
    text += fmt::format(
        "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"><title>{}: {:.2f} us, bound "
        "by {}, {:.3g} operations a byte, {:.3g} T/s</title></circle>\n",
        row.kernel_class, axes.x(dot.intensity), axes.y(dot.rate),
        radius(dot, dots.front().kernel->row.us), xml(label(row, kTooltipNameWidth)), row.us,
        row.bound, dot.intensity, dot.rate * 1e-12);
  }
  return text;
}

// Numbers of the slowest, right of their dots, moved down until none covers another.
std::string numbers(const std::vector<Dot>& dots, const LogAxes& axes) {
  struct Place {
    double x, y;
  };
  constexpr double kNumberWidth = 14, kNumberHeight = 12;
  std::vector<Place> taken;
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, dots.size()); ++i) {
    const double away = 0.7 * radius(dots[i], dots.front().kernel->row.us) + 2;
    Place place{axes.x(dots[i].intensity) + away, axes.y(dots[i].rate) - away};
    const auto covers = [&](const Place& other) {
      return std::abs(other.x - place.x) < kNumberWidth &&
             std::abs(other.y - place.y) < kNumberHeight;
    };
    while (std::ranges::any_of(taken, covers)) place.y += kNumberHeight / 2;
    taken.push_back(place);
    text += fmt::format("<text class=\"number halo\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
                        place.x, place.y, i + 1);
  }
  return text;
}

double percent(const Profile& profile, double us) {
  return profile.latency_us > 0 ? 100 * us / profile.latency_us : 0;
}

// Classes with their colours and times, then the slowest by number, then what has no dot.
std::string panel(const Profile& profile, const std::vector<Dot>& dots) {
  double y = kPlotTop + 10;
  std::string text;
  const auto line = [&](const std::string& css, double indent, const std::string& content) {
    text += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", css,
                        kPanelLeft + indent, y, xml(content));
    y += kLine;
  };
  double with_dot_us = 0;
  for (const char* kernel_class : kClasses) {
    double us = 0;
    for (const Dot& dot : dots)
      if (dot.kernel->row.kernel_class == kernel_class) us += dot.kernel->row.us;
    if (us == 0) continue;
    with_dot_us += us;
    text += fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\"/>\n",
                        kernel_class, kPanelLeft + 7, y - 4);
    line("", 20, fmt::format("{}: {:.1f} us, {:.1f} %", kernel_class, us, percent(profile, us)));
  }
  const auto launched = static_cast<std::size_t>(
      std::ranges::count_if(profile.kernels, &ProfiledKernel::is_launched));
  if (launched > dots.size()) {
    const double us = profile.latency_us - with_dot_us;
    line("dim", 20, fmt::format("without arithmetic, no dot: {} kernels,", launched - dots.size()));
    line("dim", 20, fmt::format("{:.1f} us, {:.1f} %", us, percent(profile, us)));
  }
  y += kLine / 2;
  line("title", 0, "Slowest");
  for (std::size_t i = 0; i < std::min(kNamed, dots.size()); ++i) {
    const KernelRow& row = dots[i].kernel->row;
    line("", 0, fmt::format("{}  {}", i + 1, label(row, kNameWidth)));
    line("dim", 16, fmt::format("{:.2f} us, bound by {}", row.us, row.bound));
  }
  return text;
}

}  // namespace

std::string roofline_svg(const Profile& profile) {
  const std::vector<Dot> all = dots(profile);
  const LogAxes plane = axes(profile, all);
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\">\n<title>Roofline of {2}</title>\n{3}"
      "<rect class=\"background\" width=\"{0}\" height=\"{1}\"/>\n"
      "<text class=\"title\" x=\"20\" y=\"26\">{2}</text>\n"
      "<text class=\"dim\" x=\"20\" y=\"45\">predicted latency {4:.1f} us, in nine of ten cases "
      "{5:.1f} to {6:.1f} us; area of a dot: time of its kernel; roofs: peaks of the "
      "chip</text>\n",
      kWidth, kHeight, xml(profile.variant), kStyle, profile.latency_us, profile.interval.lo_us,
      profile.interval.hi_us);
  text += grid(plane) + roofs(profile, plane) + circles(all, plane) + numbers(all, plane) +
          panel(profile, all);
  return text + "</svg>\n";
}

}  // namespace keel::report
