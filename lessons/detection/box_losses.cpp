// SPDX-License-Identifier: GPL-3.0-or-later
// A box descends to a target under five losses at once, each by plain gradient descent on its own
// copy of the four coordinates.
#include "lessons/detection/box_losses.h"

#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viva {
namespace {

/// A side that would become shorter, or turn round, stays at this about its middle.
constexpr double kShortest = 0.05;

void keepOpen(double& low, double& high) {
  if (high - low >= kShortest) return;
  const double middle = (low + high) / 2;
  low = middle - kShortest / 2;
  high = middle + kShortest / 2;
}

Point centreOf(const Box& b) { return {(b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2}; }

class BoxLosses : public Experiment {
 public:
  BoxLosses(const Parameters& parameters, const RunContext& context) : preset_(context.preset) {
    descent_.boxes.fill(parameters[kStartBox]);
    descent_.target = parameters[kTargetBox];
    learning_rate_ = parameters[kBoxRate];
    follow();
  }

  void apply(const Parameters& parameters) override { learning_rate_ = parameters[kBoxRate]; }

  void initial(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    for (const BoxLoss loss : kBoxLosses) {
      Box& b = descent_.boxes[static_cast<std::size_t>(loss)];
      const BoxSlope slope = boxLoss(loss, b, descent_.target).slope;
      b.x0 -= learning_rate_ * slope[0];
      b.y0 -= learning_rate_ * slope[1];
      b.x1 -= learning_rate_ * slope[2];
      b.y1 -= learning_rate_ * slope[3];
      keepOpen(b.x0, b.x1);
      keepOpen(b.y0, b.y1);
    }
    step_ += 1;
    follow();
    record(recorder);
    return true;
  }

  void snapshot(Frame& frame) const override {
    showPlane(frame.at<PlaneData>("plane"));
    showMeasures(frame.at<TableData>("measures"));
    frame.at<VerdictData>("verdict") = boxLossesVerdict(preset_, step_, descent_);
  }

  /// The slopes in closed form against LibTorch's autograd.
  void check(CheckSink& sink) const override {
    double largest = 0;
    for (const BoxLoss loss : kBoxLosses) {
      const auto ours = boxLoss(loss, descent_.of(loss), descent_.target);
      const auto theirs = byAutograd(loss, descent_.of(loss), descent_.target);
      largest = std::max(largest, std::abs(ours.loss - theirs.loss));
      for (int i = 0; i < 4; ++i)
        largest = std::max(largest, std::abs(ours.slope[i] - theirs.slope[i]));
    }
    sink.compare("autograd", largest, 1e-9);
  }

 private:
  void follow() {
    for (std::size_t i = 0; i < 5; ++i) paths_[i].push_back(centreOf(descent_.boxes[i]));
  }

  void record(Recorder& recorder) const {
    for (const BoxLoss loss : kBoxLosses) {
      recorder.add(nameOf(loss) + "/iou", descent_.iouOf(loss));
      recorder.add(nameOf(loss) + "/loss", boxLoss(loss, descent_.of(loss), descent_.target).loss);
      recorder.add(nameOf(loss) + "/distance", descent_.distanceOf(loss));
    }
  }

  void showPlane(PlaneData& plane) const {
    plane.x0 = plane.y0 = 0;
    plane.x1 = plane.y1 = 10;
    BoxesLayer boxes{"boxes", {}};
    for (const BoxLoss loss : kBoxLosses) {
      const std::string& id = nameOf(loss);
      const auto i = static_cast<std::size_t>(loss);
      const Label label = Word{"box-losses.curve." + id};
      plane.layers.emplace_back(PathLayer{"path " + id, label, id, paths_[i]});
      const Box& b = descent_.boxes[i];
      boxes.boxes.push_back({b.x0, b.y0, b.x1, b.y1, id, label});
    }
    plane.layers.emplace_back(std::move(boxes));
  }

  void showMeasures(TableData& table) const {
    table.columns = {{"loss"}, {"value"}, {"iou", TableData::Best::Largest},      {"giou"},
                     {"diou"}, {"ciou"},  {"distance", TableData::Best::Smallest}};
    for (const BoxLoss loss : kBoxLosses) {
      const Measures measures = measuresOf(descent_.of(loss), descent_.target);
      table.rows.push_back(
          {nameOf(loss),
           {Word{"box-losses.curve." + nameOf(loss)},
            boxLoss(loss, descent_.of(loss), descent_.target).loss, measures.iou, measures.giou,
            measures.diou, measures.ciou, descent_.distanceOf(loss)}});
    }
  }

  static BoxLossValue byAutograd(BoxLoss loss, const Box& box, const Box& target) {
    const auto b = torch::tensor({box.x0, box.y0, box.x1, box.y1}, torch::kDouble).requires_grad_();
    const auto t = torch::tensor({target.x0, target.y0, target.x1, target.y1}, torch::kDouble);
    const auto value = lossOf(loss, b, t);
    const auto slope = torch::autograd::grad({value}, {b})[0];
    return {value.item<double>(),
            {slope[0].item<double>(), slope[1].item<double>(), slope[2].item<double>(),
             slope[3].item<double>()}};
  }

  static torch::Tensor lossOf(BoxLoss loss, const torch::Tensor& b, const torch::Tensor& t) {
    if (loss == BoxLoss::L1) return (b - t).abs().mean();
    const auto size = [](const torch::Tensor& box) {
      return box.slice(0, 2, 4) - box.slice(0, 0, 2);
    };
    const auto shared =
        (torch::min(b, t).slice(0, 2, 4) - torch::max(b, t).slice(0, 0, 2)).clamp_min(0);
    const auto around = torch::max(b, t).slice(0, 2, 4) - torch::min(b, t).slice(0, 0, 2);
    const auto intersection = shared.prod(), area = around.prod();
    const auto unioned = size(b).prod() + size(t).prod() - intersection;
    const auto iou = intersection / unioned;
    if (loss == BoxLoss::Iou) return 1 - iou;
    if (loss == BoxLoss::Giou) return 1 - (iou - (area - unioned) / area);
    const auto centres = (b - t).view({2, 2}).mean(0);
    const auto diou = iou - centres.square().sum() / around.square().sum();
    if (loss == BoxLoss::Diou) return 1 - diou;
    const auto aspect =
        (torch::atan(size(t)[0] / size(t)[1]) - torch::atan(size(b)[0] / size(b)[1])).square() *
        (4 / (std::numbers::pi * std::numbers::pi));
    const double v = aspect.item<double>();
    const double weight = v > 0 ? v / (1 - iou.item<double>() + v) : 0;
    return 1 - (diou - weight * aspect);
  }

  std::string preset_;
  Descent descent_;
  std::array<std::vector<Point>, 5> paths_;
  double learning_rate_ = 0;
  std::int64_t step_ = 0;
};

}  // namespace

double Descent::distanceOf(BoxLoss loss) const {
  const Point a = centreOf(of(loss)), b = centreOf(target);
  return std::hypot(a.x - b.x, a.y - b.y);
}

std::unique_ptr<Experiment> makeBoxLosses(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<BoxLosses>(parameters, context);
}

}  // namespace viva
