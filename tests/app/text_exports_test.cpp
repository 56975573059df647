// SPDX-License-Identifier: GPL-3.0-or-later
// Text in pieces and messages as data and as LaTeX: what docs/formats.md says of them.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "app/export/latex_tokens.h"
#include "app/export/plot.h"
#include "app/export/views_json.h"
#include "tests/fakes/fake_text_views.h"

using namespace viva;

class TextExportsTest : public QObject {
  Q_OBJECT

 private:
  ExperimentSpec spec_;
  RunResults results_{.spec = &spec_, .parameters = Parameters(spec_.parameters)};
  const Words& words_ = Words::in(Language::English);

  static QStringList keys(const QJsonValue& value) { return value.toObject().keys(); }

 private Q_SLOTS:
  void initTestCase() {
    spec_.id = "fake-text";
    spec_.views = {tokens("attention"), tokens("translation"), sequence("wire"), tokens("nothing")};
    auto frame = std::make_shared<Frame>();
    frame->at<TokensData>("attention") = fakes::attentionTokens();
    frame->at<TokensData>("translation") = fakes::translationTokens();
    frame->at<SequenceData>("wire") = fakes::toolCallSequence();
    results_.file.experiment = spec_.id;
    results_.frame = frame;
  }

  void viewsJsonHasPiecesArcsAndMessages() {
    QByteArray text;
    FileWriter file([&](std::string_view part) {
      text.append(part.data(), static_cast<qsizetype>(part.size()));
    });
    writeViewsJson(file, spec_, {}, *results_.frame, words_);
    file.flush();
    QJsonParseError error;
    const QJsonObject views = QJsonDocument::fromJson(text, &error).object()["views"].toObject();
    QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
    const QJsonValue pieces = views["translation"];
    QCOMPARE(keys(pieces), (QStringList{"arcs", "kind", "rows", "title"}));
    QCOMPARE(pieces["kind"].toString(), QString("tokens"));
    QCOMPARE(pieces["rows"].toArray().size(), 3);
    QCOMPARE(keys(pieces["rows"][2]), (QStringList{"id", "label", "pieces"}));
    const QJsonValue piece = pieces["rows"][2]["pieces"][1];
    QCOMPARE(keys(piece), (QStringList{"detail", "text", "value"}));
    QCOMPARE(piece["text"].toString(), QString::fromUtf8("喜爱"));
    QCOMPARE(piece["value"].toDouble(), -0.7);
    QVERIFY(pieces["rows"][0]["pieces"][0]["value"].isNull());
    const QJsonValue arc = pieces["arcs"][1];
    QCOMPARE(keys(arc), (QStringList{"from", "id", "to", "weight"}));
    QCOMPARE(arc["from"].toArray(), (QJsonArray{1, 0}));
    QCOMPARE(arc["to"].toArray(), (QJsonArray{2, 0}));

    const QJsonValue wire = views["wire"];
    QCOMPARE(keys(wire), (QStringList{"kind", "lifelines", "messages", "title"}));
    QCOMPARE(keys(wire["lifelines"][0]), (QStringList{"id", "label"}));
    const QJsonValue message = wire["messages"][4];
    QCOMPARE(keys(message), (QStringList{"between", "kind", "label", "payload", "time"}));
    QCOMPARE(message["kind"].toString(), QString("error"));
    QCOMPARE(message["between"].toArray(), (QJsonArray{1, 2}));
    QVERIFY(QJsonDocument::fromJson(message["payload"].toString().toUtf8()).isObject());
    QCOMPARE(keys(views["nothing"]), (QStringList{"kind", "title"}));
  }

  void tokensAreLinesOfColouredBoxesInLatex() {
    const auto tex = latexTokens(results_, spec_.views[0], words_);
    QVERIFY(tex);
    QVERIFY(tex->find("\\piece{viva!60}{\\textvisiblespace{}it}") != std::string::npos);
    QVERIFY(tex->find("\\piece{viva!0}{The}") != std::string::npos);
    QVERIFY(tex->find("pdflatex") != std::string::npos);
    const auto chinese = latexTokens(results_, spec_.views[1], words_);
    QVERIFY(chinese && chinese->find("xelatex") != std::string::npos);
    QVERIFY(chinese->find("\\piece{against!47}{喜爱}") != std::string::npos);
    QVERIFY(chinese->find("\\piece{black!4}{I}") != std::string::npos);
    QVERIFY(!latexTokens(results_, spec_.views[2], words_));  // a sequence has no LaTeX
    QVERIFY(!latexTokens(results_, spec_.views[3], words_));
    if (QStandardPaths::findExecutable("pdflatex").isEmpty()) return;
    const QTemporaryDir folder;
    QFile file(folder.filePath("tokens.tex"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(*tex));
    file.close();
    QProcess latex;
    latex.setWorkingDirectory(folder.path());
    latex.start("pdflatex", {"-interaction=nonstopmode", "-halt-on-error", "tokens.tex"});
    QVERIFY(latex.waitForFinished(60000));
    QVERIFY2(latex.exitCode() == 0, latex.readAll());
  }

  void neitherIsAPlot() { QVERIFY(plotsOf(results_, words_).empty()); }
};

QTEST_GUILESS_MAIN(TextExportsTest)
#include "text_exports_test.moc"
