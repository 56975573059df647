// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_images_views.h"

#include <torch/nn.h>
#include <torch/utils.h>

#include <array>
#include <charconv>
#include <cmath>

#include "lessons/core/file_name.h"
#include "lessons/core/level_curve.h"
#include "lessons/generation/gan_losses.h"
#include "lessons/generation/small_images.h"

namespace viva {
namespace {

constexpr std::int64_t kColumns = 8, kPlainRows = 4;
constexpr double kReach = 3;         // of the plane of the walk
constexpr std::int64_t kCells = 15;  // of its field
constexpr std::int64_t kGrid = 7;    // images along each direction

std::vector<float> hostValues(const torch::Tensor& tensor) {
  const auto host = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  return {host.data_ptr<float>(), host.data_ptr<float>() + host.numel()};
}

/// Images [n, 1, 12, 12] from -1 to 1, ink dark on white as on paper.
ImagesData grid(const torch::Tensor& images, std::int64_t columns) {
  ImagesData data;
  data.height = data.width = kImageSize;
  data.columns = static_cast<int>(columns);
  data.values = shareFloats(hostValues(-images));
  data.minimum = -1;
  data.maximum = 1;
  data.images.resize(static_cast<std::size_t>(images.size(0)));
  for (auto& image : data.images) image.caption = std::string();
  return data;
}

/// Noise at places [n, 2] of the plane of the walk.
torch::Tensor noiseAt(const FixedLatents& latents, const torch::Tensor& places) {
  return latents.base + places.to(latents.base.options()).matmul(latents.directions);
}

torch::Tensor gridPlaces(std::int64_t cells, double reach, bool top_first) {
  const auto along = torch::linspace(-reach, reach, cells);
  const auto places = torch::meshgrid({top_first ? along.flip(0) : along, along}, "ij");
  return torch::stack({places[1].flatten(), places[0].flatten()}, 1);
}

torch::Tensor labelsOf(const GanImagesPicture& picture, std::int64_t count) {
  return torch::full({count}, picture.shown_class,
                     torch::TensorOptions(torch::kLong).device(picture.latents.base.device()));
}

std::string twoDecimals(double value) {
  std::array<char, 48> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2).ptr;
  return {text.data(), end};
}

std::string coordinates(Point at) {
  return "(" + twoDecimals(at.x) + ", " + twoDecimals(at.y) + ")";
}

/// A file's label, else the number.
std::string nameOfClass(const Dataset& data, std::size_t number) {
  return number < data.class_names.size() ? data.class_names[number] : std::to_string(number);
}

}  // namespace

FixedLatents fixedLatents(std::int64_t noise_dim, std::int64_t classes, at::Generator generator,
                          std::int64_t judged, torch::Device device) {
  const auto draw = [&](std::int64_t count) {
    return torch::randn({count, noise_dim}, generator).to(device);
  };
  const auto zeros = [&](std::int64_t count) {
    return torch::zeros({count}, torch::TensorOptions(torch::kLong).device(device));
  };
  const auto each = torch::arange(classes, torch::TensorOptions(torch::kLong).device(device));
  FixedLatents latents;
  if (classes == 1) {
    latents.shown = draw(kPlainRows * kColumns);
    latents.shown_labels = zeros(kPlainRows * kColumns);
    latents.time_labels = zeros(kColumns);
  } else {  // a column is one noise, a row one class
    latents.shown = draw(kColumns).repeat({classes, 1});
    latents.shown_labels = each.repeat_interleave(kColumns);
    latents.time_labels = torch::arange(kColumns, each.options()).remainder(classes);
  }
  latents.time = draw(kColumns);
  latents.judged = draw(judged);
  latents.judged_labels = torch::arange(judged, each.options()).remainder(classes);
  // Gram-Schmidt: two directions, and what is left of a third as the common part.
  const auto three = torch::randn({3, noise_dim}, generator);
  const auto first = three[0] / three[0].norm();
  auto second = three[1] - three[1].dot(first) * first;
  second = second / second.norm().clamp_min(1e-12);
  latents.directions = torch::stack({first, second}).to(device);
  latents.base =
      (three[2] - three[2].dot(first) * first - three[2].dot(second) * second).to(device);
  return latents;
}

void rememberMoment(std::vector<ImageMoment>& moments, std::int64_t step, torch::Tensor images) {
  if (!moments.empty() && step < 2 * moments.back().step) return;
  moments.push_back({step, std::move(images)});
}

Message imagesReadingOf(const Dataset& data) {
  const std::string file = fileName(File{data.file});
  if (data.class_names.empty())
    return {"gan-images.reading.plain", {{"file", file}, {"images", data.samples()}}};
  std::string names;
  for (const std::string& name : data.class_names) names += (names.empty() ? "" : ", ") + name;
  return {
      "gan-images.reading.labelled",
      {{"file", file}, {"images", data.samples()}, {"classes", data.classes}, {"names", names}}};
}

ImagesData sampleImages(const GanImagesPicture& picture) {
  // Without classes the rows mean nothing: as many columns as make the images largest.
  auto data = grid(picture.generator.forward(picture.latents.shown, picture.latents.shown_labels),
                   picture.classes > 0 ? kColumns : 0);
  if (picture.classes > 0)
    for (std::size_t i = 0; i < data.images.size(); i += kColumns)
      data.images[i].caption = nameOfClass(picture.data, i / kColumns);
  return data;
}

