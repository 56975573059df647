// SPDX-License-Identifier: GPL-3.0-or-later
// Every name of every experiment has its words in both languages.
#include <QTest>

#include "lessons/core/run.h"
#include "lessons/core/words.h"
#include "tests/lessons/catalog_cases.h"

using namespace viva;
using namespace viva::cases;

namespace {

/// A word of its own, or one that all experiments have: `lstm-gates.curve.rnn`, `curve.rnn`.
bool says(const Words& words, const std::string& key) {
  return words.has(key) || words.has(key.substr(key.find('.') + 1));
}

/// Collects what has no words in either language.
class Missing {
 public:
  explicit Missing(const ExperimentSpec& spec) : spec_(spec) {}

  void need(const char* kind, const std::string& id) {
    for (const Language language : {Language::English, Language::Chinese})
      if (!Words::in(language).has(spec_.id, kind, id))
        add(language, spec_.id + "." + kind + "." + id);
  }
  void needKey(const std::string& key) {
    if (key.empty()) return;
    for (const Language language : {Language::English, Language::Chinese})
      if (!says(Words::in(language), key)) add(language, key);
  }
  void needChoice(const std::string& parameter, const std::string& name) {
    for (const Language language : {Language::English, Language::Chinese}) {
      const Words& words = Words::in(language);
      if (!words.has(spec_.id, "choice", parameter + "." + name) &&
          !words.has(spec_.id, "choice", name))
        add(language, spec_.id + ".choice." + parameter + "." + name);
    }
  }
  /// `adam/f` may have a word of its own or be the curve `adam` and the record `f`.
  void needRecord(const std::string& record) {
    const RecordName name = partsOf(record, [this](const std::string& whole) {
      return Words::in(Language::English).has(spec_.id, "record", whole);
    });
    need("record", name.quantity);
    if (!name.curve.empty()) need("curve", name.curve);
    if (!name.part.empty()) need("part", name.part);
  }
  void needLabel(const Label& label) {
    if (const auto* word = std::get_if<Word>(&label)) needKey(word->key);
  }

  QByteArray text() const { return text_; }

 private:
  void add(Language language, const std::string& key) {
    const QByteArray line =
        "\n  " + QByteArray::fromStdString(std::string(codeOf(language)) + ": " + key);
    if (!text_.contains(line)) text_ += line;
  }
  const ExperimentSpec& spec_;
  QByteArray text_;
};

/// The words that the data of a frame asks for.
struct NeedOf {
  Missing& missing;
  void operator()(const SeriesData& data) const {
    for (const Curve& curve : data.curves) missing.needLabel(curve.label);
  }
  void operator()(const PlaneData& data) const {
    for (const PlaneLayer& layer : data.layers)
      std::visit(
          [&](const auto& some) {
            if constexpr (requires { some.label; }) missing.needLabel(some.label);
          },
          layer);
  }
  void operator()(const TableData& data) const {
    for (const TableData::Column& column : data.columns) missing.need("column", column.id);
    for (const TableData::Row& row : data.rows)
      for (const TableData::Cell& cell : row.cells)
        if (const auto* word = std::get_if<Word>(&cell)) missing.needKey(word->key);
  }
  void operator()(const BarsData& data) const {
    for (const Label& category : data.categories) missing.needLabel(category);
    for (const BarsData::Group& group : data.groups) missing.needLabel(group.label);
    for (const Curve& curve : data.overlays) missing.needLabel(curve.label);
  }
  void operator()(const MatrixData&) const {}
  void operator()(const HistogramData& data) const {
    for (const HistogramData::Group& group : data.groups) missing.needLabel(group.label);
    for (const HistogramData::Mark& mark : data.marks) missing.needLabel(mark.label);
  }
  void operator()(const ImagesData& data) const {
    for (const ImagesData::Image& image : data.images) {
      missing.needLabel(image.caption);
      for (const BoxesLayer::Box& box : image.boxes) missing.needLabel(box.label);
    }
  }
  void operator()(const GraphData& data) const {
    for (const GraphData::Node& node : data.nodes) {
      missing.needLabel(node.label);
      if (!node.detail.key.empty()) needMessage(node.detail);
    }
    for (const GraphData::Edge& edge : data.edges) missing.needLabel(edge.label);
    for (const Message& line : data.lines) needMessage(line);
  }
  void operator()(const TokensData& data) const {
    for (const TokensData::Row& row : data.rows) {
      missing.needLabel(row.label);
      for (const TokensData::Piece& piece : row.pieces)
        if (!piece.detail.key.empty()) needMessage(piece.detail);
    }
  }
  void operator()(const SequenceData& data) const {
    for (const SequenceData::Lifeline& lifeline : data.lifelines) missing.needLabel(lifeline.label);
    for (const SequenceData::Arrow& arrow : data.arrows) missing.needLabel(arrow.label);
  }
  void operator()(const VerdictData& data) const { needMessage(data.sentence); }

  void needMessage(const Message& message) const {
    missing.needKey(message.key);
    for (const auto& [name, argument] : message.arguments)
      if (const auto* word = std::get_if<Word>(&argument)) missing.needKey(word->key);
  }
};

}  // namespace

class CatalogWordsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyNameOfASpecificationHasWords_data() { experimentRows(); }
  void everyNameOfASpecificationHasWords() {
    QFETCH(const ExperimentSpec*, spec);
    Missing missing(*spec);
    missing.needKey(spec->id + ".title");
    for (const ParameterSpec& parameter : spec->parameters) {
      missing.need("parameter", parameter.name);
      missing.need("parameter_meaning", parameter.name);
      missing.needKey(parameter.unit);
      if (!parameter.group.empty()) missing.need("group", parameter.group);
      for (const std::string& name : parameter.choices) missing.needChoice(parameter.name, name);
    }
    for (const ViewSpec& view : spec->views) {
      missing.need("view", view.id);
      missing.need("view_empty", view.id);
      for (const AxisSpec* axis : {&view.x, &view.y}) {
        missing.needKey(axis->label);
        missing.needKey(axis->unit);
      }
    }
    for (const std::string& check : spec->checks) missing.need("check", check);
    for (const Preset& preset : spec->presets) {
      missing.need("preset", preset.name);
      missing.need("preset_claim", preset.name);
    }
    QVERIFY2(missing.text().isEmpty(), missing.text());
  }

  void everythingThatARunShowsHasWords_data() { caseRows(Cases::Presets); }
  void everythingThatARunShowsHasWords() {
    QFETCH(Case, experiment_case);
    const Case& c = experiment_case;
    Missing missing(*c.spec);
    for (const RecordSpec& record : c.spec->records(c.parameters())) {
      missing.needRecord(record.name);
      missing.needKey(record.unit);
      for (const ViewSpec& view : c.spec->views)
        for (const std::string& pattern : view.records)
          if (const auto id = matchRecord(pattern, record.name); id && !id->empty())
            missing.need("curve", *id);
    }
    RunSettings settings{c.parameters()};
    settings.preset = c.preset;
    settings.steps = 25;
    Run run(*c.spec, settings, catalog().runtime());
    for (const std::int64_t steps : {0, 25}) {
      run.advance(steps);
      const auto frame = run.frame();
      QVERIFY(frame);
      for (const auto& [id, data] : frame->views) std::visit(NeedOf{missing}, data);
    }
    QVERIFY2(missing.text().isEmpty(), missing.text());
  }
};

QTEST_GUILESS_MAIN(CatalogWordsTest)
#include "catalog_words_test.moc"
