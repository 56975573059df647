// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/csv.h"

#include <torch/types.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <set>

#include "tests/fakes/refusal.h"

using namespace viva;

class CsvTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;

  std::string path(const char* name = "data.csv") const {
    return folder_.filePath(name).toStdString();
  }
  static torch::Tensor doubles(const std::vector<double>& values) {
    return torch::tensor(values, torch::kDouble);
  }
  Dataset read(const QByteArray& content) const {
    QFile file(folder_.filePath("data.csv"));
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write the test's file");
    file.write(content);
    file.close();
    return readCsv(path());
  }

 private Q_SLOTS:
  void numbersAndLabelsAreRead() {
    const Dataset data = read("x,y,label\n1,2.5,cat\n-3e-1, +4 ,dog\n0,0,cat\n");
    QVERIFY(torch::equal(data.inputs, doubles({1, 2.5, -0.3, 4, 0, 0}).view({3, 2})));
    QVERIFY(torch::equal(data.labels, torch::tensor({0, 1, 0}, torch::kLong)));
    QCOMPARE(data.classes, 2);
    QCOMPARE(data.class_names, (std::vector<std::string>{"cat", "dog"}));
    QCOMPARE(data.feature_names, (std::vector<std::string>{"x", "y"}));
    QVERIFY(data.isPlanar());
  }

  void theColumnNamedLabelIsTheLabelWhereverItIs() {
    const Dataset data = read("label,x\nb,1\na,2\n");
    QVERIFY(torch::equal(data.labels, torch::tensor({1, 0}, torch::kLong)));
    QCOMPARE(data.feature_names, std::vector<std::string>{"x"});
  }

  void numericLabelsAreOrderedAsNumbers() {
    const Dataset data = read("x,kind\n0,10\n0,9\n0,9.0\n0,-1\n");
    // A label is a name: 9.0 is another one than 9.
    QCOMPARE(data.class_names, (std::vector<std::string>{"-1", "9", "9.0", "10"}));
    QVERIFY(torch::equal(data.labels, torch::tensor({3, 1, 2, 0}, torch::kLong)));
  }

  void aLabelIsKeptAsItIsWritten() {
    const Dataset data = read("x,label\n0,1.10\n0,1.1\n0,007\n0,7\n0,+7\n0,1e1\n");
    const std::set<std::string> expected{"1.10", "1.1", "007", "7", "+7", "1e1"};
    QCOMPARE(std::set<std::string>(data.class_names.begin(), data.class_names.end()), expected);
    // As doubles these two are one.
    QCOMPARE(read("x,label\n0,9007199254740993\n1,9007199254740992\n").class_names,
             (std::vector<std::string>{"9007199254740992", "9007199254740993"}));
  }

  void whichColumnIsTheLabelDependsOnNeitherCaseNorSpaces_data() {
    QTest::addColumn<QByteArray>("name");
    for (const char* name : {"Label", "LABEL", "\" label \"", "\tlabel ", "\"label\t\"", "lAbEl"})
      QTest::newRow(name) << QByteArray(name);
  }
  void whichColumnIsTheLabelDependsOnNeitherCaseNorSpaces() {
    QFETCH(QByteArray, name);
    const Dataset data = read(name + ",x,y\nb,1,7\na,2,8\n");
    QCOMPARE(data.class_names, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(data.feature_names, (std::vector<std::string>{"x", "y"}));
    QVERIFY(torch::equal(data.inputs.flatten(), doubles({1, 7, 2, 8})));
  }

  void theColumnThatIsPredictedIsSaid() {
    const Dataset named = read("x,Label,y\n1,a,2\n2,b,3\n");
    QCOMPARE(named.label_name, std::string("Label"));
    const Dataset last = read("x,y,species\n1,2,a\n2,3,b\n1,2,a\n2,3,b\n");
    QCOMPARE(last.label_name, std::string("species"));
    const Message said = readingOf(stratifiedSplit(last, 0.4, generatorFor(1, 0)));
    QCOMPARE(fakes::argumentOf(said, "file"), std::string("data.csv"));
    for (const Language language : {Language::English, Language::Chinese}) {
      const std::string sentence = Words::in(language)(said);
      QVERIFY2(sentence.find("species") != sentence.npos && sentence.find('{') == sentence.npos,
               sentence.c_str());
    }
  }

  void aTableKeepsAllDigits() {
    const Dataset data = read("x,y,label\n0.1,5400000.01,a\n0.2,5400000.02,b\n");
    QVERIFY(data.inputs[0][1].item<double>() == 5400000.01);
    QVERIFY(data.inputs[1][1].item<double>() == 5400000.02);
  }

  void aNumberTooSmallForADoubleIsZero() {
    const Dataset data = read("x,label\n1e-999,a\n1,b\n");
    QVERIFY(torch::equal(data.inputs.flatten(), doubles({0, 1})));
  }

  void whatEditorsWriteIsRead_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("old Mac line ends") << QByteArray("x,label\r1,a\r2,b\r");
    QTest::newRow("old Mac line ends, the last one missing") << QByteArray("x,label\r1,a\r2,b");
    QTest::newRow("line ends of all kinds") << QByteArray("x,label\r\n1,a\r2,b\n");
    QTest::newRow("tabs around cells") << QByteArray("x\t,label\t\n1\t,a\t\n2,\tb\n");
    QTest::newRow("windows line ends") << QByteArray("x,label\r\n1,a\r\n2,b\r\n");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbfx,label\n1,a\n2,b\n");
    QTest::newRow("no line end") << QByteArray("x,label\n1,a\n2,b");
    QTest::newRow("blank lines") << QByteArray("\nx,label\n\n1,a\n\n2,b\n\n\n");
    QTest::newRow("quotes") << QByteArray("\"x\",\"label\"\n\"1\",\"a\"\n\"2\",\"b\"\n");
  }
  void whatEditorsWriteIsRead() {
    QFETCH(QByteArray, content);
    const Dataset data = read(content);
    QVERIFY(torch::equal(data.inputs.flatten(), doubles({1, 2})));
    QCOMPARE(data.class_names, (std::vector<std::string>{"a", "b"}));
  }

  void quotedFieldsMayHoldCommasQuotesAndLines() {
    const Dataset data = read("x,label\n1,\"a, \"\"b\"\"\"\n2,\"c\nd\"\n3,\xe7\x8c\xab\n");
    QCOMPARE(data.class_names, (std::vector<std::string>{"a, \"b\"", "c\nd", "\xe7\x8c\xab"}));
  }

  void aBadFileIsRefusedWithWhatIsWrong_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("line");
    const auto row = [](const char* name, const QByteArray& content, const char* what,
                        const char* line = "") {
      QTest::newRow(name) << content << QString(what) << QString(line);
    };
    row("empty", "", "empty");
    row("only blank lines", "\n\n\n", "empty");
    row("names only", "x,label\n", "no_rows");
    row("one column", "label\na\nb\n", "one_column");
    row("semicolons", "x;y;label\n1,5;2;a\n3;4,2;b\n", "semicolons");
    row("tabs", "x\ty\tlabel\n1\t2\ta\n3\t4\tb\n", "tabs");
    row("a spreadsheet", QByteArray("PK\3\4\24\0\6\0", 8), "spreadsheet");
    row("no names", "1,2,0\n3,4,1\n", "no_header");
    row("a first sample of numbers and a name", "5.4,3.8,early\n1,2,late\n3,4,early\n", "no_header",
        "1");
    row("a first sample, one of whose numbers is missing", "\n5.4,NA,early\n1,2,late\n",
        "no_header", "2");
    row("a first sample whose label comes first", "early,5.4,3.8\nlate,1,2\nearly,2,3\n",
        "no_header", "1");
    row("a first sample, quoted", "\"5.4\",\"3.8\",early\n1,2,late\n", "no_header", "1");
    row("numbers for names", "0,1,label\n1,2,a\n3,4,b\n", "no_header", "1");
    row("a column of row numbers", ",x,label\n0,1,a\n1,2,b\n", "nameless", "1");
    row("a last column without a name", "x,y,\n0,1,a\n1,2,b\n", "nameless", "1");
    row("a name of spaces", "x,\"  \",label\n0,1,a\n1,2,b\n", "nameless", "1");
    row("two labels", "label,x,Label\na,1,a\nb,2,b\n", "two_labels", "1");
    row("missing field", "x,y,label\n1,2,a\n1,b\n", "ragged", "3");
    row("a field too many", "x,y,label\n1,2,a\n\n1,2,3,b\n", "ragged", "4");
    row("text", "x,label\n1,a\n2,b\nthree,a\n", "not_a_number", "4");
    row("number with a tail", "x,label\n1,a\n2kg,b\n", "not_a_number", "3");
    row("no number", "x,label\n1,a\n,b\n", "not_a_number", "3");
    row("NaN", "x,label\n1,a\nnan,b\n", "not_finite", "3");
    row("infinity", "x,label\ninf,a\n1,b\n", "not_finite", "2");
    row("beyond float", "x,label\n1e300,a\n1,b\n", "not_finite", "2");
    row("beyond double", "x,label\n1e999,a\n1,b\n", "not_finite", "2");
    row("no label", "x,label\n1,a\n2,\n", "no_label", "3");
    for (const char* spelled : {"nan", "NaN", "NA", "na", "<NA>", "null", "NULL", "None", "none",
                                "N/A", "n/a", "#N/A", "?", "\" \"", "\"Nan\""})
      row(spelled, QByteArray("x,label\r1,a\r2,") + spelled + "\r3,b\r", "missing_label", "3");
    row("one class", "x,label\n1,a\n2,a\n", "one_class");
    row("open quote", "x,label\n1,a\n2,\"b\n3,c\n", "open_quote", "3");
    row("UTF-16, little end first", QByteArray("\xff\xfex\0,\0y\0", 8), "utf16");
    row("UTF-16, big end first", QByteArray("\xfe\xff\0x\0,\0y", 8), "utf16");
    row("UTF-16 without a mark", QByteArray("x\0,\0l\0\n\0", 8), "encoding", "1");
    row("Latin-1, old Mac line ends", "x,label\r1,a\r2,gr\xfcn\r", "encoding", "3");
    row("open quote, old Mac line ends", "x,label\r1,a\r2,\"b\r3,c\r", "open_quote", "3");
    row("Latin-1", "x,label\n1,a\n2,gr\xfcn\n", "encoding", "3");
    row("cut-off character", "x,label\n1,a\n2,\xe7\x8c", "encoding", "3");
    QByteArray continuous = "x,y\n";
    for (int i = 0; i < 200; ++i) continuous += "1," + QByteArray::number(i * 0.37) + "\n";
    row("a measurement for a label", continuous, "too_many_classes");
  }
  void aBadFileIsRefusedWithWhatIsWrong() {
    QFETCH(QByteArray, content);
    QFETCH(QString, what);
    QFETCH(QString, line);
    const Message message = fakes::refusalOf<FileError>([&] { read(content); });
    QCOMPARE(QString::fromStdString(message.key), "error.csv." + what);
    QCOMPARE(QString::fromStdString(fakes::argumentOf(message, "file")),
             QString::fromStdString(path()));
    if (!line.isEmpty()) QCOMPARE(QString::fromStdString(fakes::argumentOf(message, "line")), line);
    for (Language language : {Language::English, Language::Chinese}) {
      const std::string sentence = Words::in(language)(message);
      QVERIFY2(sentence != message.key && sentence.find('{') == std::string::npos,
               sentence.c_str());
    }
  }

  void aFileThatIsNotThereIsNamed() {
    const Message missing = fakes::refusalOf<FileError>([&] { readCsv(path("nothing.csv")); });
    QCOMPARE(missing.key, std::string("error.csv.missing"));
    const Message a_folder =
        fakes::refusalOf<FileError>([&] { readCsv(folder_.path().toStdString()); });
    QCOMPARE(a_folder.key, std::string("error.csv.not_a_file"));
  }

  void aHugeFileIsRefusedByItsSize() {
    QFile file(folder_.filePath("huge.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(
        file.resize(qint64(1) << 30));  // a hole: takes no space, and would take seconds to read
    const Message message = fakes::refusalOf<FileError>([&] { readCsv(path("huge.csv")); });
    QCOMPARE(message.key, std::string("error.csv.too_large"));
    QCOMPARE(fakes::argumentOf(message, "megabytes"), std::string("1024"));
  }
};

QTEST_GUILESS_MAIN(CsvTest)
#include "csv_test.moc"