ImagesData timeImages(const GanImagesPicture& picture) {
  std::vector<torch::Tensor> rows;
  for (const ImageMoment& moment : picture.moments) rows.push_back(moment.images);
  auto data = grid(torch::cat(rows), kColumns);
  for (std::size_t row = 0; row < rows.size(); ++row)
    data.images[row * kColumns].caption = std::to_string(picture.moments[row].step);
  return data;
}

ImagesData realImages(const GanImagesPicture& picture) {
  return grid(picture.data.first(kPlainRows * kColumns).inputs, 0);
}

PlaneData latentPlane(const GanImagesPicture& picture) {
  const auto noise = noiseAt(picture.latents, gridPlaces(kCells, kReach, /*top_first=*/false));
  const auto labels = labelsOf(picture, noise.size(0));
  const auto logits =
      picture.discriminator.forward(picture.generator.forward(noise, labels), labels);
  PlaneData plane;
  // A cell lies around the place that it was computed for.
  const double edge = kReach * kCells / (kCells - 1.0);
  plane.x0 = plane.y0 = -edge;
  plane.x1 = plane.y1 = edge;
  FieldLayer field;
  field.name = "discriminator";
  field.x0 = field.y0 = -edge;
  field.x1 = field.y1 = edge;
  field.rows = field.columns = kCells;
  field.values = shareFloats(hostValues(opinionOf(GanLoss::NonSaturating, logits, 0)));
  field.diverging = true;
  field.minimum = -1;
  field.maximum = 1;
  plane.layers.emplace_back(std::move(field));
  return plane;
}

ImagesData latentGrid(const GanImagesPicture& picture) {
  const auto noise = noiseAt(picture.latents, gridPlaces(kGrid, kReach, /*top_first=*/true));
  return grid(picture.generator.forward(noise, labelsOf(picture, noise.size(0))), kGrid);
}

ImagesData walkImage(const GanImagesPicture& picture) {
  const auto place = torch::tensor({{picture.walk.x, picture.walk.y}});
  auto data =
      grid(picture.generator.forward(noiseAt(picture.latents, place), labelsOf(picture, 1)), 1);
  data.images[0].caption = coordinates(picture.walk);
  return data;
}

SeriesData imageEquilibrium(std::int64_t steps) {
  const auto equilibrium = *equilibriumOf(GanLoss::NonSaturating);
  return {{levelCurve("d_equilibrium", equilibrium.discriminator, steps),
           levelCurve("g_equilibrium", equilibrium.generator, steps)}};
}

SeriesData judgeAccuracy(double accuracy, std::int64_t steps) {
  return {{levelCurve("judge_accuracy", accuracy, steps)}};
}

SeriesData fidCurves(const std::vector<std::pair<std::int64_t, double>>& fids, double floor) {
  if (fids.empty()) return {{Curve{"fid", {}, {}, {}}}};  // it is not measured
  Curve measured;
  measured.id = "fid";
  for (const auto& [step, fid] : fids) {
    measured.x.push_back(static_cast<double>(step));
    measured.y.push_back(fid);
  }
  return {{levelCurve("fid_floor", floor, fids.back().first), std::move(measured)}};
}

void checkGanImages(const ImageGenerator& generator, const ImageDiscriminator& discriminator,
                    const FixedLatents& latents, CheckSink& sink) {
  namespace F = torch::nn::functional;
  const torch::NoGradGuard no_grad;
  const auto noise = latents.judged.narrow(0, 0, 16);
  const auto labels = latents.judged_labels.narrow(0, 0, 16);
  const auto scores =
      discriminator.forward(generator.forward(noise, labels), labels).to(torch::kDouble);
  if (!scores.isfinite().all().item<bool>()) return;
  const auto halves = scores.chunk(2);
  const auto d_form = F::binary_cross_entropy_with_logits(halves[0], torch::ones_like(halves[0])) +
                      F::binary_cross_entropy_with_logits(halves[1], torch::zeros_like(halves[1]));
  const auto g_form = F::binary_cross_entropy_with_logits(halves[1], torch::ones_like(halves[1]));
  const auto loss = GanLoss::NonSaturating;
  sink.compare("loss-forms",
               (discriminatorLoss(loss, halves[0], halves[1]) - d_form).abs().item<double>() +
                   (generatorLoss(loss, halves[1]) - g_form).abs().item<double>(),
               1e-7);

  // The weights of a transposed convolution are those of the convolution back.
  torch::Tensor weight;
  for (const auto& item : generator.net()->named_parameters())
    if (item.key() == "3.weight") weight = item.value().to(torch::kDouble);
  const std::int64_t wide = weight.size(0), narrow = weight.size(1);
  const auto wave = [&](std::int64_t channels, std::int64_t size, double pace) {
    const auto phase = torch::arange(channels * size * size, weight.options()) * pace;
    return phase.sin().view({1, channels, size, size});
  };
  const auto small = wave(wide, 3, 0.7), large = wave(narrow, 6, 0.3);
  const auto grown = torch::conv_transpose2d(small, weight, {}, 2, 1);
  const auto shrunk = torch::conv2d(large, weight, {}, 2, 1);
  const double there = (grown * large).sum().item<double>();
  const double back = (shrunk * small).sum().item<double>();
  sink.compare(
      "adjoint",
      std::abs(there - back) / (grown.norm() * large.norm()).clamp_min(1e-12).item<double>(),
      1e-10);
}

}  // namespace viva
