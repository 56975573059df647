// SPDX-License-Identifier: GPL-3.0-or-later
// Where people write 0,5 for 0.5: the numbers that Viva reads and writes stay the same.
#include <QDir>
#include <QDirIterator>
#include <QImage>
#include <QMap>
#include <QTemporaryDir>
#include <QTest>
#include <clocale>
#include <cstdlib>

#include "app/export/pictures.h"
#include "lessons/core/number_text.h"
#include "tests/app/program.h"
#include "widgets/parameters/number_scale.h"
#include "widgets/views/colour_scale.h"
#include "widgets/views/colours.h"

using namespace viva;

namespace {

const char* const kCommaLocale = "de_DE.UTF-8";

/// What stands between 0 and 5 once there is a QApplication.
QString& pointOfApplication() {
  static QString point;
  return point;
}

/// All files of a folder, by name; of summary.json without the seconds.
QMap<QString, QByteArray> filesOf(const QString& folder) {
  QMap<QString, QByteArray> files;
  for (const QString& name : filesIn(folder)) {
    QByteArray content = contentOf(folder + "/" + name);
    if (name == "summary.json") {
      QJsonObject summary = jsonOf(folder + "/" + name);
      for (const QString& key : summary.keys())
        if (key.contains("second")) summary.remove(key);
      content = QJsonDocument(summary).toJson();
    }
    files[name] = content;
  }
  return files;
}

}  // namespace

class CommaLocaleTest : public QObject {
  Q_OBJECT
  QTemporaryDir out_;

  QMap<QString, QByteArray> resultsOf(const Program& program, const QString& name,
                                      const QStringList& arguments) {
    const QString folder = out_.filePath(name);
    const Outcome outcome = program.run(arguments + QStringList{"--out", folder});
    if (outcome.status != 0) qWarning("%s", outcome.errors.constData());
    return filesOf(folder);
  }

 private Q_SLOTS:
  void initTestCase() {
    QVERIFY2(std::setlocale(LC_NUMERIC, kCommaLocale), "the Debian package locales");
    QCOMPARE(QByteArray(std::localeconv()->decimal_point), QByteArray(","));
    QCOMPARE(std::strtod("0.55", nullptr), 0.0);
  }

  void init() { std::setlocale(LC_NUMERIC, kCommaLocale); }

  void numbersAreReadAndWrittenWithAPoint() {
    QCOMPARE(withDecimals(0.5, 2), std::string("0.50"));
    QCOMPARE(withDigits(0.5, 3), std::string("0.5"));
    QCOMPARE(readableNumber(1438700), std::string("1.44×10⁶"));
    QCOMPARE(percent(0.125), std::string("12.5\u00a0%"));
    QCOMPARE(numberFrom("0.55"), std::optional<double>(0.55));
    QVERIFY(!numberFrom("0,55"));
  }

  void aSliderReachesTheValuesBetween() {
    const NumberScale linear(real("sigma", 0.5).range(0.3, 2));
    const double middle = linear.valueAt(linear.positions() / 2);
    QVERIFY2(middle > 1.1 && middle < 1.2, QByteArray::number(middle));
    const NumberScale logarithmic(real("lr", 0.1).range(1e-3, 1).logarithmic());
    const double third = logarithmic.valueAt(logarithmic.positions() / 2);
    QVERIFY2(third > 0.02 && third < 0.05, QByteArray::number(third));
  }

  void theTicksOfAColourBarAreTheSame() {
    const auto drawn = [] {
      QImage image(90, 300, QImage::Format_ARGB32);
      image.fill(Qt::white);
      QPainter painter(&image);
      QFont font;
      font.setPixelSize(13);
      drawColourBar(painter, QRectF(0, 10, 90, 280), ColourScale(ColourScale::Form::Depth, 0, 2.4),
                    ColourMap::Sequential, false, font);
      return image;
    };
    const QImage with_comma = drawn();
    std::setlocale(LC_NUMERIC, "C");
    QVERIFY(drawn() == with_comma);
  }

  /// Qt took the user's locale; what Viva calls does not see it.
  void theApplicationTakesTheLocaleOfNumbersBack() { QCOMPARE(pointOfApplication(), QString(".")); }

  void resultsAreTheSame_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("a table and planes") << QStringList{"run", "optimizer-race", "--steps", "5"};
    QTest::newRow("numbers that were typed")
        << QStringList{"run", "lstm-gates", "--steps", "2", "--set", "probe=0.3 0.8* 0.5 0.4*"};
  }
  void resultsAreTheSame() {
    QFETCH(QStringList, arguments);
    Program program;
    program.unset("VIVA_LESSONS_LIBRARY");
    arguments << "--export"
              << "csv,json,svg,png,tikz,matplotlib";
    const QString row = QTest::currentDataTag();
    program.set("LC_ALL", "C.UTF-8");
    const auto plain = resultsOf(program, row + " C", arguments);
    program.set("LC_ALL", kCommaLocale);
    const auto comma = resultsOf(program, row + " de", arguments);
    QVERIFY(plain.size() > 10);
    QCOMPARE(comma.keys(), plain.keys());
    for (const QString& name : plain.keys()) QVERIFY2(comma[name] == plain[name], qPrintable(name));
  }
};

int main(int count, char** arguments) {
  const QTemporaryDir locales;
  QProcess::execute("localedef", {"-i", "de_DE", "-f", "UTF-8", locales.filePath(kCommaLocale)});
  qputenv("LOCPATH", locales.path().toUtf8());
  qputenv("LC_ALL", kCommaLocale);
  requireApplication();
  pointOfApplication() = std::localeconv()->decimal_point;
  CommaLocaleTest test;
  return QTest::qExec(&test, count, arguments);
}
#include "comma_locale_test.moc"
