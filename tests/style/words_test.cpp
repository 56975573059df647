// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of words: complete, equal in both languages, and used with the keys they have.
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/style/han.h"
#include "tests/style/project_files.h"

using namespace viva::project;

namespace {

using Table = QMap<QString, QString>;

/// Proper names and terms that Chinese texts write in Latin letters too.
const QStringList kSameInBothLanguages =
    QString::fromUtf8(
        "GELU GRU He LSTM RNN Xavier float16 float32 leaky sigmoid tanh AdaBelief Adagrad "
        "Adam AdamW BERT BLAS BLIP Beale Booth CLIP CPU CUDA CSV GPU GIF GPL Himmelblau JSON "
        "LibTorch MLP Momentum PDF PNG Python PyTorch Qt RMSProp ReLU Rastrigin "
        "LoRA DyLoRA AdaLoRA QLoRA QA-LoRA VeRA P-Tuning v2 alpha "
        "Rosenbrock SGD SVG Viva WebP C++ English f x y A B N c Transformer LayerNorm "
        "pre-LN post-LN RoPE ALiBi q k v Q K V out LeNet-5 VGG-11 VGG-16 GoogLeNet "
        "ResNet-18 ResNet-34 ResNet-50 DenseNet-121 MobileNetV1 MobileNetV2 EfficientNet "
        "ViT-B/16 ViT CNN L1 IoU GIoU DIoU CIoU σ VOC COCO AP "
        "LeNet Grad-CAM mAP ODIN AUROC FPR95 MC dropout DDPM DDIM Euler Heun w")
        .split(' ');

/// Rooms whose words the sources of a lesson ask for by their whole key, never by an id that
/// another lesson may have too.
const QStringList kAskedForWhole = {"axis", "cell", "error", "stack", "tensor", "word"};

/// The lesson of each experiment.
QMap<QString, QString> lessonsOfExperiments() {
  QMap<QString, QString> lesson_of;
  for (const auto& lesson :
       nlohmann::json::parse(contentOf("resources/lessons.json").toStdString()))
    for (const auto& experiment : lesson["experiments"])
      lesson_of.insert(QString::fromStdString(experiment.get<std::string>()),
                       QString::fromStdString(lesson["id"].get<std::string>()));
  return lesson_of;
}

QStringList tableFiles(const QString& code) {
  return filesIn("resources", {"*." + code + ".json"});
}

/// Reads a flat object of texts; `problem` says what is wrong with it.
Table read(const QString& file, QString& problem) {
  Table table;
  QSet<QString> seen;
  const auto watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& value) {
    if (event != nlohmann::json::parse_event_t::key || depth != 1) return true;
    const QString key = QString::fromStdString(value.get<std::string>());
    if (seen.contains(key)) problem = file + ": " + key + " stands there twice";
    seen.insert(key);
    return true;
  };
  try {
    const auto json = nlohmann::json::parse(contentOf(file).toStdString(), watch);
    if (!json.is_object()) problem = file + " is not an object";
    for (const auto& [key, text] : json.items()) {
      if (!text.is_string() || text.get<std::string>().empty())
        problem = file + ": " + key.c_str() + " is not a text";
      else
        table.insert(QString::fromStdString(key), QString::fromStdString(text.get<std::string>()));
    }
  } catch (const nlohmann::json::exception& error) {
    problem = file + ": " + error.what();
  }
  return table;
}

Table wholeTable(const QString& code) {
  Table table;
  QString problem;
  for (const QString& file : tableFiles(code)) table.insert(read(file, problem));
  return table;
}

const QRegularExpression& placeholder() {
  static const QRegularExpression pattern("\\{[a-z_0-9]+\\}");
  return pattern;
}

QSet<QString> placeholdersOf(const QString& text) {
  QSet<QString> names;
  for (auto all = placeholder().globalMatch(text); all.hasNext();)
    names.insert(all.next().captured());
  return names;
}

