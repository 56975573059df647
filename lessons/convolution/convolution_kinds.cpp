// SPDX-License-Identifier: GPL-3.0-or-later
// Seven kinds of convolution by hand, a position of the output a step.
#include "lessons/convolution/convolution_kinds.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "lessons/convolution/convolution_kinds_views.h"
#include "lessons/convolution/convolution_ways.h"
#include "lessons/convolution/kernels_and_pictures.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::uint64_t kPictureStream = 0, kWeightStream = 1, kBesideStream = 2;
constexpr double kTolerance = 1e-10;

/// The strongest wave of a row, by its discrete Fourier transform.
Wave strongestWave(const double* row, std::int64_t size) {
  Wave strongest;
  for (std::int64_t waves = 1; 2 * waves <= size; ++waves) {
    std::complex<double> sum = 0;
    for (std::int64_t x = 0; x < size; ++x)
      sum += row[x] * std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(waves * x) /
                                          static_cast<double>(size));
    // The picture's stripes go from 0 to 1: an amplitude of a half.
    const double sides = 2 * waves == size ? 1 : 2;
    const double amplitude = sides * std::abs(sum) / static_cast<double>(size) / 0.5;
    if (amplitude > strongest.amplitude * (1 + 1e-9)) strongest = {waves, amplitude};
  }
  return strongest;
}

struct Coverage {
  std::int64_t fewest = 0, most = 0;
};

/// Products with one input channel of the numbers that the picture's border does not concern; in a
/// picture without any, 0.
Coverage coverageInside(const ConvolutionLayer& layer) {
  const ConvolutionShape& s = layer.shape;
  const auto is_inside = [&](std::int64_t o, std::int64_t input) {
    if (s.is_transposed)
      return o + s.padding >= s.reach() - 1 && o + s.padding <= (input - 1) * s.stride;
    return o * s.stride >= s.padding && o * s.stride - s.padding + s.reach() <= input;
  };
  Coverage found;
  for (std::int64_t i = 0; i < layer.output.positions(); ++i) {
    const std::int64_t row = i / layer.output.columns, column = i % layer.output.columns;
    if (!is_inside(row, layer.input.rows) || !is_inside(column, layer.input.columns)) continue;
    const auto count =
        static_cast<std::int64_t>(tapsOf(s, layer.input, 0, row, column).size()) * s.groups / s.in;
    found.fewest = found.most == 0 ? count : std::min(found.fewest, count);
    found.most = std::max(found.most, count);
  }
  return found;
}

/// A convolution with what LibTorch says of it.
struct Worked {
  HandConvolution hand;
  torch::Tensor whole;  ///< LibTorch's output, [1, channels, rows, columns]
  torch::Tensor influence;
  double reached = 0;  ///< output channels that move with an input channel, on average
  std::int64_t reach = 0;
  Coverage coverage;

  explicit Worked(HandConvolution made) : hand(std::move(made)) {
    const torch::NoGradGuard no_grad;
    const auto pixels = mapsOf(hand.pixels(), hand.input());
    whole = byLibrary(hand.layers(), pixels);
    influence = influenceOf(hand.layers(), pixels);
    reached = (influence > 1e-9).to(torch::kDouble).sum(0).mean().item<double>();
    reach = reachOf(hand.layers());
    coverage = coverageInside(hand.last());
  }

  torch::Tensor pixels() const { return mapsOf(hand.pixels(), hand.input()); }
  double largest() const { return whole.abs().max().item<double>(); }

  /// Of what is computed so far from `other`, the largest, as a part of the largest number (or 1).
  double differenceFrom(const torch::Tensor& other) const {
    if (hand.computed() == 0) return 0;
    const std::int64_t channels = hand.last().output.channels;
    const auto ours = mapsOf(hand.last().values, hand.last().output).reshape({channels, -1});
    const auto apart = (ours - other.reshape({channels, -1})).slice(1, 0, hand.computed()).abs();
    return apart.max().item<double>() / std::max(1.0, largest());
  }

