// SPDX-License-Identifier: GPL-3.0-or-later
// Links and lesson plans come from anywhere.
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "app/catalog_loader.h"
#include "app/window/lab_link.h"
#include "app/window/lesson_plan.h"
#include "lessons/core/error.h"
#include "lessons/core/words.h"
#include "tests/fakes/fake_dialogue.h"

using namespace viva;

namespace {

LabLink raceLink() {
  LabLink link;
  link.experiment = "optimizer-race";
  link.preset = "ravine-zigzag";
  link.settings = {{"start", "1.5,-2"}, {"momentum.beta", "0.95"}};
  link.changes = {{5, "sgd.lr", "0.01"}};
  link.seed = 42;
  link.step = 30;
  link.play = true;
  link.hidden = {"noise"};
  link.locked = true;
  return link;
}

LessonPlan planOf(const QString& titles) {
  LessonPlan plan{"Morning", {}};
  for (const QString& title : titles.split(' ')) plan.steps.push_back({title, raceLink()});
  return plan;
}

QString titlesOf(const LessonPlan& plan) {
  QStringList titles;
  for (const PlanStep& step : plan.steps) titles << step.title;
  return titles.join(' ');
}

}  // namespace

class LinkTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aLinkReadsBackAsItWas() {
    const LabLink link = raceLink();
    QVERIFY(labLinkFrom(toText(link)) == link);
  }

  void everySeedReadsBack() {
    for (const std::uint64_t seed : {std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
      LabLink link;
      link.experiment = "optimizer-race";
      link.seed = seed;
      QCOMPARE(labLinkFrom(toText(link)).seed, seed);
      QCOMPARE(settingsOf(labLinkFrom(toText(link)), loadCatalog()).seed, seed);
    }
  }

  void textWithEverySignReadsBack() {
    LabLink link;
    link.experiment = "lstm-gates";
    link.settings = {{"probe", "a&b=c?d#e%20 ü 门 \"'"}};
    QVERIFY(labLinkFrom(toText(link)) == link);
  }

  void aLinkOpensTheStateItWasCopiedFrom() {
    const Catalog& catalog = loadCatalog();
    Run run(catalog.experiment("optimizer-race"), settingsOf(raceLink(), catalog),
            catalog.runtime());
    run.advance(std::int64_t{30});
    LabLink expected = raceLink();
    expected.play = expected.locked = false;
    expected.hidden.clear();
    const LabLink copied = linkOf(run);
    QCOMPARE(copied.step, expected.step);
    QVERIFY(copied.changes == expected.changes);
    Run again(catalog.experiment("optimizer-race"), settingsOf(copied, catalog), catalog.runtime());
    again.advance(std::int64_t{30});
    QCOMPARE(again.records().digest(), run.records().digest());
  }

  void aDrawingAndABoxAreInTheLinkAndBack() {
    fakes::FakeRuntime runtime;
    const Catalog catalog = fakes::dialogueCatalog(runtime);
    RunSettings settings{Parameters(fakes::dialogueSpec().parameters)};
    settings.preset = "first";
    settings.parameters.setFromText("sketch", "0.2,0.1 0.2,0.9;0.5,0.5");
    settings.parameters.setFromText("region", "-1.5,-1,0.25,2");
    settings.parameters.setFromText("chosen", "0,3,5");
    const Run run(fakes::dialogueSpec(), settings, runtime);
    const QString text = toText(linkOf(run));
    QVERIFY2(text.size() < 200, qPrintable(text));
    const RunSettings back = settingsOf(labLinkFrom(text), catalog);
    QVERIFY(back.parameters == settings.parameters);
  }

  void hostileLinksAreRefused_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << "";
    QTest::newRow("another scheme") << "http://example.org/optimizer-race";
    QTest::newRow("a host") << "viva://evil/optimizer-race";
    QTest::newRow("a path upwards") << "viva:..%2F..%2Fetc";
    QTest::newRow("an unknown experiment") << "viva:no-such-thing";
    QTest::newRow("an unknown preset") << "viva:optimizer-race?preset=no-such";
    QTest::newRow("an unknown parameter") << "viva:optimizer-race?set=no.such%3D1";
    QTest::newRow("an unknown control to hide") << "viva:optimizer-race?hide=no.such";
    QTest::newRow("out of range") << "viva:optimizer-race?set=kappa%3D1e99";
    QTest::newRow("not a number") << "viva:optimizer-race?set=kappa%3Dnan";
    QTest::newRow("no value") << "viva:optimizer-race?set=kappa";
    QTest::newRow("a negative step") << "viva:optimizer-race?step=-5";
    QTest::newRow("a step without end") << "viva:optimizer-race?step=999999999999";
    QTest::newRow("an overflow") << "viva:optimizer-race?seed=99999999999999999999999";
    QTest::newRow("a seed one too large") << "viva:optimizer-race?seed=18446744073709551616";
    QTest::newRow("a negative seed") << "viva:optimizer-race?seed=-1";
    QTest::newRow("a file") << "viva:optimizer-training?set=data_file%3D/etc/passwd";
    QTest::newRow("a restart parameter later") << "viva:optimizer-race?at=3:sgd.on%3Dfalse";
    QTest::newRow("an unknown part") << "viva:optimizer-race?exec=rm";
    QTest::newRow("a megabyte") << "viva:optimizer-race?preset=" + QString(1 << 20, 'x');
    QTest::newRow("too many parts") << "viva:optimizer-race?" + QString("play=1&").repeated(600);
  }
  void hostileLinksAreRefused() {
    QFETCH(QString, text);
    try {
      settingsOf(labLinkFrom(text), loadCatalog());
      QFAIL("accepted");
    } catch (const RequestError& error) {
      for (const Language language : {Language::English, Language::Chinese}) {
        const std::string sentence = Words::in(language)(error.message());
        QVERIFY2(sentence.size() < 3000, "a sentence, not a megabyte");
        QVERIFY(sentence.find('{') == std::string::npos);
      }
    }
  }

  void aPlanIsWrittenWholeAndReadsBack() {
    QTemporaryDir folder;
    const QString path = folder.filePath("class.viva-plan");
    const LessonPlan plan{"Optimizers", {{"First", raceLink()}, {"门", raceLink()}}};
    writePlan(path, plan);
    QVERIFY(readPlan(path) == plan);
  }

  void whatAnotherWindowOrAHandHasWrittenStays() {
    QTemporaryDir folder;
    const QString path = folder.filePath("class.viva-plan");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"viva_plan": 1, "title": "By hand", "room": "A 12", "steps": [
      {"link": "viva:gan-plane", "say": "slowly", "title": "One"}]})");
    file.close();
    const LessonPlan first = readPlan(path);
    addToPlan(path, {"Two", raceLink()}, first);
    const LessonPlan third = addToPlan(path, {"Three", raceLink()}, first);
    QCOMPARE(third.steps.size(), std::size_t{3});
    QCOMPARE(third.title, QString("By hand"));
    QVERIFY(readPlan(path) == third);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray content = file.readAll();
    QVERIFY(content.contains("\"room\": \"A 12\"") && content.contains("\"say\": \"slowly\""));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
  }

  void everyChangeOfAPlanIsTakenBack_data() {
    using Kind = PlanChange::Kind;
    QTest::addColumn<PlanChange>("change");
    QTest::addColumn<QString>("afterwards");
    const auto row = [](const char* name, const PlanChange& change, const char* afterwards) {
      QTest::newRow(name) << change << QString(afterwards);
    };
    row("to the end", {Kind::Move, 0, 3}, "b c d a");
    row("to the front", {Kind::Move, 2, 0}, "c a b d");
    row("one down", {Kind::Move, 1, 2}, "a c b d");
    row("renamed", {Kind::Rename, 1, 0, "B"}, "a B c d");
    row("the first goes", {Kind::Remove, 0}, "b c d");
    row("the last goes", {Kind::Remove, 3}, "a b c");
    row("another title", {Kind::Retitle, 0, 0, "Evening"}, "a b c d");
  }
  void everyChangeOfAPlanIsTakenBack() {
    QFETCH(PlanChange, change);
    QFETCH(QString, afterwards);
    QTemporaryDir folder;
    const QString path = folder.filePath("class.viva-plan");
    const LessonPlan before = planOf("a b c d");
    writePlan(path, before);
    const ChangedPlan changed = changePlan(path, before, change);
    QCOMPARE(titlesOf(changed.plan), afterwards);
    QVERIFY(readPlan(path) == changed.plan);
    QVERIFY(changed.plan != before);
    const ChangedPlan back = changePlan(path, changed.plan, changed.back);
    QVERIFY(back.plan == before);
    QVERIFY(changePlan(path, back.plan, back.back).plan == changed.plan);
  }

  void whatIsRemovedComesBackAsItStoodInTheFile() {
    QTemporaryDir folder;
    const QString path = folder.filePath("class.viva-plan");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"viva_plan": 1, "title": "", "steps": [
      {"link": "viva:gan-plane", "say": "slowly", "title": "One"},
      {"link": "viva:gan-plane", "title": "Two"}]})");
    file.close();
    const LessonPlan plan = readPlan(path);
    const ChangedPlan removed = changePlan(path, plan, {PlanChange::Kind::Remove, 0});
    QCOMPARE(titlesOf(removed.plan), QString("Two"));
    changePlan(path, removed.plan, removed.back);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("\"say\": \"slowly\""));
    QVERIFY(readPlan(path) == plan);
  }

  void aChangeFindsItsStepWhereSomebodyElseHasMovedIt() {
    QTemporaryDir folder;
    const QString path = folder.filePath("class.viva-plan");
    const LessonPlan known = planOf("a b c d");
    writePlan(path, planOf("new d c b a"));
    using Kind = PlanChange::Kind;
    // To stand behind b, as in the plan that the user sees.
    const ChangedPlan moved = changePlan(path, known, {Kind::Move, 3, 2});
    QVERIFY(moved.was_another);
    QCOMPARE(titlesOf(moved.plan), QString("new c b d a"));
    QCOMPARE(titlesOf(changePlan(path, known, {Kind::Remove, 0}).plan), QString("new c b d"));
    QVERIFY_EXCEPTION_THROWN(changePlan(path, known, {Kind::Remove, 0}), RequestError);
    QCOMPARE(titlesOf(readPlan(path)), QString("new c b d"));
  }

  void theSameStepMayBeInAPlanTwice() {
    QTemporaryDir folder;
    const QString path = folder.filePath("class.viva-plan");
    const LessonPlan known = planOf("a b a c");
    writePlan(path, known);
    QCOMPARE(titlesOf(changePlan(path, known, {PlanChange::Kind::Rename, 2, 0, "A"}).plan),
             QString("a b A c"));
  }

  void theOnlyStepStaysAndAPlanThatIsGoneIsMadeAnew() {
    QTemporaryDir folder;
    const QString path = folder.filePath("class.viva-plan");
    QVERIFY_EXCEPTION_THROWN(changePlan(path, planOf("a"), {PlanChange::Kind::Remove, 0}),
                             RequestError);
    QVERIFY(!QFile::exists(path));
    changePlan(path, planOf("a b"), {PlanChange::Kind::Move, 0, 1});
    QCOMPARE(titlesOf(readPlan(path)), QString("b a"));
  }

  void whatIsNoPlanIsNotWrittenOver() {
    QTemporaryDir folder;
    const QString path = folder.filePath("other.viva-plan");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("my shopping list");
    file.close();
    QVERIFY_EXCEPTION_THROWN(addToPlan(path, {"One", raceLink()}), RequestError);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("my shopping list"));
  }

  void aFullPlanTakesNoFurtherStep() {
    QTemporaryDir folder;
    const QString path = folder.filePath("full.viva-plan");
    LessonPlan plan;
    plan.steps.assign(500, {"A step", raceLink()});
    writePlan(path, plan);
    QVERIFY_EXCEPTION_THROWN(addToPlan(path, {"One more", raceLink()}), RequestError);
    QVERIFY(readPlan(path) == plan);
  }

  void whatIsTooLongForALinkIsReadInAPlan() {
    LabLink link = raceLink();
    for (int step = 0; step < 2000; ++step)
      link.changes.push_back({step, "sgd.lr", "0.0123456789"});
    QVERIFY_EXCEPTION_THROWN(labLinkFrom(toText(link)), RequestError);
    QVERIFY(planFromJson(toJson(LessonPlan{"", {{"Long", link}}})).steps.front().link == link);
    QCOMPARE(reasonAgainst(link, loadCatalog(), LinkFrom::Anywhere)->key,
             std::string("link.reason.long"));
    QVERIFY(!reasonAgainst(link, loadCatalog(), LinkFrom::Plan));
  }

  void whatCouldNotBeOpenedHasItsReason() {
    QVERIFY(!reasonAgainst(raceLink(), loadCatalog(), LinkFrom::Anywhere));
    LabLink file;
    file.experiment = "optimizer-training";
    file.settings = {{"data_file", "/data/mine.csv"}};
    for (const LinkFrom from : {LinkFrom::Anywhere, LinkFrom::Plan})
      QCOMPARE(reasonAgainst(file, loadCatalog(), from)->key, std::string("link.reason.file"));
    LabLink far = raceLink();
    far.step = 200'000'000;
    QCOMPARE(reasonAgainst(far, loadCatalog(), LinkFrom::Anywhere)->key,
             std::string("link.bad_number"));
  }

  void hostilePlansAreRefused_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("binary") << QByteArray(1000, '\0');
    QTest::newRow("another file") << QByteArray(R"({"format": "viva", "steps": 3})");
    QTest::newRow("no steps") << QByteArray(R"({"viva_plan": 1, "steps": []})");
    QTest::newRow("newer") << QByteArray(
        R"({"viva_plan": 9, "steps": [{"link": "viva:gan-plane"}]})");
    QTest::newRow("a bad link") << QByteArray(
        R"({"viva_plan": 1, "steps": [{"link": "file:/etc/passwd"}]})");
    QTest::newRow("a link that is none") << QByteArray(R"({"viva_plan": 1, "steps": [7]})");
    QTest::newRow("nested deep") << QByteArray(100000, '[');
  }
  void hostilePlansAreRefused() {
    QFETCH(QByteArray, json);
    QVERIFY_EXCEPTION_THROWN(planFromJson(json), RequestError);
  }

  void aPlanThatIsNotThereOrCannotBeWrittenIsSaid() {
    QTemporaryDir folder;
    QVERIFY_EXCEPTION_THROWN(readPlan(folder.filePath("no-such.viva-plan")), FileError);
    QVERIFY_EXCEPTION_THROWN(writePlan(folder.filePath("no/such/folder.viva-plan"), {}), FileError);
  }
};

QTEST_GUILESS_MAIN(LinkTest)
#include "link_test.moc"
