// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/digit_reader.h"

#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "lessons/convolution/digit_images.h"
#include "lessons/convolution/digit_nets.h"
#include "lessons/convolution/digit_reader_views.h"
#include "lessons/convolution/heat_maps.h"
#include "lessons/convolution/kept_weights.h"
#include "lessons/convolution/receptive_field.h"
#include "lessons/core/drawing.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kEvaluateEvery = 25, kJudgeEvery = 50;
constexpr std::int64_t kTested = 300, kFieldImages = 16, kHeatImages = 5;

torch::Tensor imageOf(const Drawing& drawing, const torch::Device& device) {
  const auto pixels = rasterised(drawing, static_cast<int>(kReaderSide));
  return torch::tensor(pixels).view({1, 1, kReaderSide, kReaderSide}).to(device);
}

double shareRight(const torch::Tensor& logits, const torch::Tensor& labels) {
  return (logits.argmax(1) == labels).to(torch::kFloat).mean().item<double>();
}

/// One net that trains on the batches that all see.
struct Reader {
  DigitNet kind;
  FlatWeights weights;
  NetAccuracy accuracy{};
  double right = 0;  ///< sum over the batches since the last evaluation
  std::int64_t batches = 0;

  torch::Tensor logits(const torch::Tensor& images) const {
    return logitsOf(kind, weights.single(), images);
  }
};

class DigitReader : public Experiment {
 public:
  DigitReader(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset),
        stop_(context.stop),
        device_(context.device),
        data_(digitImages(parameters, context)),
        batches_(data_.training.to(device_), batchSizeOf(parameters),
                 generatorFor(context.seed, kReaderBatchStream)) {
    const Dataset seen = data_.validation.first(kTested).to(device_);
    test_images_ = seen.inputs;
    test_labels_ = seen.labels;
    state_.has_pooled = parameters[kGlobalPooling];
    state_.has_heat_maps = parameters[kHeatMapsJudged];
    for (const DigitNet kind : kDigitNets) {
      if (kind == DigitNet::Pooled && !state_.has_pooled) continue;
      const auto shapes = shapesOf(kind, data_.training.classes);
      const auto stream = kReaderWeightStream + static_cast<std::uint64_t>(kind);
      const auto initial = initialWeights(shapes, generatorFor(context.seed, stream));
      readers_.push_back({kind, FlatWeights(shapes, initial.unsqueeze(0).to(device_))});
    }
    const auto shapes = shapesOf(DigitNet::LeNet, data_.training.classes);
    untrained_ = weightsOf(shapes, lenet().weights.flat()[0].clone());
    fresh_ = weightsOf(
        shapes,
        initialWeights(shapes, generatorFor(context.seed, kReaderRandomStream)).to(device_));
    apply(parameters);
    evaluate();
    judgeMaps();
    keepWeights();
  }

  void apply(const Parameters& p) override {
    rate_ = p[kReaderRate];
    const Drawing drawn = p[kDigitDrawing];
    const auto image = imageOf(drawn, device_);
    if (!drawing_.defined() || !drawing_.equal(image)) readings_.clear();
    drawing_ = image;
    state_.is_drawn = image.any().item<bool>();
    state_.meant = std::min(p[kMeantDigit], data_.training.classes - 1);
    state_.shift = p[kDigitShift];
    randomised_ = p[kRandomised];
    const std::int64_t map = p[kChosenMap];
    unit_.is_second = map >= kFirstOfSecond;
    unit_.channel = unit_.is_second ? map - kFirstOfSecond : std::min<std::int64_t>(map - 1, 5);
    const std::int64_t last = unit_.is_second ? 9 : kReaderSide - 1;
    unit_.row = std::min(p[kUnitRow], last);
    unit_.column = std::min(p[kUnitColumn], last);
    readDrawing();
  }

  bool step(Recorder& recorder) override {
    const auto batch = batches_.next();
    for (Reader& reader : readers_) {
      const auto logits = reader.logits(batch.inputs);
      const auto loss = torch::nn::functional::cross_entropy(logits, batch.labels);
      reader.weights.differentiate(loss.unsqueeze(0));
      reader.weights.update(Adam{rateOf(reader.kind)});

      recorder.add(recordOf(reader.kind, "loss"), loss.item<double>());
      reader.right += shareRight(logits, batch.labels);
      reader.batches += 1;
    }
    state_.step += 1;
    if (kept_.takes(state_.step)) keepWeights();
    if (state_.step % kEvaluateEvery == 0) {
      evaluate();
      recordEvaluation(recorder);
    }
    if (state_.step % kJudgeEvery == 0) {
      judgeMaps();
      recordMaps(recorder);
    }
    return true;
  }