  /// Products that the newest number of a filter needs, those of the layer before it included.
  std::int64_t productsOf(std::int64_t filter) const {
    const auto& layers = hand.layers();
    // Every filter reads as many numbers at a position.
    if (layers.size() == 1) return hand.newestProducts() / hand.last().output.channels;
    const std::int64_t position = hand.computed() - 1, row = position / hand.last().output.columns,
                       column = position % hand.last().output.columns;
    const auto taps = tapsOf(hand.last().shape, hand.last().input, filter, row, column);
    auto count = static_cast<std::int64_t>(taps.size());
    for (const Tap& tap : taps)
      count += static_cast<std::int64_t>(
          tapsOf(layers[0].shape, layers[0].input, tap.channel, tap.row, tap.column).size());
    return count;
  }

  ConvolutionReading reading(std::int64_t filter, bool has_stripes) const {
    ConvolutionReading now;
    for (const ConvolutionLayer& layer : hand.layers()) now.parameters += layer.shape.parameters();
    now.macs = hand.products();
    now.reach = reach;
    now.reached = reached;
    now.fewest = coverage.fewest;
    now.most = coverage.most;
    if (hand.computed() == 0) return now;
    const ConvolutionLayer& last = hand.last();
    const std::int64_t newest = hand.computed() - 1,
                       shown = std::min(filter, last.output.channels - 1);
    now.products = productsOf(shown);
    now.value = last.values[last.output.at(shown, 0, 0) + newest];
    const std::int64_t rows = hand.computed() / last.output.columns;
    if (has_stripes && rows > 0)
      now.wave =
          strongestWave(last.values.data() + last.output.at(0, rows - 1, 0), last.output.columns);
    return now;
  }
};

HandConvolution madeOf(const std::vector<ConvolutionShape>& shapes, const Parameters& parameters,
                       const std::vector<double>& pixels, at::Generator draws) {
  MapSize size = pictureSize(parameters);
  size.channels = parameters[kChannels];
  std::vector<ConvolutionLayer> layers;
  for (const ConvolutionShape& shape : shapes) {
    layers.emplace_back(shape, size, weightsFor(shape, parameters, draws));
    size = layers.back().output;
  }
  return {pixels, std::move(layers)};
}

class ConvolutionKinds : public Experiment {
 public:
  ConvolutionKinds(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        parameters_(parameters),
        own_(madeOf(shapesOf(parameters[kKind], parameters), parameters,
                    pixelsOf(parameters, generatorFor(context.seed, kPictureStream)),
                    generatorFor(context.seed, kWeightStream))) {
    if (const auto shape = shapeBeside(parameters)) beside_.emplace(besideOf(*shape, context.seed));
    rms_ = std::sqrt(own_.whole.square().mean().item<double>());
    largest_ = std::max(own_.pixels().abs().max().item<double>(), own_.largest());
    if (beside_) largest_ = std::max(largest_, beside_->largest());
    if (!own_.hand.last().shape.is_transposed)
      columns_ = shareFloats(floatsOf(columnsOf(own_.hand.layers().front(), own_.pixels())));
    coverage_ = coverageMatrix(own_.hand.last());
    apply(parameters);
  }

  void apply(const Parameters& parameters) override {
    filter_ = std::min(parameters[kFilter], own_.hand.last().output.channels - 1);
    row_ = parameters[kRow];
    column_ = parameters[kColumn];
  }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    own_.hand.computeNext();
    if (beside_) beside_->hand.computeNext();
    step_ += 1;
    record(recorder);
    return !isFinished();
  }

  void snapshot(Frame& frame) const override {
    const KindsScene shown = scene();
    showMaps(frame.at<PlaneData>("maps"), shown);
    frame.at<MatrixData>("output") = outputMatrix(shown);
    frame.at<MatrixData>("products") = productsMatrix(shown);
    frame.at<TableData>("terms") = termsTable(shown);
    frame.at<MatrixData>("influence") = influenceMatrix();
    frame.at<MatrixData>("coverage") = coverage_;
    frame.at<MatrixData>("columns") = columnsMatrix();
    showProfile(frame.at<SeriesData>("profile"), shown);
    frame.at<SeriesData>("work") = workCurves();
    frame.at<TableData>("costs") = costsTable(parameters_);
    frame.at<BarsData>("shares") = sharesBars(parameters_);
    frame.at<VerdictData>("verdict") = kindsVerdict(preset_, step_, state());
  }

