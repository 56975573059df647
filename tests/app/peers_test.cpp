// SPDX-License-Identifier: GPL-3.0-or-later
// Viva and the field's own programs, from npm: the clients of the MCP and A2A SDKs, the MCP
// inspector's command line. Skipped, and it says why, where Node is missing or too old or npm
// reaches nothing.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QStandardPaths>
#include <QTest>
#include <cmath>

#include "tests/app/program.h"

namespace viva {

class PeersTest : public QObject {
  Q_OBJECT

 private:
  const QString node_ = QStandardPaths::findExecutable("node");
  const QDir peers_{QStringLiteral(VIVA_SOURCE_DIR "/tests/peers")};
  const QDir work_{QStringLiteral(VIVA_BINARY_DIR "/../tests/peers")};

  static Outcome ran(const QString& program, const QStringList& arguments, const QDir& folder,
                     int patience = 300'000) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
      environment.remove(name);
    environment.insert("LC_ALL", "C.UTF-8");
    environment.insert("VIVA_LESSONS_LIBRARY", VIVA_FAKE_LESSONS);
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder.path());
    process.start(program, arguments);
    Outcome outcome;
    if (!process.waitForFinished(patience)) process.kill();
    process.waitForFinished(5000);
    outcome.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    outcome.output = process.readAllStandardOutput();
    outcome.errors = process.readAllStandardError();
    return outcome;
  }
  int nodeVersion() const {
    const QByteArray version = ran(node_, {"--version"}, QDir::temp()).output;  // v20.20.2
    return version.mid(1, version.indexOf('.') - 1).toInt();
  }
  /// Why a peer that wants at least this Node cannot be asked; empty where it can.
  QString missing(int least) const {
    if (node_.isEmpty()) return "node is not installed";
    if (nodeVersion() < least)
      return QString("Node %1 is too old: %2 is wanted").arg(nodeVersion()).arg(least);
    return installed();
  }
  /// Why the packages are not there; they are brought once for each package-lock.json.
  QString installed() const {
    if (QStandardPaths::findExecutable("npm").isEmpty()) return "npm is not installed";
    work_.mkpath(".");
    const auto copy = [&](const QString& name) {
      QFile::remove(work_.filePath(name));
      return QFile::copy(peers_.filePath(name), work_.filePath(name));
    };
    const QByteArray lock = contentOf(peers_.filePath("package-lock.json"));
    const bool same = contentOf(work_.filePath("package-lock.json")) == lock &&
                      work_.exists("node_modules/.package-lock.json");
    for (const QString& name : peers_.entryList(QDir::Files))
      if (!copy(name)) return "the programs cannot be copied to " + work_.path();
    if (same) return {};
    QFile::remove(work_.filePath("package-lock.json"));  // until they are there
    QDir(work_.filePath("node_modules")).removeRecursively();
    copy("package-lock.json");
    const Outcome outcome =
        ran("npm", {"ci", "--no-audit", "--no-fund", "--ignore-scripts"}, work_);
    if (outcome.status == 0) return {};
    return "npm brings no packages: " + QString::fromUtf8(outcome.errors).section('\n', 0, 0);
  }
  QJsonObject seen(const Outcome& outcome) const {
    if (outcome.status != 0) qWarning("%s", outcome.errors.constData());
    return QJsonDocument::fromJson(outcome.output).object();
  }
  static QString viva() { return QStringLiteral(VIVA_BINARY_DIR "/viva"); }

