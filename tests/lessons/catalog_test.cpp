// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every experiment that is registered, now or later.
#include "lessons/core/catalog.h"

#include <QFile>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "lessons/core/run_file.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/catalog_cases.h"

using namespace viva;
using namespace viva::cases;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

/// A run of 25 steps without snapshots, made once for all the tests that look at its end.
Run& longRun(const Case& c) {
  static std::map<std::string, std::unique_ptr<Run>> runs;
  std::unique_ptr<Run>& run = runs[c.spec->id + "/" + c.preset];
  if (!run) {
    run = runOf(c, 25);
    run->advance(kToTheEnd);
  }
  return *run;
}

bool sameRows(const Run& a, const Run& b, std::int64_t first, std::int64_t last) {
  for (std::int64_t row = first; row <= last; ++row)
    for (std::size_t column = 0; column < a.records().names().size(); ++column) {
      const double left = a.records().at(row, column), right = b.records().at(row, column);
      if (left != right && !(std::isnan(left) && std::isnan(right))) return false;
    }
  return true;
}

ViewKind kindOf(const ViewData& data) { return static_cast<ViewKind>(data.index()); }

/// What is wrong with the data of a view; empty when nothing is.
struct Complaint {
  const ViewSpec& view;
  std::string operator()(const SeriesData& data) const {
    for (const Curve& curve : data.curves)
      if (curve.x.size() != curve.y.size()) return curve.id + ": as many x as y are needed";
    return view.records.empty() && data.curves.empty() ? "no curves" : "";
  }
  std::string operator()(const PlaneData& data) const {
    if (!(data.x0 < data.x1) || !(data.y0 < data.y1)) return "an empty plane";
    for (const PlaneLayer& layer : data.layers)
      if (const auto* field = std::get_if<FieldLayer>(&layer))
        if (!field->values || field->values->size() != std::size_t(field->rows) * field->columns)
          return field->name + ": values do not fill rows by columns";
    return data.layers.empty() && !view.path ? "nothing on the plane" : "";
  }
  std::string operator()(const TableData& data) const {
    for (const TableData::Row& row : data.rows)
      if (row.cells.size() != data.columns.size()) return row.id + ": a cell a column is needed";
    return data.rows.empty() || data.columns.empty() ? "an empty table" : "";
  }
  std::string operator()(const BarsData& data) const {
    for (const BarsData::Group& group : data.groups)
      if (group.values.size() != data.categories.size()) return group.id + ": a value a category";
    return data.groups.empty() || data.categories.empty() ? "no bars" : "";
  }
  std::string operator()(const MatrixData& data) const {
    if (!data.values || data.values->size() != std::size_t(data.rows) * data.columns)
      return "values do not fill rows by columns";
    return data.rows * data.columns == 0 ? "an empty matrix" : "";
  }
  std::string operator()(const HistogramData& data) const {
    if (!std::is_sorted(data.edges.begin(), data.edges.end())) return "edges do not ascend";
    const std::size_t bins = data.edges.empty() ? 0 : data.edges.size() - 1;
    for (const HistogramData::Group& group : data.groups)
      if (group.counts.size() != bins) return group.id + ": a count a bin is needed";
    for (const HistogramData::Moment& moment : data.moments)
      if (moment.counts.size() != bins) return "moments: a count a bin is needed";
    return bins == 0 || data.groups.empty() ? "an empty histogram" : "";
  }
  std::string operator()(const ImagesData& data) const {
    if (data.channels != 1 && data.channels != 3) return "grey or three colours";
    const auto size = data.images.size() * data.channels * data.height * data.width;
    if (!data.values || data.values->size() != size) return "values do not fill the images";
    return size == 0 ? "no images" : "";
  }
  std::string operator()(const GraphData& data) const {
    std::set<std::string> ids;
    for (const GraphData::Node& node : data.nodes)
      if (!ids.insert(node.id).second) return node.id + ": two nodes of this name";
    for (const GraphData::Edge& edge : data.edges)
      if (!ids.contains(edge.from) || !ids.contains(edge.to))
        return edge.from + " to " + edge.to + ": no such node";
    return data.nodes.empty() ? "an empty graph" : "";
  }
  std::string operator()(const TokensData& data) const {
    const auto exists = [&](int row, int piece) {
      return row >= 0 && row < std::ssize(data.rows) && piece >= 0 &&
             piece < std::ssize(data.rows[row].pieces);
    };
    for (const TokensData::Arc& arc : data.arcs)
      if (!exists(arc.from_row, arc.from) || !exists(arc.to_row, arc.to))
        return "an arc without its pieces";
    return data.rows.empty() ? "no tokens" : "";
  }
  std::string operator()(const SequenceData& data) const {
    for (const SequenceData::Arrow& arrow : data.arrows)
      for (const int end : {arrow.from, arrow.to})
        if (end < 0 || end >= std::ssize(data.lifelines)) return "a message without its lifelines";
    return data.lifelines.empty() ? "no lifelines" : "";
  }
  std::string operator()(const VerdictData& data) const {
    for (const Language language : {Language::English, Language::Chinese}) {
      const Words& words = Words::in(language);
      const std::string unworded = keyWithoutWords(data.sentence, language);
      if (!unworded.empty()) return "no words for " + unworded;
      if (words(data.sentence).find('{') != std::string::npos)
        return "an argument is missing in: " + words(data.sentence);
    }
    return {};
  }
};

