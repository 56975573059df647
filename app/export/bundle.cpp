// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/bundle.h"

#include <algorithm>

#include "app/export/carried_files.h"
#include "app/export/command_text.h"
#include "app/export/labels.h"
#include "app/export/pictures.h"
#include "app/export/results.h"
#include "app/export/without_paths.h"
#include "app/export/zip.h"

namespace viva {

/// Made by the build: the PyTorch programs of all experiments.
std::vector<std::pair<std::string_view, std::string_view>> embeddedEquivalents();

namespace {

std::string_view equivalentOf(const ExperimentSpec& spec) {
  for (const auto& [name, text] : embeddedEquivalents())
    if (name == spec.equivalent) return text;
  return {};
}

/// Of a run that is computed again where the bundle was unpacked.
RunFile withCarriedFiles(RunFile run, const std::vector<CarriedFile>& data) {
  for (auto& [name, value] : run.parameters)
    for (const CarriedFile& file : data)
      if (!file.contents.empty() && file.input.parameter == name) value = File{file.name};
  return run;
}

const char* wordFor(const CarriedFile& file) {
  switch (file.place) {
    case CarriedFile::Place::Carried:
      return file.is_folder ? "readme.file.data_folder" : "readme.file.data";
    case CarriedFile::Place::TooLarge:
      return file.is_folder ? "readme.data_folder_too_large" : "readme.data_too_large";
    case CarriedFile::Place::UnsafeNames:
      return "readme.data_names";
    case CarriedFile::Place::Changed:
      break;
  }
  return "readme.data_changed";
}

std::string readme(const RunResults& results, const std::vector<CarriedFile>& data,
                   bool has_equivalent, bool has_pictures, const Words& words) {
  const ExperimentSpec& spec = *results.spec;
  const RunFile& file = results.file;
  std::string text = "# " + experimentTitle(words, spec.id) + "\n\n";
  if (!file.preset.empty()) {
    text += "**" + words.of(spec.id, "preset", file.preset) + "**. ";
    text += words.of(spec.id, "preset_claim", file.preset) + "\n\n";
  }
  if (results.frame)
    for (const auto& [id, data] : results.frame->views)
      if (const auto* verdict = std::get_if<VerdictData>(&data))
        text += "> " + words(verdict->sentence) + "\n\n";
  const auto block = [&](const std::string& command) { text += "\n\n    " + command + "\n\n"; };
  text += words("readme.command");
  block(commandOf(withCarriedFiles(withoutPaths(file), data), spec));
  text += words("readme.replay");
  block("viva replay " + std::string(kBundleName));
  text += words(Message{"readme.circumstances",
                        {{"build", file.build},
                         {"library", file.library},
                         {"blas", file.blas},
                         {"device", file.device},
                         {"threads", std::int64_t{file.threads}}}}) +
          "\n\n";
  const auto row = [&](const std::string& name, const char* key) {
    text += "- `" + name + "`: " + words(key) + "\n";
  };
  row("run.viva", "readme.file.run");
  row("summary.json", "readme.file.summary");
  row("records.csv", "readme.file.records");
  if (results.frame) {
    row("views.json", "readme.file.views");
    row("weights.pt", "readme.file.weights");
    if (has_pictures) row("*.png, *.svg, *.pdf", "readme.file.figures");
  }
  if (has_equivalent) row("equivalent.py", "readme.file.equivalent");
  for (const CarriedFile& file : data) {
    const Message said{wordFor(file),
                       {{"file", file.file_name},
                        {"size", static_cast<std::int64_t>(file.input.size)},
                        {"digest", file.input.sha256},
                        {"name", file.input.parameter},
                        {"limit", static_cast<std::int64_t>(kLargestCarried >> 20)},
                        {"most", static_cast<std::int64_t>(kMostCarried)}}};
    text += (file.contents.empty() ? "\n" : "- `" + file.name + "`: ") + words(said) + "\n";
  }
  return text;
}

}  // namespace

void writeBundle(FileWriter& file, const RunResults& results, const PictureRequest& picture,
                 const Words& words) {
  ZipWriter zip(file);
  const auto add = [&](const std::string& name, std::string_view text) {
    zip.add(name, [&](FileWriter& entry) { entry.write(text); });
  };
  const std::string_view equivalent = equivalentOf(*results.spec);
  const std::vector<CarriedFile> data = filesToCarry(results.file);
  add("README.md", readme(results, data, !equivalent.empty(), hasPictures(), words));
  if (!equivalent.empty()) add("equivalent.py", equivalent);
  for (const CarriedFile& file : data)
    for (const auto& [name, content] : file.contents) add(name, content);
  std::vector<Export> exports{Export::Csv, Export::Json, Export::Weights};
  if (hasPictures()) exports.insert(exports.end(), kPictures.begin(), kPictures.end());
  writeFiles(results, toJson(withoutPaths(results.file)), exports, picture, words,
             [&](const std::string& name, const std::function<void(FileWriter&)>& fill) {
               zip.add(name, fill);
             });
  zip.close();
}

}  // namespace viva
