// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/sweep_folder.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fstream>

#include "app/export/whole_file.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPoints = "points";

}  // namespace

std::string readText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) text.assign(std::istreambuf_iterator<char>(file), {});
  if (!file)
    throw FileError(
        {"command.error.cannot_read", {{"file", path.string()}, {"reason", systemReason(errno)}}});
  return text;
}

bool SweepFolder::holdsSweep() const {
  const fs::path path = path_ / kSweepName;
  std::error_code error;
  const bool there = fs::exists(path, error);
  if (error)
    throw FileError({"command.error.cannot_read",
                     {{"file", path.string()}, {"reason", systemReason(error.value())}}});
  return there;
}

std::string SweepFolder::description() const { return readText(path_ / kSweepName); }

void SweepFolder::begin(const Sweep& sweep) {
  std::error_code error;
  // First the description: without it nothing here counts as done.
  fs::remove(path_ / kSweepName, error);
  fs::remove_all(path_ / kPoints, error);
  fs::create_directory(path_ / kPoints, error);
  if (error) throw cannotWrite(path_ / kPoints, error.value());
  writeWhole(path_ / kSweepName, toJson(sweep));
}

fs::path SweepFolder::pointPath(std::size_t point) const {
  char name[32];
  std::snprintf(name, sizeof name, "%05zu.viva", point);
  return path_ / kPoints / name;
}

std::vector<std::size_t> SweepFolder::pointsThere() const {
  std::vector<std::size_t> points;
  std::error_code error;
  for (fs::directory_iterator entry(path_ / kPoints, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::size_t point = 0;
    const auto [tail, problem] = std::from_chars(name.data(), name.data() + name.size(), point);
    if (problem == std::errc{} && std::string_view(tail) == ".viva") points.push_back(point);
  }
  return points;
}

void SweepFolder::keep(std::size_t point, const PointResult& result, const Words& words) {
  writeWhole(pointPath(point), toJson(result, words));
}

std::optional<PointResult> SweepFolder::result(std::size_t point, const Catalog& catalog) const {
  std::error_code ignored;
  if (!fs::exists(pointPath(point), ignored)) return std::nullopt;
  try {
    return pointFromJson(readText(pointPath(point)), catalog);
  } catch (const Error&) {
    return std::nullopt;  // damaged: computed again
  }
}

bool SweepFolder::isDone(std::size_t point, const Catalog& catalog) const {
  const auto kept = result(point, catalog);
  return kept && kept->status != RunStatus::Failed;
}

std::vector<std::size_t> SweepFolder::missing(const Sweep& sweep, const Catalog& catalog) const {
  std::vector<std::size_t> points;
  for (std::size_t point = 0; point < sweep.points(); ++point)
    if (!isDone(point, catalog)) points.push_back(point);
  return points;
}

}  // namespace viva
