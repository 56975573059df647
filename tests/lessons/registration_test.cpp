// SPDX-License-Identifier: GPL-3.0-or-later
// resources/lessons.json, the catalog and the tests agree on which lessons there are.
#include <QTest>
#include <stdexcept>

#include "lessons/core/catalog.h"
#include "lessons/core/words.h"
#include "tests/fakes/fake_experiment.h"

extern "C" const viva::Catalog* viva_catalog();

using namespace viva;

namespace {
const Catalog& catalog() { return *viva_catalog(); }
}  // namespace

class RegistrationTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void lessonListEqualsTheCatalog() {
    const auto& list = lessonList();
    const auto& lessons = catalog().lessons();
    QCOMPARE(list.size(), lessons.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      QCOMPARE(list[i].id, lessons[i].id);
      std::vector<std::string> ids;
      for (const ExperimentSpec* spec : lessons[i].experiments) ids.push_back(spec->id);
      QCOMPARE(ids, list[i].experiments);
    }
  }

  void everyLessonIsHeldByTheCatalogTests() {
    const QStringList tested = QString(VIVA_TESTED_LESSONS).split(',');
    for (const Lesson& lesson : catalog().lessons())
      QVERIFY2(tested.contains(QString::fromStdString(lesson.id)), lesson.id.c_str());
  }

  void lessonsAndSectionsHaveTitles() {
    for (const LessonEntry& entry : lessonList())
      for (const Language language : {Language::English, Language::Chinese}) {
        QVERIFY2(Words::in(language).has("lesson." + entry.id), entry.id.c_str());
        QVERIFY2(Words::in(language).has("section." + entry.section), entry.section.c_str());
      }
  }

  void whatTheListAndTheCatalogDoNotShareIsAnError() {
    using Entries = std::vector<LessonEntry>;
    using Specs = std::vector<const ExperimentSpec*>;
    fakes::FakeRuntime runtime;
    const ExperimentSpec *one = &fakes::fakeSpec(), *other = &fakes::stoppingSpec();
    const Catalog both(Entries{{"b", "", {other->id}}, {"a", "", {one->id}}}, Specs{one, other},
                       runtime);
    QCOMPARE(both.lessons().size(), std::size_t{2});
    QCOMPARE(both.lessons().front().id, std::string("b"));
    QCOMPARE(both.lessons().front().experiments, Specs{other});
    const auto make = [&](const Entries& list, const Specs& specs) {
      Catalog(list, specs, runtime);
    };
    QVERIFY_EXCEPTION_THROWN(make({{"a", "", {one->id}}}, {one, other}), std::logic_error);
    QVERIFY_EXCEPTION_THROWN(make({{"a", "", {one->id, other->id}}}, {one}), std::logic_error);
    QVERIFY_EXCEPTION_THROWN(make({{"a", "", {one->id, one->id}}}, {one}), std::logic_error);
    QVERIFY_EXCEPTION_THROWN(make({{"a", "", {one->id}}}, {one, one}), std::logic_error);
  }
};

QTEST_GUILESS_MAIN(RegistrationTest)
#include "registration_test.moc"
