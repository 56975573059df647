// SPDX-License-Identifier: GPL-3.0-or-later
// earlier_versions_writer FOLDER: what the window keeps, for tests/earlier_versions. The run files
// are in FOLDER/runs already.
#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTimeZone>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "app/catalog_loader.h"
#include "app/study/card_exchange.h"
#include "app/study/record_archive.h"
#include "app/study/study_store.h"
#include "app/window/lab_link.h"
#include "app/window/lesson_plan.h"
#include "lessons/core/error.h"
#include "lessons/core/run_file.h"
#include "tests/app/study_content.h"
#include "widgets/study/demo_rule.h"
#include "widgets/study/demo_text.h"

using namespace viva;

namespace {

constexpr std::int64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();

QByteArray bytesOf(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) qFatal("%s", qPrintable(path));
  return file.readAll();
}

void write(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
    qFatal("%s", qPrintable(path));
}

/// A run in its last state, as the window has it before it copies a link.
Run runOf(const QString& path) {
  const RunFile file = runFileFromJson(bytesOf(path).toStdString(), loadCatalog());
  const ExperimentSpec& spec = loadCatalog().experiment(file.experiment);
  return Run(spec, settingsOf(file, spec), loadCatalog().runtime());
}

bool namesAFile(const Run& run) {
  for (const ParameterSpec& spec : run.spec().parameters)
    if (spec.kind() == ParameterKind::File &&
        !std::get<File>(run.initialParameters().value(spec.name)).path.empty())
      return true;
  return false;
}

QString titleOf(const Run& run) {
  const Words& words = Words::in(Language::Chinese);
  QString title = QString::fromStdString(words(run.spec().id + ".title"));
  const std::string& preset = run.settings().preset;
  if (!preset.empty())
    title += " · " + QString::fromStdString(words.of(run.spec().id, "preset", preset));
  return title;
}

void writeLinksAndPlan(const QString& folder) {
  QByteArray links;
  LessonPlan plan{"What users have 门", {}};
  for (const QString& name :
       QDir(folder + "/runs").entryList({"*.viva"}, QDir::Files, QDir::Name)) {
    Run run = runOf(folder + "/runs/" + name);
    if (namesAFile(run)) continue;  // a link does not
    run.advance(kToTheEnd);
    LabLink link = linkOf(run);
    links += name.toUtf8() + '\t' + toText(link).toUtf8() + '\n';
    plan.steps.push_back({titleOf(run), link});
    if (plan.steps.size() % 5 != 0) continue;
    link.play = link.locked = true;
    link.length = 2 * std::max<std::int64_t>(1, link.step);
    link.hidden = {run.spec().parameters.front().name};
    plan.steps.push_back({"Locked · " + titleOf(run), link});
  }
  write(folder + "/links.tsv", links);
  writePlan(folder + "/lesson.viva-plan", plan);
}

QDateTime day(int days, int minute = 0) {
  return QDateTime(QDate(2026, 3, 2), QTime(12, 0), QTimeZone::utc())
      .toUTC()
      .addDays(days)
      .addSecs(60 * minute);
}

/// Every lesson's first cards on several days, with every grade.
void review(StudyStore& study) {
  int number = 0;
  for (const LessonEntry& lesson : lessonList()) {
    const std::vector<StudyCard> cards = study.cardsOf(QString::fromStdString(lesson.id));
    for (std::size_t i = 0; i < std::min<std::size_t>(4, cards.size()); ++i)
      for (const int days : {0, 1, 4, 10, 21})
        if (++number; days < 5 || number % 3 == 0)
          study.review(cards[i].key.id, static_cast<Grade>(1 + (number * 7) % 4),
                       day(days, number % 60), 1500 + 100 * number);
    if (cards.size() > 5 && number % 2 == 0) study.setSuspended(cards[5].key.id, true);
  }
  study.review(study.cardsOf("optimizers").back().key.id, Grade::Again, day(21), 900);
  study.undoReview();
}

/// What the demo asks for, as a learner may have answered it: off by a little or a lot.
Expectation guess(const DemoRule& rule, const DemoText& demo, const Expectation& outcome,
                  int number) {
  if (rule.kind == DemoRule::Kind::Choice)
    return demo.options[static_cast<std::size_t>(number) % demo.options.size()].key;
  if (const double* measured = std::get_if<double>(&outcome)) return *measured * (1 + 0.3 * number);
  return SketchedCurve{{0, rule.low}, {0.5, rule.high}, {1, (rule.low + rule.high) / 2}};
}

void predict(StudyStore& study, const QString& experiment, const QString& preset, int number) {
  const Catalog& catalog = loadCatalog();
  const ExperimentSpec& spec = catalog.experiment(experiment.toStdString());
  const QString lesson = QString::fromStdString(catalog.lessonOf(spec).id);
  RunSettings settings{spec.parametersOf(preset.toStdString())};
  settings.preset = preset.toStdString();
  settings.steps = spec.findPreset(settings.preset)->steps;
  if (settings.steps == 0) settings.steps = spec.default_steps;
  Run run(spec, std::move(settings), catalog.runtime());
  run.advance(kToTheEnd);
  const DemoRule rule = demoRules(lesson).at(preset);
  const auto outcome = outcomeOf(rule, run.records());
  for (const DemoText& demo : demoTexts(lesson, Language::English)) {
    if (demo.preset != preset || !outcome) continue;
    const Expectation expected = guess(rule, demo, *outcome, number);
    study.predicted({lesson, experiment, preset, day(2, number), toText(expected),
                     0.5 + 0.1 * (number % 6), toText(*outcome),
                     isRight(rule, expected, *outcome)});
    study.played(lesson, experiment, preset, day(2, number));
    std::printf("%s: %s, not %s\n", qPrintable(preset), qPrintable(toText(*outcome)),
                qPrintable(toText(expected)));
  }
}