/// Whether anything is left to translate: not placeholders, proper names or commands to type.
bool hasProse(QString text) {
  text.remove(placeholder());
  static const QRegularExpression command("^ +viva .*$", QRegularExpression::MultilineOption);
  text.remove(command);
  static const QRegularExpression equation("[^=]+ = .*[·σ(].*= $");
  text.remove(equation);
  static const QRegularExpression same = [] {
    // The longest first: B alone would leave the rest of ViT-B/16.
    QStringList terms = kSameInBothLanguages;
    std::stable_sort(terms.begin(), terms.end(), [](const QString& one, const QString& other) {
      return one.size() > other.size();
    });
    for (QString& term : terms) term = QRegularExpression::escape(term);
    return QRegularExpression("(?<![A-Za-z])(?:" + terms.join('|') + ")(?![A-Za-z])");
  }();
  text.remove(same);
  return text.contains(QRegularExpression("[A-Za-z]"));
}

}  // namespace

class StyleWordsTest : public QObject {
  Q_OBJECT
  Table english_ = wholeTable("en");
  Table chinese_ = wholeTable("zh_CN");

 private Q_SLOTS:
  void everyTableIsAFlatObjectWithoutDoubles() {
    const QStringList files = tableFiles("en") + tableFiles("zh_CN");
    QVERIFY(files.size() >= 2);
    for (const QString& file : files) {
      QString problem;
      read(file, problem);
      QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
  }

  void everyTableHasATwinWithTheSameKeys() {
    QString problem;
    QCOMPARE(tableFiles("zh_CN").size(), tableFiles("en").size());
    for (const QString& file : tableFiles("en")) {
      QString twin = file;
      twin.replace(".en.json", ".zh_CN.json");
      const QStringList keys = read(file, problem).keys(), twin_keys = read(twin, problem).keys();
      for (const QString& key : keys)
        QVERIFY2(twin_keys.contains(key), qPrintable(twin + " lacks " + key));
      for (const QString& key : twin_keys)
        QVERIFY2(keys.contains(key), qPrintable(file + " lacks " + key));
    }
  }

  void noKeyStandsInTwoTables() {
    QMap<QString, QString> owner;
    QString problem;
    for (const QString& file : tableFiles("en"))
      for (const QString& key : read(file, problem).keys()) {
        QVERIFY2(!owner.contains(key), qPrintable(key + ": " + file + ", " + owner.value(key)));
        owner.insert(key, file);
      }
  }

  void placeholdersAreTheSameInBothLanguages() {
    for (auto word = english_.cbegin(); word != english_.cend(); ++word)
      QVERIFY2(placeholdersOf(word.value()) == placeholdersOf(chinese_.value(word.key())),
               qPrintable(word.key()));
  }

  void chineseIsNotEnglishLeftStanding() {
    for (auto word = english_.cbegin(); word != english_.cend(); ++word)
      if (chinese_.value(word.key()) == word.value())
        QVERIFY2(!hasProse(word.value()), qPrintable(word.key() + ": " + word.value()));
  }

  void englishHasNoChinese() {
    for (auto word = english_.cbegin(); word != english_.cend(); ++word)
      // Languages are named in themselves too.
      if (!word.key().startsWith("language.") && word.key() != "menu.language_zh_CN")
        QVERIFY2(!hasHan(word.value()), qPrintable(word.key()));
  }

  /// What stands without an experiment is said for every experiment that forgets its own word, so
  /// it must be right for all of them: resources/i18n/lessons.*.json.
  void wordsOfALessonBelongToItsExperiments() {
    const QMap<QString, QString> lesson_of = lessonsOfExperiments();
    QVERIFY(lesson_of.size() > 20);
    QStringList strays;
    QString problem;
    for (const QString& file : filesIn("resources/lessons", {"words*.json"})) {
      const QString lesson = file.section('/', 2, 2);
      for (const QString& key : read(file, problem).keys()) {
        const QString room = key.section('.', 0, 0);
        if (lesson_of.value(room) != lesson && key != "lesson." + lesson &&
            key != "lesson_question." + lesson && !kAskedForWhole.contains(room))
          strays.append(file + ": " + key);
      }
    }
    QVERIFY2(strays.isEmpty(), qPrintable(strays.join("\n  ")));
  }

  /// Home asks it on the lesson's card.
  void everyLessonAsksOneQuestion() {
    const QMap<QString, QString> lesson_of = lessonsOfExperiments();
    for (const QString& lesson : QSet<QString>(lesson_of.cbegin(), lesson_of.cend())) {
      const QString key = "lesson_question." + lesson;
      QVERIFY2(english_.value(key).count('?') == 1, qPrintable(key));
      QVERIFY2(chinese_.value(key).contains(QStringLiteral("？")), qPrintable(key));
      QVERIFY2(english_.value(key).size() <= 80, qPrintable(key));
    }
  }

  /// An axis, an error: the sources name the whole key, and those of one topic only.
  void aWholeKeyOfALessonIsNamedByOneTopic() {
    QMap<QString, QSet<QString>> topics;
    static const QRegularExpression literal("\"([a-z]+\\.[A-Za-z0-9_\\-.]+)\"");
    for (const QString& file : filesIn("lessons", {"*.cpp", "*.h"}))
      for (auto all = literal.globalMatch(QString::fromUtf8(contentOf(file))); all.hasNext();)
        topics[all.next().captured(1)].insert(file.section('/', 1, 1));
    QStringList strays;
    QString problem;
    for (const QString& file : filesIn("resources/lessons", {"words*.en.json"}))
      for (const QString& key : read(file, problem).keys())
        if (kAskedForWhole.contains(key.section('.', 0, 0)) && topics.value(key).size() > 1)
          strays.append(file + ": " + key);
    QVERIFY2(strays.isEmpty(), qPrintable(strays.join("\n  ")));
  }

  void noExperimentRepeatsASharedWord() {
    const QMap<QString, QString> lesson_of = lessonsOfExperiments();
    QStringList repeated;
    for (auto word = english_.cbegin(); word != english_.cend(); ++word) {
      const QString common = word.key().section('.', 1);
      if (lesson_of.contains(word.key().section('.', 0, 0)) &&
          english_.value(common) == word.value() &&
          chinese_.value(common) == chinese_.value(word.key()))
        repeated.append(word.key());
    }
    QVERIFY2(repeated.isEmpty(), qPrintable(repeated.join("\n  ")));
  }

  /// A literal that looks like a key of a known room is one, or is the beginning of one.
  void everyKeyInTheSourcesExists() {
    QSet<QString> rooms;
    for (const QString& key : english_.keys()) rooms.insert(key.section('.', 0, 0));
    static const QRegularExpression literal("\"([a-z][a-z0-9_]*)(\\.[A-Za-z0-9_\\-/]+)+[._]?\"");
    static const QRegularExpression file_name(
        "\\.(json|csv|viva|png|svg|pdf|pt|pkl|md|py|txt|tsv|db|viva-plan)\"$");
    int found = 0;
    QStringList unknown;
    for (const QString& file : filesIn({"app", "widgets", "lessons"}, {"*.cpp", "*.h"}))
      for (const QByteArray& raw : contentOf(file).split('\n')) {
        const QString line = QString::fromUtf8(raw);
        if (line.startsWith("#include")) continue;
        for (auto all = literal.globalMatch(line); all.hasNext();) {
          const QRegularExpressionMatch match = all.next();
          if (!rooms.contains(match.captured(1)) || file_name.match(match.captured()).hasMatch())
            continue;
          const QString key = match.captured().mid(1, match.capturedLength() - 2);
          ++found;
          if (english_.contains(key)) continue;
          // The rest of the key is put together at run time.
          const bool begins = key.endsWith('.') || key.endsWith('_') || key.endsWith('-');
          const QString beginning = begins ? key : key + '.';
          const auto next = english_.lowerBound(beginning);
          if (next == english_.cend() || !next.key().startsWith(beginning))
            unknown.append(file + ": " + key);
        }
      }
    QVERIFY(found > 20);
    QVERIFY2(unknown.isEmpty(), qPrintable(unknown.join("\n  ")));
  }
};

QTEST_APPLESS_MAIN(StyleWordsTest)
#include "words_test.moc"
