// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineEdit>
#include <QScrollBar>
#include <QTest>
#include <QTextBlock>

#include "tests/widgets/text/code_samples.h"
#include "widgets/text/code_view.h"
#include "widgets/text/find_bar.h"

namespace viva {

class CodeTest : public QObject {
  Q_OBJECT

  static QString padded(const char* code) {
    QString lines;
    for (int i = 0; i < 200; ++i) lines += QStringLiteral("// line %1\n").arg(i);
    return lines + QString::fromUtf8(code) + lines;
  }

  static QStringList words(const QString& line, CodeLanguage language, CodeWord word,
                           CodeState state = kPlainCode) {
    QStringList found;
    for (const CodeToken& token : codeTokens(line, language, state))
      if (token.word == word) found << line.mid(token.start, token.length);
    return found;
  }

 private Q_SLOTS:
  void theLoopIsTheDefinitionOfStep() {
    QCOMPARE(trainingLoop(QString::fromUtf8(kCpp), CodeLanguage::Cpp), (LineRange{7, 13}));
    QCOMPARE(trainingLoop(QStringLiteral("  bool step(Recorder& r) override {\n  }\n"),
                          CodeLanguage::Cpp),
             (LineRange{0, 1}));
    QVERIFY(!trainingLoop(QStringLiteral("bool step(Recorder&);\nbool step("), CodeLanguage::Cpp));
    QVERIFY(!trainingLoop(QString(), CodeLanguage::Cpp));
  }

  void theLoopInPythonIsTheOneThatLearns() {
    QCOMPARE(trainingLoop(QString::fromUtf8(kPython), CodeLanguage::Python), (LineRange{8, 13}));
    // Without gradients it is the first loop of main().
    const QString counts =
        "for x in y:\n  pass\ndef main():\n  a = 1\n  for b in c:\n    d()\n\nmain()\n";
    QCOMPARE(trainingLoop(counts, CodeLanguage::Python), (LineRange{4, 5}));
    QVERIFY(!trainingLoop("for x in y:\n  pass\n", CodeLanguage::Python));
    QVERIFY(!trainingLoop(QStringLiteral("print(1)\n"), CodeLanguage::Python));
    QVERIFY(!trainingLoop(QStringLiteral("loss.backward()\n"), CodeLanguage::Python));
  }

  void cppIsColoured() {
    const QString line =
        QStringLiteral("  return std::sqrt(1.5e-3f) + \"a // b\\\" c\";  // for if");
    const auto cpp = CodeLanguage::Cpp;
    QCOMPARE(words(line, cpp, CodeWord::Keyword), QStringList{"return"});
    QCOMPARE(words(line, cpp, CodeWord::Call), QStringList{"sqrt"});
    QCOMPARE(words(line, cpp, CodeWord::Number), QStringList{"1.5e-3f"});
    QCOMPARE(words(line, cpp, CodeWord::String), QStringList{"\"a // b\\\" c\""});
    QCOMPARE(words(line, cpp, CodeWord::Comment), QStringList{"// for if"});
    QCOMPARE(words(QStringLiteral("#include <x>"), cpp, CodeWord::Directive),
             QStringList{"#include <x>"});
  }

  void commentsAndStringsGoOnOverLines() {
    CodeState state = kPlainCode;
    codeTokens(QStringLiteral("a /* b"), CodeLanguage::Cpp, state);
    QCOMPARE(state, kBlockComment);
    QCOMPARE(words(QStringLiteral("for */ while"), CodeLanguage::Cpp, CodeWord::Comment, state),
             QStringList{"for */"});
    state = kPlainCode;
    codeTokens(QStringLiteral("\"\"\"Text"), CodeLanguage::Python, state);
    QCOMPARE(state, kTripleDouble);
    codeTokens(QStringLiteral("more\"\"\" + 'x'"), CodeLanguage::Python, state);
    QCOMPARE(state, kPlainCode);
  }

  void anyLineCanBeColoured() {
    for (const CodeLanguage language : {CodeLanguage::Cpp, CodeLanguage::Python}) {
      for (const char* text : {"", "\"", "'", "\\", "\"\\", "R\"(", "/*", "*/", "1e", "0x", "1e-",
                               "'''", "#", "@", ".", ".5", "\u6F22", "_"}) {
        for (const CodeState start : {kPlainCode, kBlockComment, kRawString, kTripleSingle}) {
          CodeState state = start;
          const QString line = QString::fromUtf8(text);
          int end = 0;
          for (const CodeToken& token : codeTokens(line, language, state)) {
            QVERIFY(token.start >= end && token.length > 0);
            end = token.start + token.length;
            QVERIFY(end <= line.size());
          }
        }
      }
    }
  }

