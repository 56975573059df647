// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fitting/sample_sets.h"

#include <torch/types.h>

#include <cmath>
#include <numbers>

#include "lessons/core/error.h"
#include "lessons/data/csv.h"
#include "lessons/data/planar.h"
#include "lessons/fitting/capacity_lab.h"

namespace viva {
namespace {

constexpr std::int64_t kHeldOut = 400;

Dataset classesOf(const Parameters& p, std::int64_t samples, const at::Generator& generator) {
  Dataset drawn;
  switch (p[kLabDataset]) {
    case LabDataset::Circles:
      drawn = circles(samples, p[kLabNoise], generator);
      break;
    case LabDataset::Spirals:
      drawn = spirals(samples, 1, p[kLabNoise], generator);
      break;
    default:
      drawn = moons(samples, p[kLabNoise], generator);
      drawn.inputs -= torch::tensor({0.5F, 0.25F});  // their middle
  }
  return drawn.at(torch::randperm(samples, generator));
}

LabSamples drawnClasses(const Parameters& p, std::int64_t samples, std::uint64_t seed,
                        std::uint64_t stream, std::uint64_t flips) {
  const Dataset drawn = classesOf(p, samples, generatorFor(seed, stream));
  const auto flipped = torch::rand({samples}, generatorFor(seed, flips)) < p[kLabLabelNoise];
  return {drawn.inputs, torch::where(flipped, 1 - drawn.labels, drawn.labels)};
}

/// Multiples of the golden ratio lie evenly however many are taken; ten uniform numbers leave gaps
/// in which a polynomial of degree nine is off by thousands.
torch::Tensor evenPlaces(std::int64_t samples, const at::Generator& generator) {
  const auto offset = torch::rand({1}, generator);
  return (offset + torch::arange(samples) * (std::numbers::phi - 1)).frac();
}

LabSamples noisySine(const torch::Tensor& x, double noise, const at::Generator& generator) {
  const auto y = torch::sin(2 * std::numbers::pi * x) + noise * torch::randn(x.sizes(), generator);
  return {x.unsqueeze(1), y};
}

void drawSine(const Parameters& p, std::uint64_t seed, LabData& data) {
  auto generator = generatorFor(seed, kLabTraining);
  const LabSamples pool =
      noisySine(evenPlaces(kMostLabSamples, generator), p[kLabNoise], generator);
  data.training = {pool.inputs.slice(0, 0, p[kLabTrainSize]),
                   pool.targets.slice(0, 0, p[kLabTrainSize])};
  generator = generatorFor(seed, kLabValidation);
  data.validation = noisySine(torch::rand({kHeldOut}, generator), p[kLabNoise], generator);
  generator = generatorFor(seed, kLabTest);
  data.test =
      noisySine(torch::rand({kHeldOut}, generator) + p[kLabTestShift], p[kLabNoise], generator);
  data.noise_floor = p[kLabNoise] * p[kLabNoise];
}

void drawClasses(const Parameters& p, std::uint64_t seed, LabData& data) {
  const LabSamples pool = drawnClasses(p, kMostLabSamples, seed, kLabTraining, kLabFlips);
  data.training = {pool.inputs.slice(0, 0, p[kLabTrainSize]),
                   pool.targets.slice(0, 0, p[kLabTrainSize])};
  data.validation = drawnClasses(p, kHeldOut, seed, kLabValidation, kLabValidationFlips);
  data.test = drawnClasses(p, kHeldOut, seed, kLabTest, kLabTestFlips);
  data.test.inputs += torch::tensor({static_cast<float>(p[kLabTestShift]), 0.0F});
  const double q = p[kLabLabelNoise];
  data.noise_floor = q > 0 && q < 1 ? -q * std::log(q) - (1 - q) * std::log(1 - q) : 0;
}

/// Every third point in the order of drawing is for validation, so that moving one leaves the
/// others where they are.
void takeDrawn(const Points& points, LabData& data) {
  std::vector<std::int64_t> training, validation;
  for (std::size_t i = 0; i < points.points.size(); ++i)
    (i % 3 == 2 ? validation : training).push_back(static_cast<std::int64_t>(i));
  const Dataset all = drawnPoints(points);
  const auto part = [&](const std::vector<std::int64_t>& indices) -> LabSamples {
    const Dataset chosen = all.at(torch::tensor(indices));
    if (!data.is_curve) return {chosen.inputs, chosen.labels};
    return {chosen.inputs.slice(1, 0, 1).contiguous(), chosen.inputs.select(1, 1).contiguous()};
  };
  data.training = part(training);
  data.validation = part(validation);
  data.classes = all.classes;
  if (data.is_curve) return;
  for (const std::string& label : all.class_names) data.labels.push_back(std::stoi(label));
}

/// The name of one that none of the first `count` samples has.
std::string classAfter(const Dataset& training, std::int64_t count) {
  return training.class_names.at(
      static_cast<std::size_t>(training.labels[count].item<std::int64_t>()));
}

void readClasses(const Parameters& p, std::uint64_t seed, LabData& data) {
  const Dataset table = readPlanarCsv(p[kLabFile].path);
  Split parts = stratifiedSplit(table, 0.3, generatorFor(seed, kLabTraining));
  if (p[kLabTrainSize] < table.classes)
    throw RequestError({"error.lab.class_unseen",
                        {{"train_size", p[kLabTrainSize]},
                         {"classes", table.classes},
                         {"label", classAfter(parts.training, p[kLabTrainSize])}}});
  standardize(parts);
  const Dataset training = parts.training.first(p[kLabTrainSize]);
  const Dataset held_out = parts.validation.first(5 * kHeldOut);
  data.training = {training.inputs, training.labels};
  data.validation = {held_out.inputs, held_out.labels};
  data.classes = table.classes;
  data.reading = readingOf({training, held_out});
}

double baselineOf(const LabData& data) {
  const auto &known = data.training.targets, &asked = data.validation.targets;
  if (data.is_curve) return (asked - known.mean()).square().mean().item<double>();
  // One count for each class, so that a class that is missing in training is not impossible.
  const auto counts = torch::bincount(known, {}, data.classes).to(torch::kDouble) + 1;
  const auto shares = counts / counts.sum();
  return -shares.log().index_select(0, asked).mean().item<double>();
}

}  // namespace

double labTruth(double x) { return std::sin(2 * std::numbers::pi * x); }

LabData labData(const Parameters& p, const RunContext& context) {
  LabData data;
  data.is_curve = isLabCurve(p);
  switch (p[kLabDataset]) {
    case LabDataset::Sine:
      drawSine(p, context.seed, data);
      break;
    case LabDataset::DrawnCurve:
      takeDrawn(p[kLabCurvePoints], data);
      break;
    case LabDataset::DrawnClasses:
      takeDrawn(p[kLabClassPoints], data);
      break;
    case LabDataset::File:
      readClasses(p, context.seed, data);
      break;
    default:
      drawClasses(p, context.seed, data);
  }
  if (data.isEnough()) data.baseline = baselineOf(data);
  for (LabSamples* samples : {&data.training, &data.validation, &data.test}) {
    if (!samples->inputs.defined()) continue;
    samples->inputs = samples->inputs.to(torch::Device(context.device));
    samples->targets = samples->targets.to(torch::Device(context.device));
  }
  return data;
}

}  // namespace viva
