// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms, images and a graph that look like those of a network in training.
#include <cmath>

#include "tests/fakes/fake_text_views.h"
#include "tests/widgets/views/fake_race.h"

namespace viva::fakes {
namespace {

double bell(double x, double centre, double width) {
  return std::exp(-0.5 * std::pow((x - centre) / width, 2));
}

HistogramData weights(double progress) {
  HistogramData histogram;
  for (int i = 0; i <= 60; ++i) histogram.edges.push_back(-1.5 + 0.05 * i);
  HistogramData::Group before{"initial", std::string("at initialisation"), {}, 0, 0};
  HistogramData::Group now{"now", std::string("now"), {}, 0, 17};
  for (int i = 0; i < 60; ++i) {
    const double x = -1.475 + 0.05 * i;
    before.counts.push_back(std::round(220 * bell(x, 0, 0.25)));
    now.counts.push_back(std::round(160 * bell(x, -0.4, 0.2) + 120 * bell(x, 0.5 * progress, 0.3)));
  }
  histogram.groups = {before, now};
  return histogram;
}

HistogramData magnitudes() {
  HistogramData histogram;
  for (int i = 0; i <= 48; ++i) histogram.edges.push_back(std::pow(10.0, -10 + 0.25 * i));
  HistogramData::Group plain{"plain", std::string("gradients"), {}, 731, 0};
  HistogramData::Group scaled{"scaled", std::string("gradients × 1024"), {}, 12, 3};
  for (int i = 0; i < 48; ++i) {
    plain.counts.push_back(std::round(900 * bell(i, 14, 6)));
    scaled.counts.push_back(std::round(900 * bell(i, 26, 6)));
  }
  histogram.groups = {plain, scaled};
  histogram.marks = {{5.96e-8, std::string("smallest float16")},
                     {6.1e-5, std::string("smallest normal float16")}};
  histogram.logarithmic = true;
  return histogram;
}

HistogramData history(std::int64_t step) {
  HistogramData histogram;
  for (int i = 0; i <= 60; ++i) histogram.edges.push_back(-3 + 0.1 * i);
  const auto counts = [](double t) {
    std::vector<double> result;
    for (int i = 0; i < 60; ++i) {
      const double x = -2.95 + 0.1 * i;
      result.push_back(400 * (1 - 0.5 * t) * bell(x, 1.3 * t, 0.5) + 300 * t * bell(x, -1.2, 0.35));
    }
    return result;
  };
  for (int i = 0; i < 24; ++i) histogram.moments.push_back({step * i / 24, counts(i / 24.0)});
  histogram.groups.push_back(
      {"activations", std::string("activations of layer 3"), counts(1), 0, 0});
  return histogram;
}

ImagesData digits() {
  ImagesData images;
  images.height = images.width = 16;
  std::vector<float> values;
  for (int i = 0; i < 20; ++i) {
    for (int r = 0; r < 16; ++r)
      for (int c = 0; c < 16; ++c) {
        const double radius = std::hypot(r - 7.5, (c - 7.5) * (1 + 0.05 * i));
        values.push_back(static_cast<float>(bell(radius, 3 + (i % 5), 1.1)));
      }
    images.images.push_back({"digit " + std::to_string(i % 10), {}});
  }
  images.values = shareFloats(std::move(values));
  return images;
}

ImagesData scenes() {
  ImagesData images;
  images.height = 24;
  images.width = 32;
  images.channels = 3;
  std::vector<float> values;
  for (int i = 0; i < 3; ++i) {
    for (int channel = 0; channel < 3; ++channel)
      for (int r = 0; r < 24; ++r)
        for (int c = 0; c < 32; ++c) {
          const bool shape = std::hypot(r - 12, c - 10 - 4 * i) < 6;
          values.push_back(shape ? (channel == i ? 0.9f : 0.2f)
                                 : static_cast<float>(0.3 + 0.01 * r + 0.05 * channel));
        }
    ImagesData::Image image{std::string("scene"), {}};
    image.boxes.push_back({4.0 + 4 * i, 6, 16.0 + 4 * i, 18, "predicted", std::string("0.93")});
    image.boxes.push_back({3.0 + 4 * i, 5, 17.0 + 4 * i, 19, "truth", {}});
    images.images.push_back(image);
  }
  images.values = shareFloats(std::move(values));
  return images;
}

GraphData cell(double t) {
  GraphData graph;
  using Shape = GraphData::Shape;
  const auto wave = [t](double phase) { return std::sin(3 * t + phase); };
  const auto gate = [&](double phase) { return 0.5 + 0.5 * wave(phase); };
  const Message detail{"views.pair", {{"x", "0.73"}, {"y", "0.12"}}};
  graph.nodes = {{"c0", std::string("c(t−1)"), {0, 0.1}, Shape::Text, 0.8, true, {}},
                 {"f*", std::string("×"), {0.25, 0.1}, Shape::Circle, {}, true, {}},
                 {"+", std::string("+"), {0.55, 0.1}, Shape::Circle, {}, true, {}},
                 {"c", std::string("c(t)"), {1, 0.1}, Shape::Text, wave(0.2), true, detail},
                 {"f", std::string("forget f"), {0.25, 0.5}, Shape::Box, gate(0), true, detail},
                 {"i", std::string("input i"), {0.42, 0.5}, Shape::Box, gate(1), true, detail},
                 {"g", std::string("candidate g"), {0.6, 0.5}, Shape::Box, wave(2), true, detail},
                 {"i*", std::string("×"), {0.55, 0.3}, Shape::Circle, {}, true, {}},
                 {"o", std::string("output o"), {0.78, 0.5}, Shape::Box, gate(3), true, detail},
                 {"tanh", std::string("tanh"), {0.87, 0.22}, Shape::Circle, {}, true, {}},
                 {"o*", std::string("×"), {0.87, 0.75}, Shape::Circle, {}, true, {}},
                 {"h0", std::string("h(t−1)"), {0, 0.75}, Shape::Text, wave(4), true, {}},
                 {"x", std::string("x(t)"), {0.1, 1}, Shape::Text, -0.31, true, {}},
                 {"h", std::string("h(t)"), {1, 0.75}, Shape::Text, wave(5), true, {}}};
  graph.edges = {{"c0", "f*", {}, 0.8},
                 {"f*", "+", {}, 0.62},
                 {"f", "f*", {}, {}},
                 {"i", "i*", {}, {}},
                 {"g", "i*", {}, {}},
                 {"i*", "+", {}, wave(1)},
                 {"+", "c", {}, wave(0.2)},
                 {"+", "tanh", {}, {}},
                 {"tanh", "o*", {}, {}},
                 {"o", "o*", {}, {}},
                 {"o*", "h", {}, wave(5)},
                 {"h0", "f", {}, {}, {{0.25, 0.75}}},
                 {"h0", "i", {}, {}, {{0.42, 0.75}}},
                 {"h0", "g", {}, {}, {{0.6, 0.75}}},
                 {"h0", "o", {}, {}, {{0.78, 0.75}}},
                 {"x", "h0", std::string("W"), {}, {}, true}};
  graph.lines = {{"views.summary_node", {{"node", "c(t) = f·c(t−1) + i·g"}, {"value", wave(0.2)}}},
                 {"views.summary_node", {{"node", "h(t) = o·tanh c(t)"}, {"value", wave(5)}}}};
  return graph;
}

MatrixData zeros() {
  MatrixData matrix;
  matrix.rows = 14;
  matrix.columns = 30;
  matrix.logarithmic = true;
  std::vector<float> values;
  for (int r = 0; r < 14; ++r)
    for (int c = 0; c < 30; ++c)
      values.push_back(r + c < 9         ? 0.0f
                       : r * c % 41 == 7 ? std::nanf("")
                                         : static_cast<float>(std::pow(0.7, 30 - c) * (1 + r)));
  matrix.values = shareFloats(std::move(values));
  return matrix;
}

BarsData many() {
  BarsData bars;
  Curve theory{"expected", std::string("theory"), {}, {}, true};
  bars.groups = {{"plain", std::string("plain"), {}}, {"residual", std::string("residual"), {}}};
  bars.logarithmic = true;
  for (int i = 0; i < 100; ++i) {
    bars.categories.emplace_back(std::to_string(i));
    bars.groups[0].values.push_back(i < 12 ? 0.0 : std::pow(0.8, 100 - i) * (1 + 0.3 * (i % 3)));
    bars.groups[1].values.push_back(0.1 + 0.02 * (i % 7));
    theory.x.push_back(i);
    theory.y.push_back(std::pow(0.8, 100 - i));
  }
  bars.overlays = {theory};
  return bars;
}

}  // namespace

void addLiveViews(Frame& frame) {
  const double progress = std::min(1.0, static_cast<double>(frame.step) / 300);
  frame.at<HistogramData>("weights") = weights(progress);
  frame.at<HistogramData>("magnitudes") = magnitudes();
  frame.at<HistogramData>("history") = history(frame.step);
  frame.at<ImagesData>("digits") = digits();
  frame.at<ImagesData>("scenes") = scenes();
  frame.at<GraphData>("cell") = cell(progress);
  frame.at<TokensData>("attention") = attentionTokens();
  frame.at<TokensData>("translation") = translationTokens();
  frame.at<SequenceData>("wire") = toolCallSequence();
  frame.at<MatrixData>("zeros") = zeros();
  frame.at<BarsData>("many") = many();
}

}  // namespace viva::fakes
