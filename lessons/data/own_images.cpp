// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/own_images.h"

#include <torch/types.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "lessons/core/error.h"
#include "lessons/core/experiment.h"
#include "lessons/core/file_name.h"
#include "lessons/data/cifar.h"
#include "lessons/data/idx.h"
#include "lessons/data/image_folder.h"
#include "lessons/data/picture.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char* what, const std::string& file,
                       std::vector<std::pair<std::string, Argument>> further = {}) {
  further.insert(further.begin(), {"file", file});
  throw FileError({std::string("error.images.") + what, std::move(further)});
}

/// Images before they are averaged down: of one size, or in files of their own.
struct Found {
  torch::Tensor pixels;  ///< [images, channels, height, width], uint8; undefined for files
  std::vector<std::string> files;  ///< pictures
  torch::Tensor labels;            ///< [images], int64, as they are written; undefined for none
  std::vector<std::string> names;  ///< by label; empty: a label is its own name

  std::int64_t images() const {
    return pixels.defined() ? pixels.size(0) : static_cast<std::int64_t>(files.size());
  }
};

enum class Kind { Idx, Cifar };

Kind kindOf(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) fail("missing", path);
  if (!fs::is_regular_file(status)) fail("not_a_file", path);
  std::ifstream stream(path, std::ios::binary);
  std::string start(16, '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  if (stream.bad() || !stream.is_open()) fail("unreadable", path);
  start.resize(static_cast<std::size_t>(stream.gcount()));
  if (start.empty()) fail("empty", path);
  if (isPng(start) || isJpeg(start)) fail("one_picture", path);
  if (start.starts_with("\x1f\x8b") || start.starts_with("PK\3\4") || start.starts_with("BZh") ||
      start.starts_with("\xfd"
                        "7zXZ"))
    fail("compressed", path);
  const bool is_binary = path.ends_with(".bin");
  if (!is_binary && start.starts_with(std::string_view("\0\0\x8", 3))) return Kind::Idx;
  const auto size = static_cast<std::int64_t>(fs::file_size(path, error));
  if (is_binary || (!error && size % kCifarRecord == 0)) return Kind::Cifar;
  // Of another type or other dimensions than images: its reader says so.
  if (start.starts_with(std::string_view("\0\0", 2))) return Kind::Idx;
  if (start.starts_with("\x80\2") || start.starts_with("\x80\3") || start.starts_with("\x80\4"))
    fail("pickled", path);
  fail("unknown", path);
}

Found fromCifar(const std::vector<std::string>& files) {
  CifarImages read = readCifar(files);
  return {std::move(read.pixels),
          {},
          std::move(read.labels),
          {kCifarClasses.begin(), kCifarClasses.end()}};
}

Found fromFolder(const std::string& path, const std::stop_token& stop) {
  if (const auto batches = cifarBatchesIn(path); !batches.empty()) return fromCifar(batches);
  ImageFolder folder = listImageFolder(path, stop);
  Found found{{}, std::move(folder.files), {}, std::move(folder.classes)};
  if (!found.names.empty()) found.labels = torch::tensor(folder.labels, torch::kLong);
  return found;
}

Found fromIdx(const std::string& path, const std::string& labels_path) {
  Found found{readIdxImages(path), {}, {}, {}};
  if (labels_path.empty()) return found;
  found.labels = readIdxLabels(labels_path);
  if (const std::int64_t labels = found.labels.size(0); labels != found.images())
    fail("label_count", labels_path, {{"labels", labels}, {"images", found.images()}});
  return found;
}

Found findImages(const std::string& path, const std::string& labels_path,
                 const std::stop_token& stop) {
  std::error_code error;
  const bool is_folder = fs::is_directory(path, error);
  if (!is_folder && kindOf(path) == Kind::Idx) return fromIdx(path, labels_path);
  if (!labels_path.empty()) fail("labels_inside", path, {{"labels", labels_path}});
  return is_folder ? fromFolder(path, stop) : fromCifar({path});
}