void keepRun(StudyStore& study, const QString& path, int number) {
  Run run = runOf(path);
  run.advance(kToTheEnd);
  const Records& records = run.records();
  RecentRun entry;
  entry.file = QByteArray::fromStdString(toJson(describe(run, loadCatalog().runtime())));
  entry.experiment = QString::fromStdString(run.spec().id);
  entry.preset = QString::fromStdString(run.settings().preset);
  entry.steps = run.step();
  entry.status = QString::fromStdString(std::string(nameOf(run.status())));
  for (std::size_t column = 0; column < records.names().size(); ++column)
    entry.finals.emplace_back(QString::fromStdString(records.names()[column]),
                              records.last(column, records.rows() - 1));
  entry.time = day(3, number);
  StepTimes times;
  times.add(0, 0);
  times.add(run.step(), 0.25 * (number + 1));
  entry.id = study.ran(entry, number == 2 ? QByteArray() : packRecords(records, times));
  if (number % 2 == 1) return;
  entry.name = QString("Run %1 · 门").arg(number);
  entry.note = "Why?\nLook at \"it\" again.";
  entry.starred = number == 0;
  study.describeRun(entry);
}

void writeStudy(const QString& folder) {
  QDir().mkpath(folder + "/study");
  {
    StudyStore study(folder + "/study/study.db");
    QObject::connect(&study, &Study::failed, [](const Message& message) {
      qFatal("%s", Words::in(Language::English)(message).c_str());
    });
    study.setLessonCards(lessonCardKeys());
    study.setPlan({0.92, QDate(2027, 1, 31), 12, 150});
    review(study);
    study.saveOwnCard(
        {{}, "optimizers", "What is $\\beta_1$?", "The decay of the *first* moment.", {}});
    study.saveOwnCard({{}, "lstm", "什么是遗忘门？\n两行", "a\tb, \"c\"; =1+1", "<br> & more"});
    const QString own = study.ownCards().back().id;
    for (const Grade grade : {Grade::Good, Grade::Good, Grade::Hard})
      study.review(own, grade, day(5 + static_cast<int>(grade)), 4000);
    int number = 0;
    for (const LessonEntry& lesson : lessonList())
      if (++number % 2 == 0) study.visited(QString::fromStdString(lesson.id), day(number));
    study.setNote("overfitting", "# Mine\n\nThe gap is $R - \\hat R$. 过拟合");
    study.setNote("gan", "ring");
    number = 0;
    const std::pair<QString, QString> demos[] = {
        {"distribution-match", "asymmetry"},   {"distribution-match", "depends-on-entropy"},
        {"mode-seeking", "mode-seeking"},      {"optimizer-race", "ravine-zigzag"},
        {"lr-valley", "exactly-at-the-limit"}, {"loss-scaling", "dynamic-scaling"},
        {"layer-calculator", "lenet-5"}};
    for (const auto& [experiment, preset] : demos) predict(study, experiment, preset, number++);
    number = 0;
    for (const char* experiment :
         {"optimizer-race", "loss-shapes", "lr-valley", "gan-plane", "layer-calculator"})
      keepRun(study, folder + "/runs/" + experiment + ".viva", number++);
    study.exportTo(folder + "/study/viva-progress.db");
    writeCards(folder + "/study/viva-cards.tsv", study.ownCards());
    writeCards(folder + "/study/viva-cards.csv", study.ownCards());
    const QDateTime now = day(24);
    QJsonObject content = contentOf(study, now);
    content["now"] = jsonOf(now);
    write(folder + "/study/content.json", QJsonDocument(content).toJson());
  }
}

/// The ids of cards and options; those of experiments are in `viva describe --json`.
void writeIds(const QString& folder) {
  QJsonObject lessons;
  for (const LessonEntry& lesson : lessonList()) {
    const QString id = QString::fromStdString(lesson.id);
    QJsonArray cards;
    QJsonObject demos;
    for (const CardText& card : cardTexts(id, Language::English)) cards.append(card.id);
    for (const DemoText& demo : demoTexts(id, Language::English)) {
      QJsonArray options;
      for (const DemoOption& option : demo.options) options.append(option.key);
      demos[demo.preset] = options;
    }
    lessons[id] = QJsonObject{{"cards", cards}, {"demos", demos}};
  }
  write(folder + "/texts.json", QJsonDocument(lessons).toJson(QJsonDocument::Compact) + "\n");
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  const QString folder = QCoreApplication::arguments().value(1);
  try {
    writeIds(folder);
    writeLinksAndPlan(folder);
    writeStudy(folder);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", Words::in(Language::English)(error.message()).c_str());
    return 1;
  }
  return 0;
}