  void theViewScrollsToTheLoopAndMarksIt() {
    CodeView view;
    view.setFiles({{"lessons/race.cpp", padded(kCpp)}, {"lessons/rules.h", "int x;\n"}},
                  {"race.py", padded("")});
    view.resize(900, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    CodePane* pane = view.source();
    QCOMPARE(pane->marked(), (LineRange{207, 213}));
    QTRY_VERIFY(pane->verticalScrollBar()->value() >= 200);
    QVERIFY(pane->verticalScrollBar()->value() <= 207);
    QCOMPARE(pane->extraSelections().size(), 7);
    for (const auto& selection : pane->extraSelections()) {
      QCOMPARE(selection.format.background().color(), TextStyle(Appearance{}).mark);
      const int line = selection.cursor.block().blockNumber();
      QVERIFY(line >= 207 && line <= 213);
    }
    QVERIFY(pane->isReadOnly());
    QVERIFY(pane->numbersWidth() > pane->fontMetrics().horizontalAdvance("400"));
  }

  void theMarkIsSeen() {
    CodePane pane;
    pane.setSource("race.cpp", QString::fromUtf8(kCpp));
    pane.resize(500, 500);
    for (const bool dark : {false, true}) {
      const TextStyle style{Appearance{dark}};
      pane.setStyle(style);
      const QImage image = pane.grab().toImage();
      int marked = 0, background = 0;
      for (int y = 0; y < image.height(); ++y) {
        marked += image.pixel(480, y) == style.mark.rgb();
        background += image.pixel(480, y) == style.background.rgb();
      }
      QVERIFY(marked > 60);
      QVERIFY(background > 60);
    }
  }

  void anotherSourceCanBeChosen() {
    CodeView view;
    view.setFiles({{"a.cpp", "int a;\n"}, {"b.h", "int b;\n"}}, {});
    auto* names = view.findChild<QComboBox*>();
    QCOMPARE(names->count(), 2);
    names->setCurrentIndex(1);
    QCOMPARE(view.source()->toPlainText(), QStringLiteral("int b;"));
    QVERIFY(view.equivalent()->isHidden() || view.equivalent()->parentWidget()->isHidden());
  }

  void narrowViewsStackThePanes() {
    CodeView view;
    view.setFiles({{"a.cpp", "int a;\n"}}, {"a.py", "a = 1\n"});
    view.resize(1400, 500);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QCOMPARE(view.splitter()->orientation(), Qt::Horizontal);
    view.resize(500, 500);
    QTRY_COMPARE(view.splitter()->orientation(), Qt::Vertical);
  }

  void findSearchesThePaneWithTheFocus() {
    CodeView view;
    view.setFiles({{"a.cpp", "int a;\nint b;\n"}}, {"a.py", "a = int(1)\n"});
    view.resize(900, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.activateWindow();
    view.source()->setFocus();
    QTest::keyClick(view.source(), Qt::Key_F, Qt::ControlModifier);
    auto* line = view.findBar()->findChild<QLineEdit*>();
    QTest::keyClicks(line, QStringLiteral("int"));
    QCOMPARE(view.findBar()->found().size(), std::size_t(2));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(view.findBar()->current(), 1);
    view.equivalent()->setFocus();
    QTest::keyClick(view.equivalent(), Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(view.findBar()->found().size(), std::size_t(1));
    QCOMPARE(view.source()->extraSelections().size(), 0);
    view.setFiles({{"b.cpp", "double x;\n"}}, {});
    view.findBar()->next();
  }

  void theFontScaleAndTheLanguageReachBothPanes() {
    CodeView view;
    view.setFiles({{"a.cpp", "int a;\n"}}, {"a.py", "a = 1\n"});
    view.setAppearance({true, Language::Chinese, 2.0});
    for (CodePane* pane : {view.source(), view.equivalent()}) {
      QCOMPARE(pane->font().pixelSize(), 26);
      QVERIFY(!pane->accessibleName().isEmpty());
    }
    const QString chinese = view.source()->accessibleName();
    view.setAppearance({true, Language::English, 2.0});
    QVERIFY(view.source()->accessibleName() != chinese);
  }

  void emptyAndOddFilesAreShown() {
    CodeView view;
    view.setFiles({}, {});
    view.setFiles({{"a.cpp", QString(100000, QLatin1Char('('))}}, {"x", "\u0000\r\n\r"});
    view.resize(600, 300);
    view.grab();
    view.find();
  }
};

}  // namespace viva

QTEST_MAIN(viva::CodeTest)
#include "code_test.moc"
