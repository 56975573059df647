// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/quantization.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/inference/inference_streams.h"
#include "lessons/inference/quantizer.h"
#include "lessons/inference/served_gpt.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kBins = 41;
const std::string kQuantizedArray = "quantized.weights";
/// The first product of the first feed-forward part has the outlier.
constexpr std::size_t kHitMatrix = 2;

ServedRecipe quantizedRecipe() {
  return {kQuantizedLayers, 4, 64, 300, 16, kServedWeightStream, kServedBatchStream};
}

class Quantization : public Experiment {
 public:
  Quantization(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        seed_(context.seed),
        gpt_(text_, quantizedRecipe(), context.seed, context.device),
        windows_(windowsOf(text_.held_out, context.device)) {
    state_.outlier = p[kOutlierSize];
    state_.code = kWeightCode.nameOf(p[kWeightCode]);
    state_.scheme = kScaleShare.nameOf(p[kScaleShare]);
    for (std::size_t i = 0; i < kWeightCode.choices.size(); ++i)
      state_.ways.push_back({kWeightCode.choices[i], p[kScaleShare], kWeightCode.meanings[i]});
    for (std::size_t i = 0; i < kScaleShare.choices.size(); ++i)
      state_.ways.push_back({kScaleShare.choices[i], kScaleShare.meanings[i], p[kWeightCode]});
    const auto& shapes = gpt_.net().weights().shapes();
    for (std::size_t i = 0; i < shapes.size(); ++i)
      if (shapes[i].name.starts_with("head.") ||
          (shapes[i].name.starts_with("blocks.") && shapes[i].shape.size() == 2))
        matrices_.push_back(i);
  }

  bool prepare() override { return gpt_.learn(); }
  void keep(WeightSink& sink) const override { gpt_.keep(sink, kQuantizedArray); }
  void resume(const std::vector<NamedArray>& kept) override { gpt_.resume(kept, kQuantizedArray); }

  void initial(Recorder& recorder) override {
    const torch::NoGradGuard no_grad;
    if (state_.outlier > 0) plantOutlier();
    original_ = gpt_.net().weights().flat().clone();
    float_logs_ = logProbabilities();
    state_.float_loss = lossOf(float_logs_);
    for (std::size_t i = 0; i < state_.ways.size(); ++i) {
      weights_.push_back(original_.clone());
      state_.ways[i].loss = state_.float_loss;
    }
    squares_.assign(state_.ways.size(), 0);
    bits_.assign(state_.ways.size(), 0);
    record(recorder);
  }

  /// The next matrix is written in code, in each of the six ways; products are then computed in
  /// float32 with the decoded weights.
  bool step(Recorder& recorder) override {
    const torch::NoGradGuard no_grad;
    const std::size_t number = static_cast<std::size_t>(state_.step);
    for (std::size_t i = 0; i < state_.ways.size(); ++i) {
      QuantizedWay& way = state_.ways[i];
      load(weights_[i]);
      const auto matrix = matrixAt(number);
      const CodedMatrix code = coded(matrix, way.share, way.code);
      const auto error = code.decoded() - matrix;
      const double squares = error.square().sum().item<double>();
      squares_[i] += squares;
      bits_[i] += static_cast<double>(code.bits());
      if (number == kHitMatrix)
        way.hit_rmse = std::sqrt(squares / static_cast<double>(error.numel()));
      matrix.copy_(code.decoded());
      weights_[i] = gpt_.net().weights().flat().clone();
      const auto logs = logProbabilities();
      way.loss = lossOf(logs);
      way.kl = (float_logs_.exp() * (float_logs_ - logs)).sum(-1).mean().item<double>();
      errors_.resize(state_.ways.size());
      if (state_.outlier == 0 || number <= kHitMatrix) errors_[i] = numbersOf(error);
    }
    load(original_);
    quantized_ += static_cast<double>(matrixAt(number).numel());
    for (std::size_t i = 0; i < state_.ways.size(); ++i) {
      state_.ways[i].rmse = std::sqrt(squares_[i] / quantized_);
      state_.ways[i].bits = bits_[i] / quantized_;
    }
    state_.step += 1;
    record(recorder);
    return state_.step < kQuantizedMatrices;
  }

  void snapshot(Frame& frame) const override {
    frame.at<BarsData>("rise") = rise();
    frame.at<HistogramData>("errors") = errors();
    frame.at<TableData>("ways") = waysTable();
    frame.at<VerdictData>("verdict") = quantizationVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    gpt_.net().save(sink);
    if (weights_.empty()) return;
    sink.add(namedArray("probe.windows", windows_));
    for (std::size_t i = 0; i < state_.ways.size(); ++i)
      sink.add(namedArray("decoded." + state_.ways[i].id, weights_[i].flatten()));
  }

  /// Whole numbers multiplied as whole numbers, against the decoded ones as float64.
  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    if (weights_.empty()) return;
    const auto matrix = matrixAt(0).to(torch::kDouble).cpu();
    const auto x = matrix[0];
    const CodedMatrix w = coded(matrix, ScaleShare::Channel, WeightCode::Int8);
    const CodedMatrix in = coded(x.unsqueeze(0), ScaleShare::Tensor, WeightCode::Int8);
    const auto whole = wholeProduct(w.codes, in.codes[0]).to(torch::kDouble) * w.scales.squeeze(1) *
                       in.scales.item<double>();
    const auto decoded = w.decoded().matmul(in.decoded()[0]);
    sink.compare("whole-numbers", (whole - decoded).abs().max().item<double>(), 1e-9);
  }