/// Another value that the parameter may take, for a live change.
std::optional<Value> anotherValue(const ParameterSpec& spec, const Parameters& p) {
  for (const Value& value : extremesOf(spec))
    if (!(value == p.value(spec.name))) return value;
  return {};
}

}  // namespace

class CatalogTest : public QObject {
  Q_OBJECT

  static Case fetched() {
    QFETCH(Case, experiment_case);
    return experiment_case;
  }

 private Q_SLOTS:
  void namesAreUnique() {
    std::set<std::string> experiments;
    for (const ExperimentSpec* spec : experimentSpecs()) {
      QVERIFY2(experiments.insert(spec->id).second, spec->id.c_str());
      std::set<std::string> parameters, views, presets;
      for (const auto& p : spec->parameters)
        QVERIFY2(parameters.insert(p.name).second, p.name.c_str());
      for (const auto& v : spec->views) QVERIFY2(views.insert(v.id).second, v.id.c_str());
      for (const auto& p : spec->presets) QVERIFY2(presets.insert(p.name).second, p.name.c_str());
    }
  }

  void unknownNamesAreRefusedWithTheKnownOnes() {
    const Message experiment = refusalOf([] { catalog().experiment("no-such-thing"); });
    for (const ExperimentSpec* spec : experimentSpecs()) {
      QVERIFY(argumentOf(experiment, "allowed").find(spec->id) != std::string::npos);
      QCOMPARE(&catalog().experiment(spec->id), spec);
      const Message preset = refusalOf([&] { spec->parametersOf("no-such-thing"); });
      for (const Preset& known : spec->presets)
        QVERIFY(argumentOf(preset, "allowed").find(known.name) != std::string::npos);
      Parameters p(spec->parameters);
      const Message parameter = refusalOf([&] { p.setFromText("no-such-thing", "1"); });
      for (const ParameterSpec& known : spec->parameters)
        QVERIFY(argumentOf(parameter, "allowed").find(known.name) != std::string::npos);
    }
    const Message lesson = refusalOf([] { catalog().lesson("no-such-thing"); });
    for (const Lesson& known : catalog().lessons())
      QVERIFY(argumentOf(lesson, "allowed").find(known.id) != std::string::npos);
  }

  void declarationIsSound_data() { experimentRows(); }
  void declarationIsSound() {
    QFETCH(const ExperimentSpec*, spec);
    QVERIFY(spec->make && spec->records);
    QVERIFY(spec->default_steps > 0);
    QVERIFY(!spec->sources.empty());
    for (const std::string& source : spec->sources)
      QVERIFY2(QFile::exists(QString(VIVA_SOURCE_DIR "/") + source.c_str()), source.c_str());
    if (!spec->equivalent.empty())
      QVERIFY2(QFile::exists(QString(VIVA_SOURCE_DIR "/") + spec->equivalent.c_str()),
               spec->equivalent.c_str());
    const Parameters defaults(spec->parameters);
    for (const ParameterSpec& p : spec->parameters) {
      QVERIFY2(!problemWith(p, p.default_value), p.name.c_str());
      if (p.scale == Scale::Logarithmic) QVERIFY2(p.minimum > 0, p.name.c_str());
      if (p.relevance)
        for (const std::string& value : p.relevance->values)
          parseValue(defaults.spec(p.relevance->parameter), value);
      if (!p.view.empty())
        QVERIFY2(std::any_of(spec->views.begin(), spec->views.end(),
                             [&](const ViewSpec& view) {
                               return view.id == p.view &&
                                      std::count(view.drags.begin(), view.drags.end(), p.name);
                             }),
                 p.name.c_str());
    }
    for (const ViewSpec& view : spec->views)
      for (const std::string& dragged : view.drags) QCOMPARE(defaults.spec(dragged).view, view.id);
  }

  void aPresetNamesItsHeroAndAtMostTwoCompanions_data() { experimentRows(); }
  void aPresetNamesItsHeroAndAtMostTwoCompanions() {
    QFETCH(const ExperimentSpec*, spec);
    for (const Preset& preset : spec->presets) {
      int shown = 0;
      for (const std::string& id : preset.views) {
        const auto view = std::find_if(spec->views.begin(), spec->views.end(),
                                       [&](const ViewSpec& known) { return known.id == id; });
        QVERIFY2(view != spec->views.end(), (preset.name + ": " + id).c_str());
        if (view->kind != ViewKind::Verdict) ++shown;
        if (id == preset.views.front()) QVERIFY(view->kind != ViewKind::Verdict);
      }
      QVERIFY2(shown >= 1 && shown <= 3, preset.name.c_str());
    }
  }