/// The classes are the labels that occur, in order: 1 to 10 are ten, and so are 0 to 9.
void numberClasses(const Found& found, const std::string& where, const ImageUse& use,
                   Dataset& dataset) {
  dataset.labels = found.labels.clone();
  auto* labels = dataset.labels.data_ptr<std::int64_t>();
  std::map<std::int64_t, std::int64_t> number_of;
  for (std::int64_t i = 0; i < found.images(); ++i) number_of.emplace(labels[i], 0);
  dataset.classes = static_cast<std::int64_t>(number_of.size());
  for (auto& [label, number] : number_of) {
    number = static_cast<std::int64_t>(dataset.class_names.size());
    dataset.class_names.push_back(
        found.names.empty() ? std::to_string(label) : found.names[static_cast<std::size_t>(label)]);
  }
  if (dataset.classes > use.most_classes)
    fail("too_many_classes", where, {{"found", dataset.classes}, {"limit", use.most_classes}});
  if (dataset.classes < use.least_classes)
    fail("too_few_classes", where,
         {{"class", dataset.class_names.front()}, {"limit", use.least_classes}});
  for (std::int64_t i = 0; i < found.images(); ++i) labels[i] = number_of.at(labels[i]);
}

/// [images, colours, height, width] uint8 -> [images, colours, side, side] from 0 to 1.
torch::Tensor averaged(const torch::Tensor& pixels, std::int64_t side) {
  return torch::adaptive_avg_pool2d(pixels.to(torch::kFloat) / 255, {side, side});
}

/// [1, 3, side, side]. A colour at a time: as floats a large picture is four times what it is in
/// bytes.
torch::Tensor averaged(Picture picture, std::int64_t side) {
  const auto bytes =
      torch::from_blob(picture.rgb.data(), {1, picture.height, picture.width, 3}, torch::kUInt8);
  std::vector<torch::Tensor> colours;
  for (std::int64_t i = 0; i < 3; ++i)
    colours.push_back(averaged(bytes.select(3, i).unsqueeze(1), side));
  return torch::cat(colours, 1);
}

/// [images, 1 or 3, side, side] -> [images, channels, side, side].
torch::Tensor inColours(const torch::Tensor& images, std::int64_t channels) {
  if (images.size(1) == channels) return images;
  if (channels == 3) return images.expand({-1, 3, -1, -1});
  const auto luma =
      0.299 * images.select(1, 0) + 0.587 * images.select(1, 1) + 0.114 * images.select(1, 2);
  return luma.clamp_max(1).unsqueeze(1);
}

torch::Tensor seen(const Found& found, const torch::Tensor& chosen, const ImageUse& use,
                   const std::stop_token& stop) {
  const std::int64_t count = chosen.size(0);
  auto inputs = torch::empty({count, use.channels, use.side, use.side}, torch::kFloat);
  // Images of one size go through together, as many at a time as are a few megabytes.
  std::int64_t together = 1;
  if (found.pixels.defined())
    together = std::max<std::int64_t>(1, (4 << 20) / found.pixels[0].numel());
  for (std::int64_t i = 0; i < count; i += together) {
    stopIfAsked(stop);
    const std::int64_t here = std::min(together, count - i);
    const auto part = chosen.narrow(0, i, here);
    const auto file = [&] { return static_cast<std::size_t>(part[0].item<std::int64_t>()); };
    const auto images = found.pixels.defined()
                            ? averaged(found.pixels.index_select(0, part), use.side)
                            : averaged(readPicture(found.files[file()]), use.side);
    inputs.narrow(0, i, here).copy_(inColours(images, use.channels));
  }
  return inputs;
}

}  // namespace

Dataset ownImages(const std::string& path, const std::string& labels_path, const ImageUse& use,
                  const at::Generator& generator, const std::stop_token& stop) {
  const Found found = findImages(path, labels_path, stop);
  Dataset dataset;
  dataset.file = path;
  dataset.classes = 1;
  dataset.labels = torch::zeros({found.images()}, torch::kLong);
  if (use.labelled) {
    if (!found.labels.defined()) fail(found.files.empty() ? "no_labels" : "no_classes", path);
    numberClasses(found, labels_path.empty() ? path : labels_path, use, dataset);
  }
  // Files are often sorted by class, and all that follows takes beginnings for samples.
  auto chosen = stratifiedOrder(dataset.labels, dataset.classes, generator);
  chosen = chosen.narrow(0, 0, std::min(found.images(), use.most));
  dataset.labels = dataset.labels.index_select(0, chosen);
  dataset.inputs = seen(found, chosen, use, stop);
  return dataset;
}

Message readingOfImages(const Split& parts) {
  const Dataset& images = parts.training;
  std::string names;
  for (const std::string& name : images.class_names) names += (names.empty() ? "" : ", ") + name;
  return {"data.images_read",
          {{"file", fileName(File{images.file})},
           {"classes", images.classes},
           {"names", names},
           {"side", images.inputs.size(2)},
           {"training", images.samples()},
           {"validation", parts.validation.samples()}}};
}

}  // namespace viva