  /// The pictures and weights in the layout of torch, and the output as far as it is computed.
  void save(WeightSink& sink) const override {
    const auto& layers = own_.hand.layers();
    sink.add(namedArray("input", own_.pixels()));
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const ConvolutionShape& s = layers[i].shape;
      const std::int64_t first = s.is_transposed ? s.in : s.out;
      const char* const name = layers.size() == 1 ? "conv.weight"
                               : i == 0           ? "depthwise.weight"
                                                  : "pointwise.weight";
      sink.add(namedArray(name, torch::tensor(layers[i].weights, torch::kDouble)
                                    .reshape({first, -1, s.kernel, s.kernel})));
    }
    sink.add(namedArray("output", mapsOf(own_.hand.last().values, own_.hand.last().output)));
  }

  /// The loop against LibTorch, against one matrix product, against closed formulas and autograd.
  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    double library = own_.differenceFrom(own_.whole);
    if (beside_) library = std::max(library, beside_->differenceFrom(beside_->whole));
    sink.compare("library", library, kTolerance);
    sink.compare("im2col", own_.differenceFrom(byMatrixProduct(own_.hand.layers(), own_.pixels())),
                 kTolerance);
    sink.compare("products", std::abs(static_cast<double>(own_.hand.products() - productsDue())),
                 0);
    const MapSize& size = own_.hand.last().output;
    sink.compare(
        "size",
        own_.whole.sizes() == torch::IntArrayRef({1, size.channels, size.rows, size.columns}) ? 0
                                                                                              : 1,
        0);
    const KindsScene shown = scene();
    const auto taps = gradientByTaps(own_.hand.layers(), shown.filter, shown.row, shown.column);
    const auto library_taps =
        gradientByLibrary(own_.hand.layers(), own_.pixels(), shown.filter, shown.row, shown.column);
    double apart = 0;
    for (std::size_t i = 0; i < taps.size(); ++i)
      apart = std::max(apart, std::abs(taps[i] - library_taps[i]));
    sink.compare("taps", apart, kTolerance);
  }

 private:
  Worked besideOf(const ConvolutionShape& shape, std::uint64_t seed) const {
    const ConvolutionKind kind = parameters_[kKind];
    const BesideKind beside = parameters_[kBeside];
    const bool is_plain = kind == ConvolutionKind::Standard || kind == ConvolutionKind::Pointwise;
    const ConvolutionLayer& own = own_.hand.last();
    if (is_plain && beside != BesideKind::Standard) {
      const auto weights = beside == BesideKind::Blurred ? blurredKernels(own.weights, own.shape)
                                                         : flippedKernels(own.weights, own.shape);
      return Worked({own_.hand.pixels(), {ConvolutionLayer(shape, own.input, weights)}});
    }
    return Worked(
        madeOf({shape}, parameters_, own_.hand.pixels(), generatorFor(seed, kBesideStream)));
  }

  bool isFinished() const {
    return own_.hand.isFinished() && (!beside_ || beside_->hand.isFinished());
  }
  bool hasStripes() const { return parameters_[kPicture] == PictureKind::Stripes; }

  /// How many products the formula of each layer says for what is computed.
  std::int64_t productsDue() const {
    std::int64_t due = 0;
    for (const ConvolutionLayer& layer : own_.hand.layers()) {
      const std::int64_t all = layer.shape.products(layer.input);
      if (layer.shape.is_transposed && !own_.hand.isFinished()) return own_.hand.products();
      due += all / layer.output.positions() * own_.hand.computed();
    }
    return own_.hand.last().shape.is_transposed
               ? own_.hand.last().shape.products(own_.hand.last().input)
               : due;
  }

  KindsState state() const {
    KindsState now;
    now.stripes = hasStripes() ? parameters_[kStripes] : 0;
    now.is_finished = isFinished();
    now.input = own_.hand.input();
    now.output = own_.hand.last().output;
    now.own = own_.reading(filter_, hasStripes());
    if (beside_) now.beside = beside_->reading(filter_, hasStripes());
    now.difference = own_.differenceFrom(own_.whole);
    return now;
  }

  void record(Recorder& recorder) {
    const auto add = [&](const std::string& prefix, const ConvolutionReading& now) {
      recorder.add(prefix + "macs", static_cast<double>(now.macs));
      recorder.add(prefix + "parameters", static_cast<double>(now.parameters));
      recorder.add(prefix + "reach", static_cast<double>(now.reach));
      recorder.add(prefix + "reached", now.reached);
      if (parameters_[kKind] == ConvolutionKind::Transposed) {
        recorder.add(prefix + "fewest", static_cast<double>(now.fewest));
        recorder.add(prefix + "most", static_cast<double>(now.most));
      }
      if (now.wave) {
        recorder.add(prefix + "stripes", static_cast<double>(now.wave->stripes));
        recorder.add(prefix + "amplitude", now.wave->amplitude);
      }
      if (step_ == 0) return;
      recorder.add(prefix + "products", static_cast<double>(now.products));
      recorder.add(prefix + "value", now.value);
    };
    const ConvolutionReading own = own_.reading(filter_, hasStripes());
    add("", own);
    work_.push_back(static_cast<double>(own.macs));
    recorder.add("rms", rms_);
    if (!beside_) return;
    const ConvolutionReading beside = beside_->reading(filter_, hasStripes());
    add("beside/", beside);
    work_beside_.push_back(static_cast<double>(beside.macs));
  }

  /// Products so far at each step, from the first one on.
  SeriesData workCurves() const {
    SeriesData series;
    const auto add = [&](const char* id, const std::vector<double>& work) {
      Curve curve{id, Word{"convolution-kinds.curve." + std::string(id)}, {}, work};
      for (std::size_t i = 0; i < work.size(); ++i) curve.x.push_back(static_cast<double>(i));
      series.curves.push_back(std::move(curve));
    };
    add("output", work_);
    if (beside_) add("beside", work_beside_);
    return series;
  }

  /// The picked number where it is computed, else the newest one; the first before there is any.
  KindsScene scene() const {
    KindsScene shown{own_.hand, beside_ ? &beside_->hand : nullptr, largest_};
    const MapSize& size = own_.hand.last().output;
    const std::int64_t newest = std::max<std::int64_t>(0, own_.hand.computed() - 1);
    const std::int64_t row = row_ < 0 ? newest / size.columns : row_;
    const std::int64_t column = column_ < 0 ? newest % size.columns : column_;
    const bool is_computed =
        column < size.columns && row * size.columns + column < own_.hand.computed();
    shown.filter = filter_;
    shown.row = is_computed ? row : newest / size.columns;
    shown.column = is_computed ? column : newest % size.columns;
    return shown;
  }

  static std::vector<float> floatsOf(const torch::Tensor& tensor) {
    const std::vector<double> numbers = numbersOf(tensor);
    return {numbers.begin(), numbers.end()};
  }

  MatrixData influenceMatrix() const {
    MatrixData matrix;
    matrix.rows = static_cast<int>(own_.influence.size(0));
    matrix.columns = static_cast<int>(own_.influence.size(1));
    matrix.values = shareFloats(floatsOf(own_.influence));
    for (int i = 0; i < matrix.rows; ++i) matrix.row_labels.push_back("y" + std::to_string(i));
    for (int i = 0; i < matrix.columns; ++i)
      matrix.column_labels.push_back("x" + std::to_string(i));
    matrix.minimum = 0;
    return matrix;
  }

  MatrixData columnsMatrix() const {
    MatrixData matrix;
    if (!columns_) {  // a transposed one reads no columns
      matrix.rows = matrix.columns = 1;
      matrix.values = shareFloats({std::numeric_limits<float>::quiet_NaN()});
      return matrix;
    }
    matrix.columns = static_cast<int>(own_.hand.layers().front().output.positions());
    matrix.rows = static_cast<int>(columns_->size()) / matrix.columns;
    matrix.values = columns_;
    return matrix;
  }

  std::string preset_;
  Parameters parameters_;
  Worked own_;
  std::optional<Worked> beside_;
  SharedFloats columns_;
  MatrixData coverage_;  ///< of the last layer
  double rms_ = 0, largest_ = 1;
  std::vector<double> work_, work_beside_;  ///< products so far, a number a step
  std::int64_t filter_ = 0, row_ = -1, column_ = -1, step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeConvolutionKinds(const Parameters& parameters,
                                                 const RunContext& context) {
  return std::make_unique<ConvolutionKinds>(parameters, context);
}

}  // namespace viva
