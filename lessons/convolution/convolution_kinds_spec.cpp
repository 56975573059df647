// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "lessons/convolution/convolution_kinds.h"
#include "lessons/convolution/lessons.h"
#include "lessons/core/claim.h"
#include "lessons/core/count_text.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

const std::string kId = "convolution-kinds";
const std::string kProgram = "resources/lessons/convolution-lab/convolution_kinds.py";

double shareOf(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

bool readsAllChannels(const KindsState& s) {
  return s.own.reached == static_cast<double>(s.output.channels);
}

bool hasOneKernelAFilter(const KindsState& s) {
  return readsAllChannels(s) && s.own.products * s.output.channels == s.own.parameters &&
         s.own.parameters * s.output.positions() == s.own.macs;
}

bool seesOnePixel(const KindsState& s) {
  return s.beside && s.own.reach == 1 && readsAllChannels(s) && s.own.macs < s.beside->macs;
}

bool readsItsOwnChannel(const KindsState& s) {
  return s.beside && s.own.reached == 1 && s.beside->reached > 1 &&
         s.own.macs * s.input.channels == s.beside->macs;
}

/// 1 / filters + 1 / kernel^2 of the standard convolution.
bool costsTheKnownShare(const KindsState& s) {
  if (!s.beside || !readsAllChannels(s)) return false;
  const double kernel_squared = shareOf(s.beside->parameters, s.input.channels * s.output.channels);
  const double share = 1 / static_cast<double>(s.output.channels) + 1 / kernel_squared;
  return share < 0.5 && std::abs(shareOf(s.own.macs, s.beside->macs) - share) < 1e-12;
}

bool staysInItsGroup(const KindsState& s) {
  const auto filters = static_cast<double>(s.output.channels);
  return s.beside && s.own.reached < filters && s.beside->reached == filters &&
         static_cast<double>(s.own.macs) * filters ==
             static_cast<double>(s.beside->macs) * s.own.reached;
}

bool reachesAsFarWithFewer(const KindsState& s) {
  return s.beside && s.own.reach == s.beside->reach && 2 * s.own.parameters < s.beside->parameters;
}

bool addsUpUnevenly(const KindsState& s) {
  return s.beside && s.own.fewest < s.own.most && s.beside->fewest == s.beside->most;
}

bool showsOtherStripes(const KindsState& s) {
  return s.own.wave && s.beside && s.beside->wave && s.own.wave->stripes < s.stripes &&
         s.own.wave->amplitude > 0.9 && s.beside->wave->amplitude < 0.1;
}

bool isNotFlipped(const KindsState& s) {
  return s.beside && s.difference < 1e-10 && s.own.value != s.beside->value;
}

/// Judged when every number is there.
Claim<KindsState> whole(std::string_view preset, std::int64_t positions,
                        bool (*holds)(const KindsState&)) {
  return {preset, positions,
          [holds](const KindsState& s) {
            return s.is_finished ? std::optional(holds(s)) : std::nullopt;
          },
          When::Once};
}

const Claims<KindsState> kClaims{
    whole("standard", 144, hasOneKernelAFilter),
    whole("pointwise", 144, seesOnePixel),
    whole("depthwise", 144, readsItsOwnChannel),
    whole("depthwise-separable", 144, costsTheKnownShare),
    whole("grouped", 144, staysInItsGroup),
    whole("dilated", 144, reachesAsFarWithFewer),
    whole("transposed", 196, addsUpUnevenly),
    whole("stride-aliases", 256, showsOtherStripes),
    whole("flipped-or-not", 9, isNotFlipped),
};

std::vector<RecordSpec> recordsOf(const Parameters& p) {
  std::vector<std::string> names{"value", "products", "macs", "parameters", "reach", "reached"};
  if (p[kKind] == ConvolutionKind::Transposed)
    for (const char* name : {"fewest", "most"}) names.emplace_back(name);
  if (p[kPicture] == PictureKind::Stripes)
    for (const char* name : {"stripes", "amplitude"}) names.emplace_back(name);
  std::vector<RecordSpec> records;
  for (const std::string& name : names) records.push_back({name, ""});
  records.push_back({"rms", ""});
  if (shapeBeside(p))
    for (const std::string& name : names) records.push_back({"beside/" + name, ""});
  return records;
}

std::vector<ViewSpec> views() {
  return {plane("maps").xAxis("axis.map_pixels").equalScale().large(),
          matrix("output").xAxis("axis.map_column").yAxis("axis.map_row").picking("row", "column"),
          matrix("products").xAxis("axis.map_column").yAxis("axis.map_and_row"),
          bars("shares").yAxis("axis.standard_share", "unit.percent"),
          table("terms"),
          table("costs"),
          matrix("influence").xAxis("axis.wiped_channel").yAxis("axis.moved_filter").small(),
          series("profile", {}).xAxis("axis.input_column").yAxis("axis.pixel_value").small(),
          matrix("coverage").xAxis("axis.map_column").yAxis("axis.map_row").small(),
          matrix("columns").xAxis("axis.output_position").yAxis("axis.read_pixel").small(),
          series("work", {}).xAxis("axis.step").yAxis("axis.products_so_far").small(),
          verdict("verdict")};
}

std::vector<Preset> presets() {
  return {
      preset("standard")
          .with({{"channels", "3"}, {"filters", "4"}, {"weights", "edges"}})
          .lasting(144)
          .showing("maps", {"products", "output"}),
      preset("pointwise")
          .with({{"kind", "pointwise"}, {"channels", "4"}, {"filters", "2"}})
          .lasting(144)
          .showing("maps", {"shares", "products"}),
      preset("depthwise")
          .with({{"kind", "depthwise"}, {"channels", "4"}, {"weights", "edges"}})
          .lasting(144)
          .showing("maps", {"influence", "shares"}),
      preset("depthwise-separable")
          .with({{"kind", "depthwise-separable"}, {"channels", "4"}, {"filters", "8"}})
          .lasting(144)
          .showing("shares", {"costs", "work"}),
      preset("grouped")
          .with({{"kind", "grouped"}, {"channels", "4"}, {"filters", "4"}, {"groups", "2"}})
          .lasting(144)
          .showing("maps", {"influence", "shares"}),
      preset("dilated")
          .with({{"kind", "dilated"},
                 {"dilation", "3"},
                 {"padding", "3"},
                 {"channels", "1"},
                 {"filters", "1"},
                 {"weights", "average"}})
          .lasting(144)
          .showing("maps", {"products", "shares"}),
      preset("transposed")
          .with({{"kind", "transposed"},
                 {"stride", "2"},
                 {"padding", "0"},
                 {"channels", "1"},
                 {"filters", "1"},
                 {"picture", "flat"},
                 {"side", "6"},
                 {"weights", "ones"}})
          .lasting(196)
          .showing("maps", {"output", "products"}),
      preset("stride-aliases")
          .with({{"kind", "pointwise"},
                 {"stride", "2"},
                 {"beside", "blurred"},
                 {"channels", "1"},
                 {"filters", "1"},
                 {"picture", "stripes"},
                 {"side", "32"},
                 {"stripes", "14"},
                 {"weights", "average"}})
          .lasting(256)
          .showing("profile", {"maps"}),
      preset("flipped-or-not")
          .with({{"kernel", "2"},
                 {"padding", "0"},
                 {"beside", "flipped"},
                 {"channels", "1"},
                 {"filters", "1"},
                 {"picture", "typed"},
                 {"weights", "typed"},
                 {"kernel_weights", "1 2; 3 4"}})
          .lasting(9)
          .showing("output", {"terms", "maps"}),
  };
}

}  // namespace