  void aPresetIsAboutCurvesOfItsRecords_data() { experimentRows(); }
  void aPresetIsAboutCurvesOfItsRecords() {
    QFETCH(const ExperimentSpec*, spec);
    for (const Preset& preset : spec->presets) {
      std::set<std::string> curves;
      for (const RecordSpec& record : spec->records(spec->parametersOf(preset.name)))
        curves.insert(record.name.substr(0, record.name.find('/')));
      for (const std::string& id : preset.strong)
        QVERIFY2(curves.contains(id), (preset.name + ": " + id).c_str());
      // Naming all of them would pale none.
      if (!preset.strong.empty())
        QVERIFY2(preset.strong.size() < curves.size(), preset.name.c_str());
    }
  }

  void valuesOutOfRangeAreRefusedWithTheRange_data() { experimentRows(); }
  void valuesOutOfRangeAreRefusedWithTheRange() {
    QFETCH(const ExperimentSpec*, spec);
    for (const ParameterSpec& p : spec->parameters) {
      Parameters values(spec->parameters);
      if (p.kind() == ParameterKind::Choice) {
        const Message refusal = refusalOf([&] { values.setFromText(p.name, "no-such-choice"); });
        for (const std::string& known : p.choices)
          QVERIFY2(argumentOf(refusal, "allowed").find(known) != std::string::npos, p.name.c_str());
      }
      if (p.kind() == ParameterKind::Real || p.kind() == ParameterKind::Integer) {
        QVERIFY2(p.minimum < p.maximum, p.name.c_str());
        for (const double beyond : {p.minimum - 1, p.maximum + 1}) {
          const Message refusal =
              refusalOf([&] { values.setFromText(p.name, formatNumber(beyond)); });
          QCOMPARE(argumentOf(refusal, "minimum"), formatNumber(p.minimum));
          QCOMPARE(argumentOf(refusal, "maximum"), formatNumber(p.maximum));
        }
        for (const char* text : {"nan", "inf", "-inf", "", "many"})
          QVERIFY(refusalOf([&] { values.setFromText(p.name, text); }).key != "nothing thrown");
      }
      QVERIFY(values == Parameters(spec->parameters));
    }
  }

  void presetsCanBeRun_data() { caseRows(Cases::Presets); }
  void presetsCanBeRun() {
    const Case c = fetched();
    requireValid(*c.spec, c.parameters());
    if (!c.preset.empty()) QVERIFY(c.spec->findPreset(c.preset)->steps >= 0);
    QVERIFY(!c.spec->records(c.parameters()).empty());
  }

  void longerRunsRepeatThemselvesWithAndWithoutSnapshots_data() { caseRows(Cases::Presets); }
  void longerRunsRepeatThemselvesWithAndWithoutSnapshots() {
    const Case c = fetched();
    const Run* run = &longRun(c);
    const auto watched = runOf(c, 25);
    while (watched->status() == RunStatus::Running) {
      watched->frame();
      watched->advance(std::int64_t{1});
    }
    QVERIFY2(run->status() != RunStatus::Failed, reasonOf(*run).c_str());
    QCOMPARE(watched->records().digest(), run->records().digest());
  }

  void everyDeclaredRecordIsProduced_data() { caseRows(Cases::Presets); }
  void everyDeclaredRecordIsProduced() {
    const Case c = fetched();
    const Run* run = &longRun(c);
    for (std::size_t column = 0; column < run->records().names().size(); ++column)
      QVERIFY2(!isAbsent(run->records().last(column, run->records().rows() - 1)),
               run->records().names()[column].c_str());
  }

  void everyDeclaredViewIsProducedAndNoOther_data() { caseRows(Cases::Presets); }
  void everyDeclaredViewIsProducedAndNoOther() {
    const Case c = fetched();
    const auto fresh = runOf(c, 0);
    for (Run* run : {fresh.get(), &longRun(c)}) {
      const auto frame = run->frame();
      QVERIFY2(frame, reasonOf(*run).c_str());
      std::set<std::string> declared;
      for (const ViewSpec& view : c.spec->views) {
        declared.insert(view.id);
        const auto data = frame->views.find(view.id);
        if (data == frame->views.end()) {
          QVERIFY2(view.kind == ViewKind::Series && !view.records.empty(), view.id.c_str());
          continue;
        }
        QVERIFY2(kindOf(data->second) == view.kind, view.id.c_str());
        const std::string complaint = std::visit(Complaint{view}, data->second);
        QVERIFY2(complaint.empty(), (view.id + ": " + complaint).c_str());
      }
      for (const auto& [id, data] : frame->views) QVERIFY2(declared.contains(id), id.c_str());
    }
  }

