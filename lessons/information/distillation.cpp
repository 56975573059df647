// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/distillation.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/planar.h"
#include "lessons/information/soft_loss.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::uint64_t kDataStream = 0, kTeacherStream = 1, kStudentStream = 2, kLabelStream = 3;
constexpr std::int64_t kSamples = 600, kTeacherSteps = 300, kEvaluateEvery = 20;
constexpr double kTemperatures[]{1, 2, 4, 8, 16};

class Distillation : public Experiment {
 public:
  Distillation(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), parameters_(parameters) {
    keepFreedMemory();
    const auto generator = generatorFor(context.seed, kDataStream);
    data_ = split(blobs(kSamples, parameters[kClasses], parameters[kSpread], generator), 0.5,
                  generator);
    data_ = {data_.training.to(context.device), data_.validation.to(context.device)};
    const Architecture large = mlp(2, 64, parameters[kClasses]);
    teacher_.emplace(large, 1,
                     initialWeights(large.weights, generatorFor(context.seed, kTeacherStream))
                         .to(context.device));
    const auto order = torch::randperm(data_.training.samples(),
                                       generatorFor(context.seed, kLabelStream), torch::kInt64);
    few_ = data_.training.at(
        order.slice(0, 0, std::min(parameters[kLabels], data_.training.samples())));
    few_ = few_.to(context.device);
    const Architecture net = mlp(2, parameters[kStudentHidden], parameters[kClasses]);
    students_.emplace(
        net, 2,
        initialWeights(net.weights, generatorFor(context.seed, kStudentStream)).to(context.device));
  }

  /// One update of the teacher: full-batch gradient descent on all labels.
  bool prepare() override {
    const auto& gradients = teacher_->gradients(
        crossEntropy(teacher_->forward(data_.training.inputs), data_.training.labels));
    const torch::NoGradGuard no_grad;
    torch::Tensor weights = teacher_->weights();
    weights.sub_(gradients, 0.5);
    if (++teacher_steps_ < kTeacherSteps) return true;
    askTeacher();
    return false;
  }

  void keep(WeightSink& sink) const override {
    sink.add(namedArray("teacher", teacher_->weights()));
  }

  void resume(const std::vector<NamedArray>& kept) override {
    const torch::NoGradGuard no_grad;
    torch::Tensor weights = teacher_->weights();
    copyInto(weights, kept, "teacher");
    askTeacher();
  }

  void apply(const Parameters& parameters) override { parameters_ = parameters; }
  void initial(Recorder& recorder) override { evaluate(recorder); }

  bool step(Recorder& recorder) override {
    const double alpha = parameters_[kAlpha], temperature = parameters_[kTemperature];
    const auto logits = students_->forward(few_.inputs);
    const auto hard = crossEntropy(logits, few_.labels);
    const auto soft = softLoss(taught_, logits, temperature);
    // The first student learns by labels alone.
    const auto share = torch::tensor({0.0f, static_cast<float>(alpha)}).to(hard.device());
    const auto losses = share * temperature * temperature * soft + (1 - share) * hard;
    const auto& gradients = students_->gradients(losses);
    {
      const torch::NoGradGuard no_grad;
      torch::Tensor weights = students_->weights();
      weights.sub_(gradients, parameters_[kStudentRate]);
    }
    step_ += 1;
    const auto values = numbersOf(losses);
    recorder.add("hard/loss", values[0]);
    recorder.add("soft/loss", values[1]);
    if (step_ % kEvaluateEvery == 0) evaluate(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    frame.at<BarsData>("targets") = targets();
    frame.at<SeriesData>("gradients") = gradientCurves();
    frame.at<TableData>("temperatures") = temperatureTable();
    frame.at<VerdictData>("verdict") = distillationVerdict(
        preset_, step_, {first_hot_, hard_accuracy_, soft_accuracy_, teacher_accuracy_});
  }

  void save(WeightSink& sink) const override {
    const auto views = weightViews(students_->architecture().weights, students_->weights());
    for (const std::size_t i : {0, 1})
      for (std::size_t w = 0; w < views.size(); ++w)
        sink.add(
            namedArray((i == 0 ? "hard." : "soft.") + students_->architecture().weights[w].name,
                       views[w][static_cast<std::int64_t>(i)]));
  }

  /// Logits far below the temperature: T^2 KL tends to the squared distance of the centred logits
  /// over twice the number of classes.
  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    const auto teacher = taught_.to(torch::kFloat64);
    const auto student =
        students_->forward(few_.inputs).index({torch::tensor({1})}).to(torch::kFloat64);
    if (!student.isfinite().all().item<bool>()) return;
    constexpr double kHot = 1e4;
    const double found = kHot * kHot * softLoss(teacher, student, kHot).item<double>();
    const auto apart = (student - student.mean(1, true)) - (teacher - teacher.mean(1, true));
    const double limit = apart.square().sum(1).mean().item<double>() /
                         (2.0 * static_cast<double>(parameters_[kClasses]));
    sink.compare("hot_limit", std::abs(found - limit) / (1e-9 + limit), 0.05);
  }

