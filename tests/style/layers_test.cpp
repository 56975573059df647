// SPDX-License-Identifier: GPL-3.0-or-later
// A folder is a layer and arrows point one way; files stay readable.
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include "tests/style/project_files.h"

using namespace viva::project;

namespace {

const QStringList kSources = {"*.cpp", "*.h"};

struct Include {
  QString file, name;
  bool system = false;  ///< in angle brackets
  QByteArray text() const { return (file + " includes " + name).toUtf8(); }
};

QList<Include> includesOf(const QStringList& files) {
  static const QRegularExpression pattern("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]",
                                          QRegularExpression::MultilineOption);
  QList<Include> includes;
  for (const QString& file : files)
    for (auto all = pattern.globalMatch(QString::fromUtf8(contentOf(file))); all.hasNext();) {
      const auto match = all.next();
      includes.append({file, match.captured(2), match.captured(1) == "<"});
    }
  return includes;
}

bool isTorch(const QString& name) {
  return name.startsWith("torch/") || name.startsWith("ATen/") || name.startsWith("c10/");
}
bool isQt(const QString& name) {
  static const QRegularExpression pattern("^Q[A-Z]|^Qt|^qt[a-z]*/|^q[a-z]+\\.h$");
  return pattern.match(name).hasMatch();
}
/// Of Qt Charts, deprecated from Qt 6.10.
bool isChart(const QString& name) {
  static const QRegularExpression pattern(
      "^(QtCharts(/.*)?|QChart(View)?|Q\\w*(Series|Axis|BarSet|LegendMarker)|QLegend|QPieSlice|"
      "Q\\w+ModelMapper|QPolarChart|QBoxSet|QCandlestickSet)$");
  return pattern.match(name).hasMatch();
}
/// Of the standard library: no folder, no ending.
bool isStandard(const Include& include) {
  static const QRegularExpression pattern("^[a-z_]+$");
  return include.system && pattern.match(include.name).hasMatch();
}

}  // namespace

class StyleLayersTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void headersOfTheCoreNeedOnlyTheStandardLibrary() {
    const auto includes = includesOf(filesIn("lessons/core", {"*.h"}));
    QVERIFY(includes.size() > 20);
    for (const Include& include : includes)
      QVERIFY2(isStandard(include) || include.name.startsWith("lessons/core/"), include.text());
  }

  void sourcesOfTheCoreNeedNeitherTorchNorQt() {
    for (const Include& include : includesOf(filesIn("lessons/core", {"*.cpp"}))) {
      QVERIFY2(!isTorch(include.name) && !isQt(include.name), include.text());
      if (!include.system) QVERIFY2(include.name.startsWith("lessons/core/"), include.text());
    }
  }

  void torchStaysWithTheLessons() {
    for (const Include& include : includesOf(filesIn({"app", "widgets"}, kSources)))
      QVERIFY2(!isTorch(include.name), include.text());
  }

  void lessonsKnowNoQt() {
    for (const Include& include : includesOf(filesIn("lessons", kSources))) {
      QVERIFY2(!isQt(include.name), include.text());
      QVERIFY2(!include.name.startsWith("widgets/") && !include.name.startsWith("app/"),
               include.text());
    }
  }

  /// Tests as well: those of a topic are not run again when another topic changes.
  void topicsKnowWhatIsSharedAndThemselves() {
    static const QRegularExpression topic("^(?:tests/)?lessons/([a-z_]+)/");
    static const QStringList shared = {"core", "nn", "data"};
    QCOMPARE(topic.match("tests/lessons/step_size/valley_test.cpp").captured(1), "step_size");
    for (const Include& include : includesOf(filesIn({"lessons", "tests/lessons"}, kSources))) {
      const QString from = topic.match(include.file).captured(1);
      const QString to = topic.match(include.name).captured(1);
      if (from.isEmpty() || to.isEmpty()) continue;  // the catalog and its tests know all
      // There an experiment is the tool that an application runs.
      if (include.file == "lessons/protocols/conversation.cpp" && to == "information") continue;
      QVERIFY2(from == to || shared.contains(to), include.text());
    }
  }

  /// A word corrected or a lesson added leaves the topics' libraries as they are.
  void topicsKnowNeitherWordsNorTheListOfLessons() {
    static const QRegularExpression apart(
        "^lessons/core/(words|record_label|lesson_list|catalog)\\.h$");
    int found = 0;
    for (const Include& include : includesOf(filesIn("lessons", kSources))) {
      if (!apart.match(include.name).hasMatch()) continue;
      ++found;
      QVERIFY2(include.file.startsWith("lessons/core/") || include.file == "lessons/catalog.cpp",
               include.text());
    }
    QVERIFY(found > 0);
  }

  /// They are compiled without Torch's headers, which take seconds a file.
  void declarationsOfExperimentsDoNotSeeTorch() {
    const auto reached = [](const QString& source) {
      QStringList torch, files{source};
      for (qsizetype i = 0; i < files.size(); ++i)
        for (const Include& include : includesOf({files[i]})) {
          if (isTorch(include.name)) torch << QString::fromUtf8(include.text());
          if (include.name.startsWith("lessons/") && !files.contains(include.name))
            files << include.name;
        }
      return torch.join(", ");
    };
    QVERIFY(!reached("lessons/nn/stacked_net.cpp").isEmpty());
    for (const QString& source : filesIn("lessons", {"*_spec.cpp"})) {
      const QString torch = reached(source);
      QVERIFY2(torch.isEmpty(), qPrintable(source + ": " + torch));
    }
  }

  void widgetsKnowTheCoreOnly() {
    for (const Include& include : includesOf(filesIn("widgets", kSources))) {
      QVERIFY2(!include.name.startsWith("app/"), include.text());
      if (include.name.startsWith("lessons/"))
        QVERIFY2(include.name.startsWith("lessons/core/"), include.text());
    }
  }

  /// Two programs could talk so that have nothing to do with Viva.
  void protocolsKnowNeitherVivaNorQtNorTorch() {
    const auto includes = includesOf(filesIn("protocol", kSources));
    QVERIFY(includes.size() > 20);
    for (const Include& include : includes) {
      QVERIFY2(!isTorch(include.name) && !isQt(include.name), include.text());
      if (!include.system) QVERIFY2(include.name.startsWith("protocol/"), include.text());
    }
  }

  /// The program speaks them, and the one topic that shows them.
  void protocolsAreKnownToTheAppAndToOneTopic() {
    for (const Include& include : includesOf(filesIn({"widgets", "lessons"}, kSources)))
      if (include.name.startsWith("protocol/"))
        QVERIFY2(include.file.startsWith("lessons/protocols/"), include.text());
  }

  /// What a run leaves behind does not depend on who asked for it: the window, the command line.
  void exportsKnowNeitherCommandsNorSweeps() {
    for (const Include& include : includesOf(filesIn("app/export", kSources)))
      for (const char* room : {"app/commands/", "app/sweep/", "app/window/", "app/study/"})
        QVERIFY2(!include.name.startsWith(room), include.text());
  }

  /// It can be opened without a window, and knows of the window's side the interface alone.
  void theStudyStoreNeedsNoWindow() {
    static const QRegularExpression window("^Q(tWidgets|tGui|Widget|Application|GuiApplication)");
    static const QStringList known = {"widgets/study/study.h", "app/export/file_lock.h",
                                      "app/export/file_writer.h", "app/export/whole_file.h"};
    for (const Include& include : includesOf(filesIn("app/study", kSources))) {
      QVERIFY2(!window.match(include.name).hasMatch(), include.text());
      if (include.name.startsWith("widgets/") || include.name.startsWith("app/"))
        QVERIFY2(known.contains(include.name) || include.name.startsWith("app/study/"),
                 include.text());
    }
  }

  void chartsStayBehindTheViews() {
    int found = 0;
    for (const Include& include :
         includesOf(filesIn({"app", "widgets", "lessons", "tests"}, kSources))) {
      if (!isChart(include.name)) continue;
      ++found;
      static const QRegularExpression place("^widgets/views/[a-z_]+\\.cpp$");
      QVERIFY2(place.match(include.file).hasMatch(), include.text());
    }
    QVERIFY(found > 0);
  }

  void commandsThatNeedNoPictureNeedNoQt() {
    for (const Include& include : includesOf(filesIn("app/commands", kSources)))
      QVERIFY2(!isQt(include.name), include.text());
  }

  /// They read and write 0,5 for 0.5 where the locale has it so; lessons/core/number_text.h does
  /// not.
  void noNumberFollowsTheLocale() {
    static const QRegularExpression following(
        "\\b(strtod|strtof|strtold|stod|stof|stold|atof|sscanf)\\s*\\(|"
        "%[-+#0]*[0-9*]*(\\.[0-9*]+)?[lL]?[efgEFG]");
    static const QRegularExpression comment("//[^\n]*");
    QVERIFY(following.match("std::snprintf(text, sizeof text, \"%.3g\\u00a0%%\", 100 * share);")
                .hasMatch());
    QVERIFY(following.match("std::stod(text)").hasMatch());
    for (const QString& file : filesIn({"app", "widgets", "lessons", "protocol"}, kSources)) {
      const QString code = QString::fromUtf8(contentOf(file)).remove(comment);
      const auto found = following.match(code);
      QVERIFY2(!found.hasMatch(), qPrintable(file + ": " + found.captured()));
    }
  }

  void filesStayUnder600Lines() {
    const QStringList files =
        filesIn({"app", "widgets", "lessons", "protocol", "tests", "tools", "cmake"},
                {"*.cpp", "*.h", "*.py", "*.js", "*.mjs", "*.cmake", "CMakeLists.txt"}) +
        QStringList{"dev", "CMakeLists.txt", ".ci/run"};
    for (const QString& file : files) {
      const auto lines = contentOf(file).count('\n');
      QVERIFY2(lines <= 600, qPrintable(QString("%1 has %2 lines").arg(file).arg(lines)));
    }
  }

  void everySourceNamesItsLicence() {
    for (const QString& file :
         filesIn({"app", "widgets", "lessons", "protocol", "tests"}, kSources))
      QVERIFY2(contentOf(file).startsWith("// SPDX-License-Identifier: GPL-3.0-or-later\n"),
               qPrintable(file));
  }

  void everyHeaderIsIncludedOnce() {
    for (const QString& file : filesIn({"app", "widgets", "lessons", "protocol", "tests"}, {"*.h"}))
      QVERIFY2(contentOf(file).contains("\n#pragma once\n"), qPrintable(file));
  }
};

QTEST_APPLESS_MAIN(StyleLayersTest)
#include "layers_test.moc"
