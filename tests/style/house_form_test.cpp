// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson has one form: whoever reads the twenty-seventh knows where to look (CONTRIBUTING.md).
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QRegularExpression>
#include <QTest>
#include <algorithm>

#include "tests/style/project_files.h"

using namespace viva::project;

namespace {

/// The experiments of the lessons, as files spell them: `optimizer_race`.
QStringList experiments() {
  QStringList names;
  const auto list = QJsonDocument::fromJson(contentOf("resources/lessons.json")).array();
  for (const auto& lesson : list)
    for (const auto& id : lesson.toObject().value("experiments").toArray())
      names << id.toString().replace('-', '_');
  return names;
}

QStringList sourcesOfTopics() {
  static const QRegularExpression shared("^lessons/(core|nn|data)/|^lessons/[^/]+$");
  QStringList files;
  for (const QString& file : filesIn("lessons", {"*.cpp", "*.h"}))
    if (!shared.match(file).hasMatch()) files << file;
  return files;
}

QString nameOf(const QString& file) { return file.section('/', -1); }

/// `lstm_gates.cpp`, `lstm_gates_spec.cpp`, `lstm_gates_views.cpp`, ... of `lstm_gates`.
QStringList filesOf(const QString& experiment, const QStringList& files) {
  const QRegularExpression own("^" + experiment + "(_[a-z_]+)?\\.(cpp|h)$");
  return files.filter(QRegularExpression("/" + own.pattern().mid(1)));
}

void refuse(const QStringList& files, const char* pattern) {
  const QRegularExpression forbidden(pattern);
  for (const QString& file : files) {
    const auto found = forbidden.match(QString::fromUtf8(contentOf(file)));
    QVERIFY2(!found.hasMatch(), qPrintable(file + ": " + found.captured().trimmed()));
  }
}

}  // namespace

class StyleHouseFormTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theLoopOfAnExperimentIsInTheFileOfItsName() {
    const QStringList files = sourcesOfTopics();
    QVERIFY(experiments().size() >= 24);
    for (const QString& experiment : experiments()) {
      const QStringList loop = files.filter(QRegularExpression("/" + experiment + "\\.cpp$"));
      QCOMPARE(loop.size(), 1);
      QVERIFY2(contentOf(loop[0]).contains("bool step(Recorder"), qPrintable(experiment));
    }
  }

  void theDeclarationIsBesideTheLoopOrInTheSpec() {
    const QStringList files = sourcesOfTopics();
    for (const QString& experiment : experiments()) {
      const QStringList own =
          files.filter(QRegularExpression("/" + experiment + "(_spec)?\\.cpp$"));
      const auto declares = [](const QString& file) {
        return contentOf(file).contains("ExperimentSpec made");
      };
      QCOMPARE(std::count_if(own.begin(), own.end(), declares), 1);
    }
    for (const QString& file : files)
      if (contentOf(file).contains("ExperimentSpec made")) {
        const QString name = nameOf(file).remove(QRegularExpression("(_spec)?\\.cpp$"));
        QVERIFY2(experiments().contains(name), qPrintable(file));
      }
  }

  void anExperimentHasFourFilesInTheMedian() {
    std::vector<qsizetype> counts;
    for (const QString& experiment : experiments())
      counts.push_back(filesOf(experiment, sourcesOfTopics()).size());
    std::sort(counts.begin(), counts.end());
    QVERIFY(counts[counts.size() / 2] <= 4);
  }

  // All topics are one program: two types of one name are one type to the linker, which keeps the
  // functions of either (`RaceState` and `Activation` of two topics ended it in a crash at exit).
  void aTypeOutsideAnonymousNamespacesHasItsNameForItself() {
    static const QRegularExpression hidden(
        "^namespace \\{.*?^\\}  // namespace$",
        QRegularExpression::MultilineOption | QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression declared(
        "^(?:struct|class|enum class) (\\w+)(?: final)?(?: ?:[^;{]*)? ?\\{",
        QRegularExpression::MultilineOption);
    QMap<QString, QString> places;
    for (const QString& file : filesIn("lessons", {"*.cpp", "*.h"})) {
      const QString text = QString::fromUtf8(contentOf(file)).remove(hidden);
      for (auto all = declared.globalMatch(text); all.hasNext();) {
        const QString name = all.next().captured(1);
        QVERIFY2(!places.contains(name) || places[name] == file,
                 qPrintable(name + ": " + places[name] + " and " + file));
        places[name] = file;
      }
    }
    QVERIFY(places.size() > 300);
  }

  void claimsAreDataNotNames() { refuse(sourcesOfTopics(), "preset(_|\\.name)? *[!=]= *\""); }

  void viewsAreDeclaredInOneSentence() {
    QStringList declaring;
    for (const QString& file : sourcesOfTopics())
      if (contentOf(file).contains("ViewSpec") || contentOf(file).contains("made.views"))
        declaring << file;
    QVERIFY(declaring.size() >= 24);
    refuse(declaring, "views\\[[^\\]]+\\]\\.|\"\", false\\}");
  }

  void aHandleIsADeclaration() { refuse(sourcesOfTopics(), "ParameterName<[^>]+>[ a-zA-Z]*\\{\""); }
};

QTEST_APPLESS_MAIN(StyleHouseFormTest)
#include "house_form_test.moc"