 private:
  /// Of KL at a temperature with respect to the second student's logits: the norm, mean over the
  /// batch.
  double gradientNorm(double temperature) const {
    const torch::NoGradGuard no_grad;
    const auto student = students_->forward(few_.inputs).index({torch::tensor({1})});
    const auto apart =
        (torch::softmax(student / temperature, 1) - torch::softmax(taught_ / temperature, 1)) /
        temperature;
    return apart.norm(2, {1}).mean().item<double>();
  }

  /// What the students hear of it.
  void askTeacher() {
    const torch::NoGradGuard no_grad;
    taught_ = teacher_->forward(few_.inputs);
    teacher_accuracy_ =
        numbersOf(accuracy(teacher_->forward(data_.validation.inputs), data_.validation.labels))[0];
  }

  void evaluate(Recorder& recorder) {
    const torch::NoGradGuard no_grad;
    const auto shares =
        numbersOf(accuracy(students_->forward(data_.validation.inputs), data_.validation.labels));
    recorder.add("hard/accuracy", hard_accuracy_ = shares[0]);
    recorder.add("soft/accuracy", soft_accuracy_ = shares[1]);
    recorder.add("teacher/accuracy", teacher_accuracy_);
    const double temperature = parameters_[kTemperature], plain = gradientNorm(temperature);
    recorder.add("plain_gradient", plain);
    recorder.add("scaled_gradient", temperature * temperature * plain);
    const double hot = gradientNorm(16) / gradientNorm(4);
    if (step_ == 0) first_hot_ = hot;
    recorder.add("hot_ratio", hot);
  }

  /// Of the first sample: what the teacher says of each class at three temperatures.
  BarsData targets() const {
    BarsData bars;
    for (std::int64_t i = 0; i < parameters_[kClasses]; ++i)
      bars.categories.emplace_back(std::to_string(i + 1));
    const auto add = [&](const char* id, double temperature) {
      bars.groups.push_back(
          {id, {}, numbersOf(torch::softmax(taught_.index({0}).select(1, 0) / temperature, 0))});
    };
    add("sharp", 1);
    add("chosen", parameters_[kTemperature]);
    return bars;
  }

  SeriesData gradientCurves() const {
    SeriesData data;
    for (const bool scaled : {false, true}) {
      Curve curve{scaled ? "scaled" : "plain", {}, {}, {}, false};
      for (const double t : kTemperatures) {
        curve.x.push_back(t);
        curve.y.push_back(gradientNorm(t) * (scaled ? t * t : 1));
      }
      data.curves.push_back(std::move(curve));
    }
    return data;
  }

  TableData temperatureTable() const {
    TableData table;
    table.columns = {{"temperature"}, {"plain"}, {"scaled"}};
    for (const double t : kTemperatures) {
      const double norm = gradientNorm(t);
      table.rows.push_back({"", {t, norm, t * t * norm}});
    }
    return table;
  }

  std::string preset_;
  Parameters parameters_;
  Split data_;
  Dataset few_;
  torch::Tensor taught_;  ///< the teacher's logits on the few: [1, classes, few]
  std::optional<StackedNet> teacher_, students_;
  std::int64_t teacher_steps_ = 0;
  double first_hot_ = 0;  ///< the gradient at T = 16 over that at T = 4, before the first update
  double teacher_accuracy_ = 0, hard_accuracy_ = 0, soft_accuracy_ = 0;
  std::int64_t step_ = 0;
};

}  // namespace

std::unique_ptr<Experiment> makeDistillation(const Parameters& parameters,
                                             const RunContext& context) {
  return std::make_unique<Distillation>(parameters, context);
}

}  // namespace viva
