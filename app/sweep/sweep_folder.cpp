// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/sweep_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "app/export/file_writer.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPoints = "points";

FileError cannotWrite(const fs::path& file, int error_number) {
  return FileError({"command.error.cannot_write",
                    {{"file", file.string()}, {"reason", systemReason(error_number)}}});
}

}  // namespace

void writeWhole(const fs::path& path, std::string_view text) {
  // A name of its own: two engines may compute the same point.
  std::string temporary = (path.parent_path() / ".viva-part-XXXXXX").string();
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) throw cannotWrite(path, errno);
  int reason = 0;
  try {
    FileWriter writer(descriptor, path.string());
    writer.write(text);
    writer.flush();
    ::fchmod(descriptor, 0644);
    if (::fsync(descriptor) != 0 && errno != EINVAL) reason = errno;
  } catch (...) {
    ::close(descriptor);
    ::unlink(temporary.c_str());
    throw;
  }
  if (::close(descriptor) != 0 && reason == 0) reason = errno;
  if (reason == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) reason = errno;
  if (reason == 0) return;
  ::unlink(temporary.c_str());
  throw cannotWrite(path, reason);
}

std::string readWhole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) text.assign(std::istreambuf_iterator<char>(file), {});
  if (!file)
    throw FileError(
        {"command.error.cannot_read", {{"file", path.string()}, {"reason", systemReason(errno)}}});
  return text;
}

bool SweepFolder::holdsSweep() const {
  std::error_code ignored;
  return fs::exists(path_ / kSweepName, ignored);
}

std::string SweepFolder::description() const { return readWhole(path_ / kSweepName); }

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

void SweepFolder::keep(std::size_t point, const PointResult& result, const Words& words) {
  writeWhole(pointPath(point), toJson(result, words));
}

std::optional<PointResult> SweepFolder::result(std::size_t point, const Catalog& catalog) const {
  std::error_code ignored;
  if (!fs::exists(pointPath(point), ignored)) return std::nullopt;
  try {
    return pointFromJson(readWhole(pointPath(point)), catalog);
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
