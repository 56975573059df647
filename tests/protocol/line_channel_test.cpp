// SPDX-License-Identifier: GPL-3.0-or-later
// One message a line, through real pipes.
#include "protocol/line_channel.h"

#include <unistd.h>

#include <QTest>
#include <csignal>
#include <thread>

namespace viva {

class LineChannelTest : public QObject {
  Q_OBJECT

 private:
  struct Pipe {
    int ends[2];
    Pipe() { [[maybe_unused]] const int ignored = ::pipe(ends); }
    ~Pipe() {
      closeReader();
      closeWriter();
    }
    void closeReader() { close(ends[0]); }
    void closeWriter() { close(ends[1]); }
    void write(const std::string& text) const {
      QCOMPARE(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }

   private:
    static void close(int& end) {
      if (end >= 0) ::close(end);
      end = -1;
    }
  };

 private Q_SLOTS:
  void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }

  void linesAreReadWhateverPiecesTheyComeIn() {
    Pipe pipe;
    LineReader reader(pipe.ends[0], 100);
    pipe.write("one\ntw");
    QCOMPARE(reader.next()->text, std::string("one"));
    pipe.write("o\n\nthree");
    QCOMPARE(reader.next()->text, std::string("two"));
    QCOMPARE(reader.next()->text, std::string());
    pipe.closeWriter();
    QCOMPARE(reader.next()->text, std::string("three"));
    QVERIFY(!reader.next());
    QVERIFY(!reader.next());
  }

  void aLineThatIsTooLongGoesByAndTheNextOneIsRead() {
    Pipe pipe;
    LineReader reader(pipe.ends[0], 10);
    std::thread writer([&] {
      pipe.write(std::string(500'000, 'x') + "\n" + std::string(10, 'y') + "\n" +
                 std::string(11, 'z') + "\nend\n" + std::string(20, 'w'));
      pipe.closeWriter();
    });
    const auto expect = [&](bool too_long, const std::string& text) {
      const auto line = reader.next();
      QVERIFY(line);
      QCOMPARE(line->too_long, too_long);
      QCOMPARE(line->text, text);
    };
    expect(true, "");
    expect(false, std::string(10, 'y'));
    expect(true, "");
    expect(false, "end");
    expect(true, "");
    QVERIFY(!reader.next());
    writer.join();
  }

  void halfAMessageAndSilenceCanBeEnded() {
    Pipe pipe;
    LineReader reader(pipe.ends[0], 100);
    pipe.write("{\"half\":");
    std::thread other([&] { reader.stop(); });
    QVERIFY(!reader.next());
    other.join();
  }

  void linesAreWrittenWholeByManyThreads() {
    Pipe pipe;
    LineWriter writer(pipe.ends[1]);
    std::vector<std::thread> threads;
    for (const char letter : {'a', 'b', 'c'})
      threads.emplace_back([&writer, letter] {
        for (int i = 0; i < 20; ++i) writer.write(std::string(30'000, letter));
      });
    LineReader reader(pipe.ends[0], 100'000);
    for (int i = 0; i < 60; ++i) {
      const auto line = reader.next();
      QVERIFY(line && line->text.size() == 30'000);
      QCOMPARE(line->text.find_first_not_of(line->text.front()), std::string::npos);
    }
    for (std::thread& thread : threads) thread.join();
  }

  void aReaderThatIsGoneIsNoticed() {
    Pipe pipe;
    LineWriter writer(pipe.ends[1]);
    QVERIFY(writer.write("heard"));
    pipe.closeReader();
    QVERIFY(!writer.write("not heard"));
    QVERIFY(writer.isBroken());
  }

  /// Its client closed our input and takes nothing: the end is not waited for for ever.
  void aReaderThatTakesNothingDoesNotHoldUpTheEnd() {
    Pipe pipe;
    LineWriter writer(pipe.ends[1]);
    writer.finish();
    QVERIFY(!writer.write(std::string(1'000'000, 'x')));
    QVERIFY(writer.isBroken());
  }

  void nobodyWaitsForAReaderWhoseOtherEndIsClosed() {
    Pipe output, input;
    input.closeWriter();
    LineWriter writer(output.ends[1], input.ends[0]);
    QVERIFY(!writer.write(std::string(1'000'000, 'x')));
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::LineChannelTest)
#include "line_channel_test.moc"