  void everyRecordOfAViewExists_data() { experimentRows(); }
  void everyRecordOfAViewExists() {
    QFETCH(const ExperimentSpec*, spec);
    const auto records = spec->records(Parameters(spec->parameters));
    const auto exists = [&](const std::string& pattern) {
      return std::any_of(records.begin(), records.end(), [&](const RecordSpec& record) {
        return matchRecord(pattern, record.name).has_value();
      });
    };
    for (const ViewSpec& view : spec->views) {
      for (const std::string& pattern : view.records) QVERIFY2(exists(pattern), pattern.c_str());
      if (view.path) QVERIFY(exists(view.path->x_record) && exists(view.path->y_record));
    }
  }

  void everyDeclaredCheckReportsAndHolds_data() { caseRows(Cases::Presets); }
  void everyDeclaredCheckReportsAndHolds() {
    const Case c = fetched();
    const Run* run = &longRun(c);
    for (const CheckResult& check : run->checks()) {
      QVERIFY2(std::count(c.spec->checks.begin(), c.spec->checks.end(), check.id),
               check.id.c_str());
      QVERIFY2(!check.failed(),
               (check.id + ": difference " + formatNumber(check.difference)).c_str());
    }
    if (c.preset.empty()) QCOMPARE(run->checks().size(), c.spec->checks.size());
  }

  void liveChangeAppliesAtTheNextStepAndIsRecorded_data() { experimentRows(); }
  void liveChangeAppliesAtTheNextStepAndIsRecorded() {
    QFETCH(const ExperimentSpec*, spec);
    const Case c{spec, "", {}};
    const auto unchanged = runOf(c, 8);
    unchanged->advance(kToTheEnd);
    const auto refusing = runOf(c, 8);
    refusing->advance(std::int64_t{5});
    int live = 0, seen_at_once = 0;
    for (const ParameterSpec& parameter : spec->parameters) {
      const auto value = anotherValue(parameter, refusing->parameters());
      if (!value) continue;
      if (parameter.effect == Effect::Restart) {
        QCOMPARE(refusalOf([&] { refusing->change(parameter.name, *value); }).key,
                 std::string("error.not_live"));
        continue;
      }
      ++live;
      const auto run = runOf(c, 8);
      run->advance(std::int64_t{5});
      run->change(parameter.name, *value);
      QCOMPARE(run->events(), (std::vector<Event>{{5, parameter.name, *value}}));
      QCOMPARE(run->step(), std::int64_t{5});
      run->advance(kToTheEnd);
      QVERIFY2(sameRows(*run, *unchanged, 0, 5), parameter.name.c_str());
      // Update 6 sees it; a quantity that an update finds before it moves shows it one row later.
      if (!sameRows(*run, *unchanged, 6, 7)) ++seen_at_once;
      const auto with_event = runOf(c, 8, 1, run->events());
      with_event->advance(kToTheEnd);
      QCOMPARE(with_event->records().digest(), run->records().digest());
    }
    refusing->advance(kToTheEnd);
    QCOMPARE(refusing->records().digest(), unchanged->records().digest());
    if (live > 0) QVERIFY(seen_at_once > 0);
  }

  void replayOfARunWithLiveChangesGivesTheSameDigest_data() { caseRows(Cases::Presets); }
  void replayOfARunWithLiveChangesGivesTheSameDigest() {
    const Case c = fetched();
    const auto live = std::count_if(
        c.spec->parameters.begin(), c.spec->parameters.end(),
        [](const ParameterSpec& parameter) { return parameter.effect == Effect::Live; });
    const auto run = runOf(c, 3 + 2 * live + 4, 11);
    run->advance(std::int64_t{3});
    for (const ParameterSpec& parameter : c.spec->parameters)
      if (parameter.effect == Effect::Live)
        if (const auto value = anotherValue(parameter, run->parameters())) {
          try {
            run->change(parameter.name, *value);
          } catch (const RequestError&) {
            continue;  // not together with what was changed before
          }
          run->advance(std::int64_t{2});
        }
    run->advance(kToTheEnd);
    const Runtime& runtime = catalog().runtime();
    const RunFile file = runFileFromJson(toJson(viva::describe(*run, runtime)), catalog());
    Run replay(*c.spec, settingsOf(file, *c.spec), catalog().runtime());
    replay.advance(kToTheEnd);
    QCOMPARE(replay.records().digest(), run->records().digest());
    QCOMPARE(replay.events().size(), run->events().size());
  }
};

QTEST_GUILESS_MAIN(CatalogTest)
#include "catalog_test.moc"
