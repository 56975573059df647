// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong requests: exit status 2, one line that names what was wrong and what is allowed, and
// nothing written.
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/program.h"

namespace viva {

class RefusalsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void wrongRequestsAreOneLineThatNamesWhatIsAllowed_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArrayList>("named");
    const auto add = [](const char* name, const QString& line, const QByteArrayList& named) {
      QTest::newRow(name) << line.split(' ') << named;
    };
    add("unknown command", "rnu fake-descent", {"rnu", "run"});
    add("unknown experiment", "run fake-decsent",
        {"fake-decsent", "did you mean fake-descent", "fake-stopper"});
    add("no experiment", "run", {"fake-descent", "fake-stopper"});
    add("two experiments", "run fake-descent fake-stopper", {"fake-stopper"});
    add("unknown experiment to describe", "describe nothing", {"nothing", "fake-descent"});
    add("unknown option", "run fake-descent --sead 3",
        {"--sead", "did you mean --seed", "--steps"});
    add("unknown option of list", "list --jsn", {"--jsn", "did you mean --json"});
    add("unknown window option", "--lessen x", {"--lessen", "did you mean --lesson"});
    add("option without a value", "run fake-descent --seed", {"--seed"});
    add("option swallowing another", "run fake-descent --out --force", {"--out"});
    add("unknown parameter", "run fake-descent --set rat=1", {"rat", "did you mean rate", "shape"});
    add("set without value", "run fake-descent --set rate", {"--set", "rate", "NAME=VALUE"});
    add("set without name", "run fake-descent --set =1", {"--set", "NAME=VALUE"});
    add("text for a number", "run fake-descent --set rate=fast", {"rate", "fast"});
    add("number with a tail", "run fake-descent --set rate=0.1x", {"rate", "0.1x"});
    add("empty number", "run fake-descent --set rate=", {"rate"});
    add("out of range", "run fake-descent --set rate=3", {"rate", "3", "1e-06", "2"});
    add("nan", "run fake-descent --set rate=nan", {"rate", "nan"});
    add("infinity", "run fake-descent --set rate=inf", {"rate", "inf"});
    add("fraction for an integer", "run fake-descent --set extra=1.5", {"extra", "1.5"});
    add("toggle", "run fake-descent --set noisy=yes", {"noisy", "yes", "true", "false"});
    add("choice", "run fake-descent --set shape=sadle",
        {"shape", "sadle", "bowl, saddle, plateau", "did you mean saddle"});
    add("point", "run fake-descent --set start=1", {"start", "1.5,-2"});
    add("infinite point", "run fake-descent --set start=1,inf", {"start", "inf"});
    add("distribution", "run fake-descent --set weights=0.5,0.6", {"weights", "1.1"});
    add("negative probability", "run fake-descent --set weights=1.5,-0.5", {"weights", "-0.5"});
    add("points", "run fake-descent --set drawn=1,2,x", {"drawn"});
    add("validate", "run fake-descent --set note=invalid", {"fake.invalid"});
    add("unknown preset", "run fake-descent --preset hlaf",
        {"hlaf", "did you mean half", "as-it-is"});
    add("seed", "run fake-descent --seed -1", {"--seed", "-1", "0", "18446744073709551615"});
    add("steps", "run fake-descent --steps many", {"--steps", "many"});
    add("negative steps", "run fake-descent --steps -5", {"--steps", "-5", "0"});
    add("threads", "run fake-descent --threads 0", {"--threads", "0", "1"});
    add("every", "run fake-descent --every 0", {"--every", "0"});
    add("device", "run fake-descent --device tpu", {"device"});
    add("language", "run fake-descent --lang fr", {"--lang", "fr", "en, zh_CN"});
    add("theme", "run fake-descent --theme system", {"--theme", "system", "light, dark"});
    add("window theme", "--theme blue", {"--theme", "blue", "light, dark, system"});
    add("size", "run fake-descent --size 100", {"--size", "100"});
    add("empty size", "run fake-descent --size 0x0", {"--size", "0x0"});
    add("scale", "run fake-descent --scale 0", {"--scale", "0"});
    add("change without step", "run fake-descent --at rate=1", {"--at", "STEP:NAME=VALUE"});
    add("change of a restart parameter", "run fake-descent --at 5:extra=1", {"extra"});
    add("change of an unknown parameter", "run fake-descent --at 5:rte=1",
        {"rte", "did you mean rate"});
    add("change out of range", "run fake-descent --at 5:rate=9", {"rate", "9", "2"});
    add("change after the end", "run fake-descent --steps 4 --at 5:rate=1", {"5", "4"});
    add("negative change", "run fake-descent --at -1:rate=1", {"--at", "STEP:NAME=VALUE"});
    add("unknown export", "run fake-descent --out D --export cvs",
        {"cvs", "did you mean csv", "json"});
    add("no export", "run fake-descent --out D --export ,", {"csv"});
    add("unknown view", "run fake-descent --out D --export png --views plain",
        {"plain", "did you mean plane", "curves"});
    add("frames a second", "run fake-descent --fps 0", {"--fps", "0", "1", "60"});
    add("export without a folder", "run fake-descent --export json", {"--out"});
    add("window option before a command", "--play run fake-descent", {"--play", "run"});
    add("nothing to replay", "replay", {"FILE.viva"});
  }
  void wrongRequestsAreOneLineThatNamesWhatIsAllowed() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArrayList, named);
    const QTemporaryDir folder;
    arguments.replaceInStrings(QRegularExpression("^D$"), folder.filePath("out"));
    const Outcome outcome = Program().run(arguments);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.isOneLine(), outcome.errors);
    QCOMPARE(outcome.output, QByteArray());
    for (const QByteArray& name : named)
      QVERIFY2(outcome.errors.contains(name), outcome.errors + " should name " + name);
    QVERIFY(filesIn(folder.path()).isEmpty());
  }

  void aWrongRequestIsRefusedInChineseToo() {
    Program program;
    program.set("LC_ALL", "zh_CN.UTF-8");
    const Outcome outcome = program.run({"run", "fake-decsent"});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.errors.contains("是不是想写 fake-descent"), outcome.errors);
    const Outcome english = program.run({"run", "fake-decsent", "--lang", "en"});
    QVERIFY2(english.errors.contains("did you mean"), english.errors);
  }

  void theEnvironmentChoosesTheLanguageInTheUsualOrder() {
    Program program;
    program.unset("LC_ALL");
    program.set("LANG", "zh_CN.UTF-8");
    QVERIFY(program.run({"run", "fake-decsent"}).errors.contains("是不是"));
    program.set("LC_MESSAGES", "en_GB.UTF-8");
    QVERIFY(program.run({"run", "fake-decsent"}).errors.contains("did you mean"));
  }

  void aMissingOrBrokenLessonsLibraryIsOneLine() {
    Program program;
    program.set("VIVA_LESSONS_LIBRARY", "/nowhere/libviva_lessons.so");
    const Outcome missing = program.run({"list"});
    QCOMPARE(missing.status, 1);
    QVERIFY2(missing.isOneLine() && missing.errors.contains("/nowhere"), missing.errors);
    program.set("VIVA_LESSONS_LIBRARY", VIVA_BINARY_DIR "/libviva_core.so");
    const Outcome broken = program.run({"list"});
    QCOMPARE(broken.status, 1);
    QVERIFY2(broken.isOneLine() && broken.errors.contains("viva_catalog"), broken.errors);
  }

  void theWindowWithoutADisplayIsOneLine() {
    const Outcome outcome = Program().run({});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.isOneLine(), outcome.errors);
  }

  void aRunFileThatIsNotThereIsNamed() {
    const Outcome window = Program().run({"/nowhere/run.viva"});
    QCOMPARE(window.status, 3);
    QVERIFY2(window.isOneLine() && window.errors.contains("/nowhere/run.viva"), window.errors);
  }

  void helpAndVersionGoToStandardOutput() {
    for (const QStringList& arguments : {QStringList{"--help"},
                                         {"run", "--help"},
                                         {"replay", "-h"},
                                         {"list", "--help"},
                                         {"describe", "--help"},
                                         {"--version"}}) {
      const Outcome outcome = Program().run(arguments);
      QCOMPARE(outcome.status, 0);
      QCOMPARE(outcome.errors, QByteArray());
      QVERIFY(outcome.output.contains("viva"));
    }
    const QByteArray help = Program().run({"run", "--help"}).output;
    for (const char* option :
         {"--preset", "--set",     "--at",          "--seed", "--steps", "--device", "--threads",
          "--every",  "--out",     "--export",      "--size", "--scale", "--theme",  "--views",
          "--fps",    "--no-loop", "--no-metadata", "--lang", "--force", "--quiet"})
      QVERIFY2(help.contains(option), option);
    for (const QByteArray& line : help.split('\n')) QVERIFY2(line.size() <= 110, line);
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::RefusalsTest)
#include "refusals_test.moc"