 private:
  torch::Tensor matrixAt(std::size_t number) const {
    return gpt_.net().weights().leaves()[matrices_[number]].detach()[0];
  }
  void load(const torch::Tensor& weights) {
    auto flat = gpt_.net().weights().flat();
    flat.copy_(weights);
  }

  /// One weight, drawn, becomes so many times the largest of its matrix.
  void plantOutlier() {
    const auto matrix = matrixAt(kHitMatrix);
    const auto place =
        torch::randint(0, matrix.numel(), {1}, generatorFor(seed_, kOutlierStream), torch::kLong);
    matrix.view({-1}).index_fill_(0, place.to(matrix.device()),
                                  state_.outlier * matrix.abs().max().item<double>());
  }

  /// Of all characters: [windows, context, V].
  torch::Tensor logProbabilities() const {
    return gpt_.net().forward(windows_.narrow(1, 0, kServedContext))[0].log_softmax(-1);
  }
  double lossOf(const torch::Tensor& logs) const {
    return -logs.gather(2, windows_.narrow(1, 1, kServedContext).unsqueeze(2))
                .mean()
                .item<double>();
  }

  void record(Recorder& recorder) const {
    recorder.add("float/loss", state_.float_loss);
    for (const QuantizedWay& way : state_.ways) {
      recorder.add(way.id + "/loss", way.loss);
      recorder.add(way.id + "/rmse", way.rmse);
      recorder.add(way.id + "/kl", way.kl);
      recorder.add(way.id + "/bits", way.bits);
    }
  }

  BarsData rise() const {
    BarsData bars;
    BarsData::Group group{"rise", Word{"quantization.curve.rise"}, {}};
    for (const QuantizedWay& way : state_.ways) {
      bars.categories.push_back(Word{"quantization.curve." + way.id});
      group.values.push_back(way.loss - state_.float_loss);
    }
    bars.groups = {std::move(group)};
    return bars;
  }

  /// Of the newest matrix, or from then on of that with the outlier: the schemes with the chosen
  /// code.
  HistogramData errors() const {
    HistogramData histogram;
    histogram.logarithmic = true;
    double widest = 0;
    for (std::size_t i = 3; i < errors_.size(); ++i)
      for (const double error : errors_[i]) widest = std::max(widest, std::abs(error));
    if (!(widest > 0)) widest = 0.01;
    for (std::int64_t i = 0; i <= kBins; ++i)
      histogram.edges.push_back(widest * (2.0 * static_cast<double>(i) / kBins - 1));
    for (std::size_t i = 3; i < state_.ways.size(); ++i) {
      HistogramData::Group group{state_.ways[i].id, {}, std::vector<double>(kBins, 0)};
      if (i < errors_.size())
        for (const double error : errors_[i]) {
          const auto bin = static_cast<std::int64_t>((error / widest + 1) / 2 * kBins);
          group.counts[std::clamp<std::int64_t>(bin, 0, kBins - 1)] += 1;
        }
      histogram.groups.push_back(std::move(group));
    }
    return histogram;
  }

  TableData waysTable() const {
    TableData table;
    table.columns = {{"way"}, {"bits"}, {"rmse"}, {"kl"}, {"loss"}};
    table.rows.push_back(
        {"float", {Word{"quantization.curve.float"}, 32.0, 0.0, 0.0, state_.float_loss}});
    for (const QuantizedWay& way : state_.ways)
      table.rows.push_back(
          {way.id, {Word{"quantization.curve." + way.id}, way.bits, way.rmse, way.kl, way.loss}});
    return table;
  }

  std::string preset_;
  std::uint64_t seed_;
  ServedText text_;
  ServedGpt gpt_;
  torch::Tensor windows_;                ///< [n, context + 1]
  std::vector<std::size_t> matrices_;    ///< which of the net's weights
  torch::Tensor original_, float_logs_;  ///< with the outlier, if there is one
  std::vector<torch::Tensor> weights_;   ///< of each way
  std::vector<std::vector<double>> errors_;
  std::vector<double> squares_, bits_;
  double quantized_ = 0;
  QuantizationState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeQuantization(const Parameters& parameters,
                                             const RunContext& context) {
  return std::make_unique<Quantization>(parameters, context);
}

}  // namespace viva
