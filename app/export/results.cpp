// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/results.h"

#include <algorithm>

#include "app/export/bundle.h"
#include "app/export/latex_table.h"
#include "app/export/latex_tokens.h"
#include "app/export/matplotlib.h"
#include "app/export/pgfplots.h"
#include "app/export/pictures.h"
#include "app/export/plot.h"
#include "app/export/records_csv.h"
#include "app/export/summary.h"
#include "app/export/tensorboard.h"
#include "app/export/views_json.h"

namespace viva {
namespace {

const char* fileName(Export format) {
  switch (format) {
    case Export::Csv:
      return "records.csv";
    case Export::Json:
      return "views.json";
    case Export::Weights:
      return "weights.pt";
    case Export::Bundle:
      return kBundleName;
    case Export::TensorBoard:
      return kEventsName;
    default:
      return "";
  }
}

/// The files that a plot becomes.
std::vector<std::string> plotEndings(Export format) {
  if (format == Export::Tikz) return {".tex"};
  if (format == Export::Matplotlib) return {".py", ".csv"};
  return {};
}

}  // namespace

std::vector<Export> exportsOf(const OutputRequest& request) {
  return request.exports.empty() ? std::vector{Export::Csv} : request.exports;
}

bool wantsWeights(const OutputRequest& request) {
  return std::any_of(request.exports.begin(), request.exports.end(), [](Export format) {
    return format == Export::Weights || format == Export::Bundle;
  });
}

bool isAnimation(Export format) {
  return format == Export::Webp || format == Export::Gif || format == Export::Mp4;
}

namespace {
bool isNamed(const std::string& view, const PictureRequest& request) {
  return std::find(request.views.begin(), request.views.end(), view) != request.views.end();
}
}  // namespace

bool wantsPanel(const PictureRequest& request) { return isNamed(kPanelView, request); }

bool isDrawn(const ViewSpec& view, const PictureRequest& request) {
  return request.views.empty() || isNamed(view.id, request);
}

bool isAnimated(const ViewSpec& view, const PictureRequest& request) {
  return isDrawn(view, request) && (view.kind != ViewKind::Verdict || !request.views.empty());
}

std::string pictureEnding(Export format) {
  switch (format) {
    case Export::Png:
      return "png";
    case Export::Svg:
      return "svg";
    case Export::Pdf:
      return "pdf";
    case Export::Webp:
      return "webp";
    case Export::Gif:
      return "gif";
    case Export::Mp4:
      return "mp4";
    default:
      return {};
  }
}

std::vector<std::string> resultNames(const ExperimentSpec& spec, const OutputRequest& request) {
  std::vector<std::string> names;
  for (const Export format : exportsOf(request)) {
    const std::string ending = pictureEnding(format);
    const std::vector<std::string> plot_endings = plotEndings(format);
    if (ending.empty() && plot_endings.empty()) names.push_back(fileName(format));
    for (const ViewSpec& view : spec.views) {
      if (!ending.empty() && (isAnimation(format) ? isAnimated(view, request.picture)
                                                  : isDrawn(view, request.picture)))
        names.push_back(view.id + "." + ending);
      if (isPlot(view.kind))
        for (const std::string& more : plot_endings) names.push_back(view.id + more);
    }
  }
  names.insert(names.end(), {kRunFileName, kSummaryName});
  return names;
}

void writeFiles(const RunResults& results, const std::vector<Export>& exports,
                const PictureRequest& picture, const Words& words, const TakeFile& take) {
  std::vector<std::string> names;
  const auto write = [&](const std::string& name, const std::function<void(FileWriter&)>& fill) {
    take(name, fill);
    names.push_back(name);
  };
  const auto writeBytes = [&](const std::string& name, std::string_view bytes) {
    write(name, [&](FileWriter& file) { file.write(bytes); });
  };

  const std::string run_file = toJson(results.file);
  std::vector<Export> pictures;
  for (const Export format : exports) {
    if (format == Export::Csv) {
      write(fileName(format), [&](FileWriter& file) { RecordsCsv(file).write(results.records); });
    } else if (format == Export::Json && results.frame) {
      write(fileName(format), [&](FileWriter& file) {
        writeViewsJson(file, *results.spec, results.records, *results.frame, words);
      });
    } else if (format == Export::Weights && results.frame) {
      writeBytes(fileName(format), {results.weights.data(), results.weights.size()});
    } else if (format == Export::Bundle) {
      write(fileName(format),
            [&](FileWriter& file) { writeBundle(file, results, picture, words); });
    } else if (format == Export::TensorBoard) {
      write(fileName(format),
            [&](FileWriter& file) { writeEvents(file, results, picture, words); });
    } else if (format == Export::Tikz) {
      for (const Plot& plot : plotsOf(results, words))
        writeBytes(plot.id + ".tex", pgfplotsDocument(plot, originOf(results, plot.title, words)));
      for (const ViewSpec& view : results.spec->views)
        if (const auto table = latexTable(results, view, words))
          writeBytes(view.id + ".tex", *table);
        else if (const auto tokens = latexTokens(results, view, words))
          writeBytes(view.id + ".tex", *tokens);
    } else if (format == Export::Matplotlib) {
      for (const Plot& plot : plotsOf(results, words)) {
        writeBytes(plot.id + ".py", matplotlibScript(plot, originOf(results, plot.title, words)));
        write(plot.id + ".csv", [&](FileWriter& file) { writePlotCsv(file, plot); });
      }
    } else if (!isAnimation(format)) {
      pictures.push_back(format);
    }
  }
  if (!pictures.empty() && !results.drawn.empty())
    for (const auto& [name, bytes] : results.drawn) writeBytes(name, bytes);
  else if (!pictures.empty() && results.frame)
    drawPictures(results, pictures, picture, words.language(),
                 picture.metadata ? run_file : std::string(), writeBytes);

  for (const auto& [name, bytes] : results.animations) writeBytes(name, bytes);

  writeBytes(kRunFileName, run_file);
  names.push_back(kSummaryName);
  take(kSummaryName, [&](FileWriter& file) { file.write(summaryJson(results, names, words)); });
}

void writeResults(RunFolder& folder, RunResults results, Animations& animations,
                  const OutputRequest& request, const Words& words) {
  animations.finish([&](const std::string& name, std::string bytes) {
    results.animations.emplace_back(name, std::move(bytes));
  });
  addDigests(results.file, results.records);
  writeFiles(results, exportsOf(request), request.picture, words,
             [&](const std::string& name, const std::function<void(FileWriter&)>& fill) {
               folder.write(name, fill);
             });
  folder.commit();
}

}  // namespace viva
