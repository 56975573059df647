// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/results.h"

#include <algorithm>

#include "app/export/pictures.h"
#include "app/export/records_csv.h"
#include "app/export/summary.h"
#include "app/export/views_json.h"
#include "app/export/weights.h"

namespace viva {
namespace {

/// Without `--export`, records.csv.
std::vector<Export> exportsOf(const OutputRequest& request) {
  return request.exports.empty() ? std::vector{Export::Csv} : request.exports;
}

const char* fileName(Export format) {
  switch (format) {
    case Export::Csv:
      return "records.csv";
    case Export::Json:
      return "views.json";
    case Export::Weights:
      return "weights.pt";
    default:
      return "";
  }
}

}  // namespace

std::string pictureEnding(Export format) {
  switch (format) {
    case Export::Png:
      return "png";
    case Export::Svg:
      return "svg";
    case Export::Pdf:
      return "pdf";
    default:
      return {};
  }
}

std::vector<std::string> resultNames(const ExperimentSpec& spec, const OutputRequest& request) {
  std::vector<std::string> names;
  for (const Export format : exportsOf(request)) {
    const std::string ending = pictureEnding(format);
    if (ending.empty())
      names.push_back(fileName(format));
    else
      for (const ViewSpec& view : spec.views) names.push_back(view.id + "." + ending);
  }
  names.insert(names.end(), {kRunFileName, kSummaryName});
  return names;
}

void writeResults(RunFolder& folder, const Results& results, const OutputRequest& request,
                  const Words& words) {
  Run& run = results.run;
  std::vector<std::string> names;
  const auto write = [&](const std::string& name, const std::function<void(FileWriter&)>& fill) {
    folder.write(name, fill);
    names.push_back(name);
  };
  const auto writeBytes = [&](const std::string& name, std::string_view bytes) {
    write(name, [&](FileWriter& file) { file.write(bytes); });
  };

  SummaryFacts facts{describe(run, results.runtime), results.frame, results.seconds, {}};
  const std::string run_file = toJson(facts.file);
  std::vector<Export> pictures;
  for (const Export format : exportsOf(request)) {
    if (format == Export::Csv) {
      write(fileName(format), [&](FileWriter& file) { RecordsCsv(file).write(run.records()); });
    } else if (format == Export::Json && results.frame) {
      write(fileName(format), [&](FileWriter& file) {
        writeViewsJson(file, run.spec(), run.records(), *results.frame, words);
      });
    } else if (format == Export::Weights && results.frame) {
      const std::vector<char> bytes = weightsFile(run, results.runtime);
      writeBytes(fileName(format), {bytes.data(), bytes.size()});
    } else if (!pictureEnding(format).empty()) {
      pictures.push_back(format);
    }
  }
  if (!pictures.empty() && results.frame)
    drawPictures(run, results.frame, pictures, request.picture, words.language(),
                 request.picture.metadata ? run_file : std::string(), writeBytes);

  writeBytes(kRunFileName, run_file);
  names.push_back(kSummaryName);
  facts.file_names = names;
  folder.write(kSummaryName, [&](FileWriter& file) { file.write(summaryJson(run, facts, words)); });
  folder.commit();
}

}  // namespace viva
