// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/tensorboard.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <protozero/pbf_writer.hpp>

#include "app/export/pictures.h"

namespace viva {
namespace {

// The fields of event.proto and summary.proto that are written.
enum EventField : protozero::pbf_tag_type {
  kWallTime = 1,
  kStep = 2,
  kFileVersion = 3,
  kSummary = 5
};
constexpr protozero::pbf_tag_type kValues = 1;
enum ValueField : protozero::pbf_tag_type {
  kTag = 1,
  kSimpleValue = 2,
  kImage = 4,
  kHistogram = 5
};
enum ImageField : protozero::pbf_tag_type { kHeight = 1, kWidth = 2, kColours = 3, kEncoded = 4 };
enum HistogramField : protozero::pbf_tag_type {
  kMinimum = 1,
  kMaximum = 2,
  kNumber = 3,
  kSum = 4,
  kSumOfSquares = 5,
  kLimits = 6,
  kCounts = 7
};

void appendLittleEndian(std::string& bytes, std::uint64_t number, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(number >> 8 * i & 0xff);
}

std::uint32_t masked(std::uint32_t sum) { return (sum >> 15 | sum << 17) + 0xa282ead8u; }

class Events {
 public:
  Events(FileWriter& file, const RunResults& results)
      : file_(file),
        results_(results),
        end_(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
                 .count()) {}

  void begin() {
    std::string event;
    protozero::pbf_writer writer(event);
    writer.add_double(kWallTime, timeOf(0));
    writer.add_string(kFileVersion, "brain.Event:2");
    record(event);
  }

  void scalars() {
    const Records& records = results_.records;
    for (std::int64_t row = 0; row < records.rows(); ++row) {
      std::string summary;
      protozero::pbf_writer writer(summary);
      for (std::size_t column = 0; column < records.names().size(); ++column) {
        const double value = records.at(row, column);
        if (isAbsent(value)) continue;
        protozero::pbf_writer scalar(writer, kValues);
        scalar.add_string(kTag, records.names()[column]);
        scalar.add_float(kSimpleValue, static_cast<float>(value));
      }
      if (!summary.empty()) event(row, summary);
    }
  }

  void histogram(const std::string& view, const HistogramData& data, std::int64_t step) {
    for (const HistogramData::Moment& moment : data.moments)
      if (!data.groups.empty() && moment.step < step)
        histogram(view + "/" + data.groups.front().id, data.edges, moment.counts, 0, 0,
                  moment.step);
    for (const HistogramData::Group& group : data.groups)
      histogram(view + "/" + group.id, data.edges, group.counts, group.below, group.above, step);
  }

  void picture(const std::string& view, std::string_view png, const PictureRequest& request,
               std::int64_t step) {
    std::string summary;
    protozero::pbf_writer writer(summary);
    {
      protozero::pbf_writer value(writer, kValues);
      value.add_string(kTag, view);
      protozero::pbf_writer image(value, kImage);
      image.add_int32(kHeight, static_cast<int>(std::lround(request.height * request.scale)));
      image.add_int32(kWidth, static_cast<int>(std::lround(request.width * request.scale)));
      image.add_int32(kColours, 3);
      image.add_bytes(kEncoded, png.data(), png.size());
    }
    event(step, summary);
  }

 private:
  double timeOf(std::int64_t step) const {
    const auto steps = static_cast<double>(std::max<std::int64_t>(1, results_.file.steps));
    return end_ - results_.seconds * (1 - static_cast<double>(step) / steps);
  }

  void histogram(const std::string& tag, const std::vector<double>& edges,
                 const std::vector<double>& counts, double below, double above, std::int64_t step) {
    if (edges.size() != counts.size() + 1) return;
    double number = below + above, sum = below * edges.front() + above * edges.back();
    double squares = below * edges.front() * edges.front() + above * edges.back() * edges.back();
    // Each limit is the upper end of its bucket.
    std::vector<double> limits{edges.front()}, buckets{below};
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double centre = (edges[i] + edges[i + 1]) / 2;
      number += counts[i];
      sum += counts[i] * centre;
      squares += counts[i] * centre * centre;
      limits.push_back(edges[i + 1]);
      buckets.push_back(counts[i]);
    }
    limits.push_back(std::numeric_limits<double>::max());
    buckets.push_back(above);
    // TensorBoard draws the first full bucket from the minimum on, and the last one to the maximum.
    // Of those beyond the edges one border is known.
    const auto is_full = [](double count) { return count > 0; };
    const auto first = std::find_if(buckets.begin(), buckets.end(), is_full) - buckets.begin();
    const auto behind_last =
        buckets.rend() - std::find_if(buckets.rbegin(), buckets.rend(), is_full);
    const auto edge = [&](std::ptrdiff_t i) {
      return edges[static_cast<std::size_t>(
          std::clamp<std::ptrdiff_t>(i, 0, static_cast<std::ptrdiff_t>(edges.size()) - 1))];
    };
    const double minimum = behind_last > 0 ? edge(first - 1) : 0;
    const double maximum = behind_last > 0 ? edge(behind_last - 1) : 0;
    std::string summary;
    protozero::pbf_writer writer(summary);
    {
      protozero::pbf_writer value(writer, kValues);
      value.add_string(kTag, tag);
      protozero::pbf_writer proto(value, kHistogram);
      proto.add_double(kMinimum, minimum);
      proto.add_double(kMaximum, maximum);
      proto.add_double(kNumber, number);
      proto.add_double(kSum, sum);
      proto.add_double(kSumOfSquares, squares);
      proto.add_packed_double(kLimits, limits.begin(), limits.end());
      proto.add_packed_double(kCounts, buckets.begin(), buckets.end());
    }
    event(step, summary);
  }

  void event(std::int64_t step, const std::string& summary) {
    std::string event;
    protozero::pbf_writer writer(event);
    writer.add_double(kWallTime, timeOf(step));
    writer.add_int64(kStep, step);
    writer.add_message(kSummary, summary);
    record(event);
  }

  void record(const std::string& data) {
    std::string frame;
    appendLittleEndian(frame, data.size(), 8);
    appendLittleEndian(frame, masked(crc32c(frame)), 4);
    frame += data;
    appendLittleEndian(frame, masked(crc32c(data)), 4);
    file_.write(frame);
  }

  FileWriter& file_;
  const RunResults& results_;
  double end_;  ///< seconds since 1970
};

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true> sum;
  // It takes the callers' strings, which outlive the call, for dead ones.
  // cppcheck-suppress invalidLifetime
  sum.process_bytes(bytes.data(), bytes.size());
  return sum.checksum();
}

void writeEvents(FileWriter& file, const RunResults& results, const PictureRequest& picture,
                 const Words& words) {
  Events events(file, results);
  events.begin();
  events.scalars();
  if (!results.frame) return;
  for (const auto& [view, data] : results.frame->views)
    if (const auto* histogram = std::get_if<HistogramData>(&data))
      events.histogram(view, *histogram, results.frame->step);
  if (!hasPictures()) return;
  drawPictures(results, {Export::Png}, picture, words.language(), {},
               [&](const std::string& name, std::string_view png) {
                 events.picture(name.substr(0, name.rfind('.')), png, picture, results.frame->step);
               });
}

}  // namespace viva
