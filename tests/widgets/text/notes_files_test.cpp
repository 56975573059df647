// SPDX-License-Identifier: GPL-3.0-or-later
// The notes, cards and demos that are in the program: every lesson, every language.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QSvgRenderer>
#include <QTest>

#include "widgets/text/lesson_texts.h"
#include "widgets/text/markdown.h"
#include "widgets/text/notes_document.h"

namespace viva {

class NotesFilesTest : public QObject {
  Q_OBJECT

  static QString read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
  }

  /// And cards, and demos.
  static QStringList notes() {
    QStringList found;
    QDirIterator all(QStringLiteral(":/lessons"), {QStringLiteral("*.md")}, QDir::Files,
                     QDirIterator::Subdirectories);
    while (all.hasNext()) found << all.next();
    found.sort();
    return found;
  }

  static QStringList lessons() { return QDir(QStringLiteral(":/lessons")).entryList(QDir::Dirs); }

  static QStringList sortedFormulas(const MarkdownOutline& outline) {
    QStringList formulas;
    for (const Formula& formula : outline.formulas)
      formulas << (formula.display ? QStringLiteral("$$") : QStringLiteral("$")) + formula.tex;
    formulas.sort();
    return formulas;
  }

 private Q_SLOTS:
  void thereAreNotes() {
    QVERIFY(lessons().contains(QLatin1String("optimizers")));
    QVERIFY(notesOf("optimizers", Language::English).startsWith(QLatin1String("# ")));
    QVERIFY(notesOf("optimizers", Language::Chinese).contains(QStringLiteral("优化器")));
    QVERIFY(notesOf("no-such-lesson", Language::Chinese).isEmpty());
  }

  void everyFormulaHasAPicture() {
    Formulas formulas;
    QStringList missing;
    int count = 0;
    for (const QString& path : notes()) {
      for (const Formula& formula : outlineOf(read(path)).formulas) {
        ++count;
        if (!formulas.size(keyOf(formula))) missing << path + QStringLiteral(": ") + formula.tex;
      }
    }
    QVERIFY(count > 100);
    QVERIFY2(missing.isEmpty(), qPrintable(QStringLiteral("run tools/formulas/make.mjs for\n") +
                                           missing.join(QLatin1Char('\n'))));
  }

  void noDollarSignIsLeftOver() {
    // A formula that the parser did not take for one would stand as text.
    for (const QString& path : notes())
      for (const MarkdownEvent& event : parseMarkdown(read(path)))
        if (event.kind == MarkdownEvent::Kind::Text)
          QVERIFY2(!event.text.contains(QLatin1Char('$')), qPrintable(path + event.text));
  }

  void everyPictureIsUsedAndInTheIndex() {
    QSet<QString> used;
    for (const QString& path : notes())
      for (const Formula& formula : outlineOf(read(path)).formulas) used << keyOf(formula);
    const QJsonObject index =
        QJsonDocument::fromJson(read(QStringLiteral(":/formulas/index.json")).toUtf8()).object();
    QSet<QString> indexed, pictures;
    for (const QString& key : index.keys()) {
      indexed << key;
      const QJsonObject entry = index[key].toObject();
      QCOMPARE(keyOf({entry["tex"].toString(), entry["display"].toBool()}), key);
    }
    for (const QString& name :
         QDir(QStringLiteral(":/formulas")).entryList({QStringLiteral("*.svg")}))
      pictures << name.chopped(4);
    QCOMPARE(indexed, used);
    QCOMPARE(pictures, used);
  }

  void picturesUseOnlyWhatTheReaderDraws() {
    for (const QString& name :
         QDir(QStringLiteral(":/formulas")).entryList({QStringLiteral("*.svg")})) {
      const QString svg = read(QStringLiteral(":/formulas/") + name);
      QCOMPARE(svg.count(QLatin1String("<svg")), 1);
      for (const char* element : {"<text", "<use", "<clipPath", "<image", "<script", "href"})
        QVERIFY2(!svg.contains(QLatin1String(element)),
                 qPrintable(name + QLatin1Char(' ') + element));
      QVERIFY(svg.contains(QLatin1String("currentColor")));
      QVERIFY(QSvgRenderer(svg.toUtf8()).isValid());
    }
  }

  void theLanguagesHaveTheSameHeadingsFormulasAndLinks() {
    for (const QString& lesson : lessons()) {
      const MarkdownOutline english = outlineOf(notesOf(lesson.toStdString(), Language::English));
      const MarkdownOutline chinese = outlineOf(notesOf(lesson.toStdString(), Language::Chinese));
      QCOMPARE(chinese.headings.size(), english.headings.size());
      for (std::size_t i = 0; i < english.headings.size(); ++i)
        QVERIFY2(chinese.headings[i].level == english.headings[i].level,
                 qPrintable(chinese.headings[i].text));
      QCOMPARE(sortedFormulas(chinese), sortedFormulas(english));
      QCOMPARE(chinese.links, english.links);
    }
  }

  void theLanguagesHaveTheSameTables() {
    const auto tables = [](const QString& markdown) {
      QStringList shapes;
      for (const MarkdownEvent& event : parseMarkdown(markdown)) {
        if (event.kind == MarkdownEvent::Kind::BeginTable)
          shapes << QStringLiteral("%1x%2").arg(event.rows).arg(event.columns);
        if (event.kind == MarkdownEvent::Kind::BeginCell)
          shapes.last() += QString::number(int(event.alignment));
      }
      return shapes;
    };
    for (const QString& lesson : lessons()) {
      const std::string id = lesson.toStdString();
      QCOMPARE(tables(notesOf(id, Language::Chinese)), tables(notesOf(id, Language::English)));
    }
  }

  void everyLinkIsOfAKnownKind() {
    for (const QString& path : notes())
      for (const QString& link : outlineOf(read(path)).links)
        QVERIFY2(isKnownLink(link), qPrintable(path + QLatin1Char(' ') + link));
  }
};

}  // namespace viva

QTEST_MAIN(viva::NotesFilesTest)
#include "notes_files_test.moc"