  void initial(Recorder& recorder) override {
    recordEvaluation(recorder);
    recordMaps(recorder);
  }

  void snapshot(Frame& frame) const override {
    std::vector<NetWeights> nets;
    for (const Reader& reader : readers_) nets.push_back(detached(reader.weights.single()));
    show(frame, nets);
    frame.at<TableData>("nets") = netsTable();
    frame.at<VerdictData>("verdict") = digitVerdict(preset_, state_);
  }

  /// The picture of a past step: what those weights make of the present drawing.
  bool snapshotOf(std::int64_t step, Frame& frame) const override {
    const KeptWeights::Moment& moment = kept_.at(step);
    frame.step = moment.step;
    show(frame, netsOf(moment));
    return true;
  }

  void save(WeightSink& sink) const override {
    for (const Reader& reader : readers_) {
      const std::string prefix = reader.kind == DigitNet::LeNet ? "" : nameOf(reader.kind) + ".";
      reader.weights.save(sink, prefix);
    }
    const auto weights = detached(lenet().weights.single());
    const LeNetPass pass = lenetPass(weights, drawing_);
    const HeatMaps heat = heatMaps(weights, drawing_, state_.meant);
    sink.add(namedArray("drawing.image", drawing_));
    sink.add(namedArray("drawing.digit", torch::tensor({static_cast<float>(state_.meant)})));
    sink.add(namedArray("drawing.logits", logitsOf(DigitNet::LeNet, weights, drawing_)[0]));
    sink.add(namedArray("maps.first", pass.first[0].relu()));
    sink.add(namedArray("maps.second", pass.second[0].relu()));
    sink.add(namedArray("heat.grad_cam", heat.grad_cam));
    sink.add(namedArray("heat.occlusion", heat.occlusion));
    sink.add(namedArray("heat.guided", heat.guided));
    const auto products = productsUnder(weights, pass, drawing_, unit_);
    sink.add(namedArray("products", products));
    sink.add(namedArray(
        "products.unit",
        torch::tensor({static_cast<float>(unit_.is_second), static_cast<float>(unit_.channel),
                       static_cast<float>(unit_.row), static_cast<float>(unit_.column)})));
    sink.add(namedArray("field", effectiveField(weights, unit_, fieldImages())));
    sink.add(namedArray("field.images", fieldImages()));
  }

  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const auto weights = lenet().weights.single();
    const auto images = test_images_.narrow(0, 0, std::min<std::int64_t>(16, test_images_.size(0)));
    const auto ours = logitsOf(DigitNet::LeNet, weights, images);
    const double scale = std::max(1.0, ours.abs().max().item<double>());
    sink.compare("modules",
                 (logitsByModules(weights, images) - ours).abs().max().item<double>() / scale,
                 1e-5);
    const LeNetPass pass = lenetPass(weights, drawing_);
    const auto& maps = unit_.is_second ? pass.second : pass.first;
    const double sum =
        productsUnder(weights, pass, drawing_, unit_).sum().item<double>() + biasOf(weights, unit_);
    const double given = maps[0][unit_.channel][unit_.row][unit_.column].item<double>();
    sink.compare("products", std::abs(sum - given) / std::max(1.0, std::abs(given)), 1e-5);
    const torch::AutoGradMode with_gradients(true);
    sink.compare("outside", largestOutside(field(weights), receptiveBox(unit_)), 0);
  }

  std::optional<Message> filesRead() const override {
    if (data_.training.file.empty()) return std::nullopt;
    return readingOfImages(data_);
  }

 private:
  const Reader& lenet() const { return readers_.front(); }

  /// The pooled net sees each weight's slope averaged over 49 places, and learns at four times the
  /// rate about as fast as the others.
  double rateOf(DigitNet kind) const { return kind == DigitNet::Pooled ? 4 * rate_ : rate_; }

  std::vector<NetWeights> netsOf(const KeptWeights::Moment& moment) const {
    std::vector<NetWeights> nets;
    for (std::size_t i = 0; i < readers_.size(); ++i)
      nets.push_back(weightsOf(readers_[i].weights.shapes(), moment.rows[i]));
    return nets;
  }

  void keepWeights() {
    KeptWeights::Moment moment{state_.step, {}};
    for (const Reader& reader : readers_) moment.rows.push_back(reader.weights.flat()[0].clone());
    kept_.add(std::move(moment));
  }

  void readDrawing() {
    const torch::NoGradGuard no_grad;
    const auto probabilities = lenet().logits(drawing_).softmax(1)[0];
    state_.read = probabilities.argmax().item<std::int64_t>();
    state_.probability = probabilities[state_.meant].item<double>();
  }

  void evaluate() {
    const torch::NoGradGuard no_grad;
    const std::int64_t half = test_images_.size(0) / 2;
    const auto moved = torch::cat({movedBy(test_images_.narrow(0, 0, half), state_.shift),
                                   movedBy(test_images_.slice(0, half), -state_.shift)});
    for (Reader& reader : readers_) {
      reader.accuracy.test = shareRight(reader.logits(test_images_), test_labels_);
      reader.accuracy.shifted = shareRight(reader.logits(moved), test_labels_);
      if (reader.batches > 0)
        reader.accuracy.training = reader.right / static_cast<double>(reader.batches);
      reader.right = 0;
      reader.batches = 0;
      stopIfAsked(stop_);
    }
    state_.lenet = readers_[0].accuracy;
    state_.mlp = readers_[1].accuracy;
    if (state_.has_pooled) state_.pooled = readers_[2].accuracy;
    readDrawing();
  }

  torch::Tensor fieldImages() const {
    return test_images_.narrow(0, 0, std::min(kFieldImages, test_images_.size(0)));
  }
  torch::Tensor field(const NetWeights& weights) const {
    return effectiveField(weights, unit_, fieldImages());
  }

  /// What the maps are worth: of the receptive field always, of heat maps where that is asked for.
  void judgeMaps() {
    const std::int64_t pixels = pixelsOf(receptiveBox(unit_));
    state_.half_share = halfShare(field(lenet().weights.single()), pixels);
    state_.untrained_half_share = halfShare(field(untrained_), pixels);
    if (!state_.has_heat_maps) return;
    const auto trained = detached(lenet().weights.single());
    const auto fresh = partlyRandomised(trained);
    const std::int64_t judged = std::min(kHeatImages, test_images_.size(0));
    const double share = 1 / static_cast<double>(judged);
    state_.heat = {};
    for (std::int64_t i = 0; i < judged; ++i) {
      stopIfAsked(stop_);
      const auto image = test_images_.narrow(0, i, 1);
      const auto digit = test_labels_[i].item<std::int64_t>();
      const HeatAgreement one =
          agreementOf(heatMaps(trained, image, digit), heatMaps(fresh, image, digit));
      state_.heat.with_occlusion += share * one.rank_correlation;
      state_.heat.kept_occlusion += share * one.kept_occlusion;
      state_.heat.kept_grad_cam += share * one.kept_grad_cam;
      state_.heat.kept_guided += share * one.kept_guided;
    }
  }

  /// LeNet with fresh weights in the layers that are to be randomised.
  NetWeights partlyRandomised(const NetWeights& trained) const {
    const std::size_t first = randomised_ == Randomised::All          ? 0
                              : randomised_ == Randomised::Classifier ? 4
                                                                      : 8;
    NetWeights weights = trained;
    std::copy(fresh_.begin() + static_cast<std::ptrdiff_t>(first), fresh_.end(),
              weights.begin() + static_cast<std::ptrdiff_t>(first));
    return weights;
  }

  static std::string recordOf(DigitNet kind, const std::string& name) {
    return kind == DigitNet::LeNet ? name : nameOf(kind) + "/" + name;
  }

  void recordEvaluation(Recorder& recorder) const {
    for (const Reader& reader : readers_) {
      recorder.add(recordOf(reader.kind, "accuracy"), reader.accuracy.test);
      recorder.add(recordOf(reader.kind, "shifted_accuracy"), reader.accuracy.shifted);
      if (state_.step > 0)
        recorder.add(recordOf(reader.kind, "train_accuracy"), reader.accuracy.training);
    }
    recorder.add("meant", state_.probability);
  }

  void recordMaps(Recorder& recorder) const {
    recorder.add("half_share", state_.half_share);
    if (!state_.has_heat_maps) return;
    recorder.add("rank_correlation", state_.heat.with_occlusion);
    recorder.add("kept/occlusion", state_.heat.kept_occlusion);
    recorder.add("kept/grad_cam", state_.heat.kept_grad_cam);
    recorder.add("kept/guided", state_.heat.kept_guided);
  }

  /// Everything that the present drawing makes of `nets`, in the order of readers_.
  void show(Frame& frame, const std::vector<NetWeights>& nets) const {
    const NetWeights& weights = nets[0];
    {
      const torch::NoGradGuard no_grad;
      const LeNetPass pass = lenetPass(weights, drawing_);
      frame.at<ImagesData>("maps") = layerMaps(pass, drawing_, unit_);
      frame.at<BarsData>("probabilities") = probabilityBars(nets, drawing_, classNames());
      frame.at<MatrixData>("chosen_map") = chosenMap(pass, unit_);
      const auto products = productsUnder(weights, pass, drawing_, unit_);
      frame.at<MatrixData>("products") = productsMatrix(products);
      frame.at<TableData>("sum") = sumTable(products, biasOf(weights, unit_));
      frame.at<SeriesData>("shift") = shiftCurves(nets, drawing_, state_.meant);
      frame.at<SeriesData>("reading") = readingCurves();
    }
    const auto fresh = partlyRandomised(weights);
    const HeatMaps heat = heatMaps(weights, drawing_, state_.meant);
    const HeatMaps randomised = heatMaps(fresh, drawing_, state_.meant);
    frame.at<ImagesData>("heat") = heatRows(drawing_, heat, randomised);
    frame.at<ImagesData>("grad_cam") = heatPair(drawing_, heat.grad_cam, heat.occlusion);
    frame.at<ImagesData>("occlusion") = heatPair(drawing_, heat.occlusion, heat.grad_cam);
    frame.at<ImagesData>("receptive") =
        receptiveImages(drawing_, unit_, field(weights), field(untrained_));
  }

  std::vector<std::string> classNames() const {
    std::vector<std::string> names = data_.training.class_names;
    for (auto i = std::ssize(names); i < data_.training.classes; ++i)
      names.push_back(std::to_string(i));
    return names;
  }

  /// The drawing, read by the weights of every moment that was kept.
  SeriesData readingCurves() const {
    for (const KeptWeights::Moment& moment : kept_.moments())
      if (!readings_.contains(moment.step)) {
        const auto weights = weightsOf(lenet().weights.shapes(), moment.rows[0]);
        readings_[moment.step] =
            numbersOf(logitsOf(DigitNet::LeNet, weights, drawing_).softmax(1)[0]);
      }
    std::erase_if(readings_,
                  [&](const auto& read) { return kept_.at(read.first).step != read.first; });
    return probabilityCurves(readings_, state_.meant, classNames());
  }

  TableData netsTable() const {
    TableData table;
    using Best = TableData::Best;
    table.columns = {{"net"},
                     {"parameters"},
                     {"macs"},
                     {"train_accuracy", Best::Largest},
                     {"accuracy", Best::Largest},
                     {"shifted_accuracy", Best::Largest}};
    for (const Reader& reader : readers_) {
      const std::string name = nameOf(reader.kind);
      const auto training =
          state_.step > 0 ? TableData::Cell(reader.accuracy.training) : TableData::Cell();
      table.rows.push_back({name,
                            {Word{"digit-reader.curve." + name},
                             static_cast<double>(parameterCount(reader.weights.shapes())),
                             static_cast<double>(macsOf(reader.kind, data_.training.classes)),
                             training, reader.accuracy.test, reader.accuracy.shifted}});
    }
    return table;
  }

  static std::int64_t batchSizeOf(const Parameters& p) { return p[kReaderBatch]; }

  std::string preset_;
  std::stop_token stop_;
  torch::Device device_;
  Split data_;
  Batches batches_;
  torch::Tensor test_images_, test_labels_;
  std::vector<Reader>
      readers_;  ///< in the order of kDigitNets; the last only where it is asked for
  NetWeights untrained_, fresh_;  ///< of LeNet: as it began, and others
  double rate_ = 0;
  torch::Tensor drawing_;  ///< [1, 1, 28, 28]
  LeNetUnit unit_;
  Randomised randomised_ = Randomised::Classifier;
  DigitState state_;
  KeptWeights kept_;
  mutable DigitReadings readings_;  ///< of the present drawing, by step
};

}  // namespace

std::unique_ptr<Experiment> makeDigitReader(const Parameters& parameters,
                                            const RunContext& context) {
  return std::make_unique<DigitReader>(parameters, context);
}

}  // namespace viva
