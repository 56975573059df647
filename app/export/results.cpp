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
#include "app/export/without_paths.h"

namespace viva {
namespace {

using Names = std::vector<std::string>;

/// Where the files of a run go.
struct Output {
  const RunResults& results;
  const PictureRequest& picture;
  const Words& words;
  const TakeFile& take;
  Names names{};  ///< of what was written

  void write(const std::string& name, const std::function<void(FileWriter&)>& fill) {
    take(name, fill);
    names.push_back(name);
  }
  void writeBytes(const std::string& name, std::string_view bytes) {
    write(name, [&](FileWriter& file) { file.write(bytes); });
  }
};

/// One of the exports: what its files are called and who writes them.
struct Format {
  Export format;
  std::function<Names(const ExperimentSpec&, const PictureRequest&)> names;
  void (*write)(Output&);  ///< null for pictures, which are drawn together
  std::string ending{};    ///< of pictures and animations; else empty
};

auto file(const char* name) {
  return [name](const ExperimentSpec&, const PictureRequest&) { return Names{name}; };
}

/// A view is a file for each of these endings.
auto plots(Names endings) {
  return [endings](const ExperimentSpec& spec, const PictureRequest&) {
    Names names;
    for (const ViewSpec& view : spec.views)
      if (isPlot(view.kind))
        for (const std::string& ending : endings) names.push_back(view.id + ending);
    return names;
  };
}

Format drawn(Export format, const std::string& ending,
             bool (*wanted)(const ViewSpec&, const PictureRequest&)) {
  return {format,
          [ending, wanted](const ExperimentSpec& spec, const PictureRequest& request) {
            Names names;
            for (const ViewSpec& view : spec.views)
              if (wanted(view, request)) names.push_back(view.id + "." + ending);
            return names;
          },
          nullptr, ending};
}

void writeCsv(Output& out) {
  out.write("records.csv", [&](FileWriter& file) { RecordsCsv(file).write(out.results.records); });
}

void writeViews(Output& out) {
  if (!out.results.frame) return;
  out.write("views.json", [&](FileWriter& file) {
    writeViewsJson(file, *out.results.spec, out.results.records, *out.results.frame, out.words);
  });
}

void writeWeights(Output& out) {
  if (!out.results.frame) return;
  const std::vector<char>& bytes = out.results.weights.pickle;
  out.writeBytes("weights.pt", {bytes.data(), bytes.size()});
}

void writeSafetensors(Output& out) {
  if (!out.results.frame) return;
  const std::vector<char>& bytes = out.results.weights.safetensors;
  out.writeBytes("weights.safetensors", {bytes.data(), bytes.size()});
}

void writeZip(Output& out) {
  out.write(kBundleName,
            [&](FileWriter& file) { writeBundle(file, out.results, out.picture, out.words); });
}

void writeEventsFile(Output& out) {
  out.write(kEventsName,
            [&](FileWriter& file) { writeEvents(file, out.results, out.picture, out.words); });
}

void writeTikz(Output& out) {
  for (const Plot& plot : plotsOf(out.results, out.words))
    out.writeBytes(plot.id + ".tex",
                   pgfplotsDocument(plot, originOf(out.results, plot.title, out.words)));
  for (const ViewSpec& view : out.results.spec->views)
    if (const auto table = latexTable(out.results, view, out.words))
      out.writeBytes(view.id + ".tex", *table);
    else if (const auto tokens = latexTokens(out.results, view, out.words))
      out.writeBytes(view.id + ".tex", *tokens);
}

void writeMatplotlib(Output& out) {
  for (const Plot& plot : plotsOf(out.results, out.words)) {
    out.writeBytes(plot.id + ".py",
                   matplotlibScript(plot, originOf(out.results, plot.title, out.words)));
    out.write(plot.id + ".csv", [&](FileWriter& file) { writePlotCsv(file, plot); });
  }
}

/// Every export there is.
const std::vector<Format>& formats() {
  static const std::vector<Format> all{
      {Export::Csv, file("records.csv"), writeCsv},
      {Export::Json, file("views.json"), writeViews},
      {Export::Weights, file("weights.pt"), writeWeights},
      {Export::Safetensors, file("weights.safetensors"), writeSafetensors},
      drawn(Export::Png, "png", isDrawn),
      drawn(Export::Svg, "svg", isDrawn),
      drawn(Export::Pdf, "pdf", isDrawn),
      {Export::Bundle, file(kBundleName), writeZip},
      {Export::Tikz, plots({".tex"}), writeTikz},
      {Export::Matplotlib, plots({".py", ".csv"}), writeMatplotlib},
      {Export::TensorBoard, file(kEventsName), writeEventsFile},
      drawn(Export::Webp, "webp", isAnimated),
      drawn(Export::Gif, "gif", isAnimated),
      drawn(Export::Mp4, "mp4", isAnimated),
  };
  return all;
}

const Format& formatOf(Export wanted) {
  return *std::find_if(formats().begin(), formats().end(),
                       [&](const Format& format) { return format.format == wanted; });
}

}  // namespace

std::vector<Export> exportsOf(const OutputRequest& request) {
  return request.exports.empty() ? std::vector{Export::Csv} : request.exports;
}

bool wantsWeights(const OutputRequest& request) {
  return std::any_of(request.exports.begin(), request.exports.end(), [](Export format) {
    return format == Export::Weights || format == Export::Safetensors || format == Export::Bundle;
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

std::string pictureEnding(Export format) { return formatOf(format).ending; }

std::vector<std::string> resultNames(const ExperimentSpec& spec, const OutputRequest& request) {
  std::vector<std::string> names;
  for (const Export format : exportsOf(request))
    for (std::string& name : formatOf(format).names(spec, request.picture))
      names.push_back(std::move(name));
  names.insert(names.end(), {kRunFileName, kSummaryName});
  return names;
}

void writeFiles(const RunResults& results, const std::string& run_file,
                const std::vector<Export>& exports, const PictureRequest& picture,
                const Words& words, const TakeFile& take) {
  Output out{results, picture, words, take};
  std::vector<Export> pictures;
  for (const Export format : exports)
    if (const auto write = formatOf(format).write)
      write(out);
    else if (!isAnimation(format))
      pictures.push_back(format);

  const auto write = [&](const std::string& name, std::string_view bytes) {
    out.writeBytes(name, bytes);
  };
  if (!pictures.empty() && !results.drawn.empty())
    for (const auto& [name, bytes] : results.drawn) write(name, bytes);
  else if (!pictures.empty() && results.frame)
    drawPictures(results, pictures, picture, words.language(),
                 picture.metadata ? toJson(withoutPaths(results.file)) : std::string(), write);

  for (const auto& [name, bytes] : results.animations) write(name, bytes);

  write(kRunFileName, run_file);
  out.names.push_back(kSummaryName);
  take(kSummaryName, [&](FileWriter& file) { file.write(summaryJson(results, out.names, words)); });
}

void writeResults(RunFolder& folder, RunResults results, Animations& animations,
                  const OutputRequest& request, const Words& words) {
  animations.finish([&](const std::string& name, std::string bytes) {
    results.animations.emplace_back(name, std::move(bytes));
  });
  addDigests(results.file, results.records);
  writeFiles(results, toJson(results.file), exportsOf(request), request.picture, words,
             [&](const std::string& name, const std::function<void(FileWriter&)>& fill) {
               folder.write(name, fill);
             });
  folder.commit();
}

}  // namespace viva