 private Q_SLOTS:
  void theMcpSdkRunsAnExperimentIsToldAndCancels() {
    if (const QString why = missing(18); !why.isEmpty()) QSKIP(qPrintable(why));
    const QJsonObject result = seen(ran(node_, {"mcp_client.mjs", viva(), "mcp"}, work_));
    QCOMPARE(result["server"].toString(), QString("viva"));
    QCOMPARE(result["tools"].toArray(), (QJsonArray{"list_lessons", "describe_experiment",
                                                    "run_experiment", "compare_runs", "search"}));
    QVERIFY(result["resources"].toInt() > 10);
    QCOMPARE(result["prompts"].toArray(), (QJsonArray{"quiz_me_on", "explain_this_run"}));
    QCOMPARE(result["run"]["status"].toString(), QString("completed"));
    QCOMPARE(result["run"]["steps"].toInt(), 20);
    // 2 * (3/4)^20
    QCOMPARE(result["run"]["final"]["a/x"].toDouble(), 2 * std::pow(0.75, 20));
    QCOMPARE(result["content"].toArray(), (QJsonArray{"text", "image image/png"}));
    const QJsonArray progress = result["progress"].toArray();
    QVERIFY(progress.size() >= 3);
    QCOMPARE(progress.last().toArray(), (QJsonArray{20, 20}));
    QCOMPARE(result["refused"]["isError"].toBool(), true);
    QVERIFY(result["refused"]["text"].toString().contains("fake-descent"));
    QCOMPARE(result["cancelled"].toBool(), true);
    QCOMPARE(result["after"].toInt(), 2);
    QVERIFY(result["notes"].toInt() > 1000);
  }

  /// The packages of the inspector are many; only where its Node is there are they brought.
  void theMcpInspectorListsAndCallsTheTools() {
    if (const QString why = missing(22); !why.isEmpty()) QSKIP(qPrintable(why));
    const auto inspector = [&](const QStringList& arguments) {
      return ran(
          "npx",
          QStringList{"--yes", "@modelcontextprotocol/inspector@2.12.0", "--cli", viva(), "mcp"} +
              arguments,
          work_);
    };
    const Outcome listed = inspector({"--method", "tools/list"});
    if (listed.status != 0 && listed.errors.contains("npm error")) QSKIP("npx brings no inspector");
    QVERIFY2(listed.output.contains("run_experiment"), listed.errors.constData());
    const Outcome called =
        inspector({"--method", "tools/call", "--tool-name", "run_experiment", "--tool-arg",
                   "experiment=fake-descent", "--tool-arg", "steps=3"});
    QVERIFY2(called.output.contains("completed"), called.errors.constData());
  }

  void theA2aSdkFetchesTheCardStreamsGetsAndCancels_data() {
    QTest::addColumn<QString>("version");
    QTest::newRow("1.0") << "1.0";
    QTest::newRow("0.3") << "0.3";
  }
  void theA2aSdkFetchesTheCardStreamsGetsAndCancels() {
    QFETCH(QString, version);
    if (const QString why = missing(20); !why.isEmpty()) QSKIP(qPrintable(why));
    const auto agent = Program().start({"a2a", "--port", "0"});
    QVERIFY(agent->canReadLine() || agent->waitForReadyRead(60000));
    const QString url = QString::fromUtf8(agent->readLine()).trimmed().section(' ', -1);
    QVERIFY2(url.startsWith("http://127.0.0.1:"), qPrintable(url));
    const QJsonObject result = seen(ran(node_, {"a2a_client.mjs", url, version}, work_));
    QCOMPARE(result["name"].toString(), QString("Viva"));
    QCOMPARE(result["skills"].toArray(), QJsonArray{"run-experiment"});
    const QJsonArray events = result["events"].toArray();
    QCOMPARE(events.first().toString(), QString("task TASK_STATE_SUBMITTED"));
    QCOMPARE(events.last().toString(), QString("statusUpdate TASK_STATE_COMPLETED"));
    QVERIFY(events.contains("artifactUpdate") &&
            events.contains("statusUpdate TASK_STATE_WORKING"));
    QCOMPARE(result["state"].toString(), QString("TASK_STATE_COMPLETED"));
    QCOMPARE(result["parts"].toArray(), (QJsonArray{"text", "data", "raw"}));
    QVERIFY(result["text"].toString().contains("40 steps"));
    QCOMPARE(result["result"]["steps"].toInt(), 40);
    QCOMPARE(result["picture"].toString(), QString("PNG"));
    QCOMPARE(result["cancelled"].toString(), QString("TASK_STATE_CANCELED"));
    QVERIFY(result["again"].toString().contains("NotCancelable"));
    agent->closeWriteChannel();
    QCOMPARE(Program::finish(*agent).status, 0);
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::PeersTest)
#include "peers_test.moc"