VerdictData kindsVerdict(const std::string& preset, std::int64_t step, const KindsState& s) {
  const ConvolutionReading beside = s.beside.value_or(ConvolutionReading{});
  const Wave wave = s.own.wave.value_or(Wave{}), wave_beside = beside.wave.value_or(Wave{});
  return judged(kId, kClaims, preset, step, s,
                {{"value", readable(s.own.value)},
                 {"value_beside", readable(beside.value)},
                 {"products", s.own.products},
                 {"channels", s.input.channels},
                 {"filters", s.output.channels},
                 {"positions", grouped(s.output.positions())},
                 {"parameters", grouped(s.own.parameters)},
                 {"parameters_beside", grouped(beside.parameters)},
                 {"macs", grouped(s.own.macs)},
                 {"macs_beside", grouped(beside.macs)},
                 {"share", percent(shareOf(s.own.macs, beside.macs))},
                 {"reach", s.own.reach},
                 {"reach_beside", beside.reach},
                 {"reached", readable(s.own.reached)},
                 {"reached_beside", readable(beside.reached)},
                 {"fewest", s.own.fewest},
                 {"most", s.own.most},
                 {"fewest_beside", beside.fewest},
                 {"most_beside", beside.most},
                 {"stripes", s.stripes},
                 {"stripes_out", wave.stripes},
                 {"amplitude", percent(wave.amplitude)},
                 {"amplitude_beside", percent(wave_beside.amplitude)},
                 {"difference", readable(s.difference)}});
}

const ExperimentSpec& convolutionKinds() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kKind,     kKernel,  kStride,       kPadding, kDilation, kGroups, kBeside,
                       kChannels, kFilters, kPicture,      kDigit,   kDrawing,  kSide,   kStripes,
                       kPixels,   kWeights, kTypedWeights, kFilter,  kRow,      kColumn};
    made.records = recordsOf;
    made.validate = problemWithShapes;
    made.uses_randomness = [](const Parameters& p) {
      return p[kPicture] == PictureKind::Digit || p[kWeights] == WeightKind::Random;
    };
    made.views = views();
    made.checks = {"library", "im2col", "products", "size", "taps"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 1024;  // the largest picture at stride 1
    made.sources = {"lessons/convolution/convolution_kinds.cpp",
                    "lessons/convolution/convolution.cpp",
                    "lessons/convolution/convolution_ways.cpp"};
    made.equivalent = kProgram;
    made.make = makeConvolutionKinds;
    return made;
  }();
  return spec;
}

}  // namespace viva
