// SPDX-License-Identifier: GPL-3.0-or-later
// JSON-RPC 2.0, section by section of its specification, and base64 by the vectors of RFC 4648.
#include "protocol/json_rpc.h"

#include <QTest>

namespace viva {

class JsonRpcTest : public QObject {
  Q_OBJECT

 private:
  /// The code with which `text` is refused; 0 for none.
  static int codeOf(const std::string& text, const MessageLimits& limits = {}) {
    try {
      messageOf(parseJson(text, limits));
    } catch (const RpcError& error) {
      return error.code();
    }
    return 0;
  }

 private Q_SLOTS:
  void requestsNotificationsAndResponsesAreToldApart() {
    using Kind = RpcMessage::Kind;
    const auto kind = [](const char* text) { return messageOf(parseJson(text)).kind; };
    QVERIFY(kind(R"({"jsonrpc":"2.0","id":1,"method":"m"})") == Kind::Request);
    QVERIFY(kind(R"({"jsonrpc":"2.0","id":"a","method":"m","params":{}})") == Kind::Request);
    QVERIFY(kind(R"({"jsonrpc":"2.0","method":"m"})") == Kind::Notification);
    QVERIFY(kind(R"({"jsonrpc":"2.0","id":1,"result":{}})") == Kind::Response);
  }

  void whatIsRefusedHasTheCodeOfTheSpecification_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("code");
    QTest::newRow("no JSON") << "{\"jsonrpc\": \"2.0\", \"method\"" << -32700;
    QTest::newRow("nothing") << "" << -32700;
    QTest::newRow("number too large") << R"({"jsonrpc":"2.0","id":1e999,"method":"m"})" << -32700;
    QTest::newRow("a number") << "1" << -32600;
    QTest::newRow("a batch") << R"([{"jsonrpc":"2.0","id":1,"method":"m"}])" << -32600;
    QTest::newRow("an empty object") << "{}" << -32600;
    QTest::newRow("another version") << R"({"jsonrpc":"1.0","id":1,"method":"m"})" << -32600;
    QTest::newRow("no version") << R"({"id":1,"method":"m"})" << -32600;
    QTest::newRow("method a number") << R"({"jsonrpc":"2.0","id":1,"method":1})" << -32600;
    QTest::newRow("id null") << R"({"jsonrpc":"2.0","id":null,"method":"m"})" << -32600;
    QTest::newRow("id a fraction") << R"({"jsonrpc":"2.0","id":1.5,"method":"m"})" << -32600;
    QTest::newRow("params a list")
        << R"({"jsonrpc":"2.0","id":1,"method":"m","params":[]})" << -32602;
  }
  void whatIsRefusedHasTheCodeOfTheSpecification() {
    QFETCH(QString, text);
    QFETCH(int, code);
    QCOMPARE(codeOf(text.toStdString()), code);
  }

  void brokenUtf8IsNoJson() {
    QCOMPARE(codeOf("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}"), -32700);
    QCOMPARE(codeOf("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xc0\xaf\"}"), -32700);  // overlong
    QCOMPARE(codeOf("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xed\xa0\x80\"}"), -32700);
  }

  void depthAndLengthAreLimited() {
    const auto nested = [](std::size_t depth) {
      return R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":)" + std::string(depth, '[') +
             std::string(depth, ']') + "}}";
    };
    QCOMPARE(codeOf(nested(62)), 0);
    QCOMPARE(codeOf(nested(63)), -32700);
    QCOMPARE(codeOf(nested(400'000)), -32700);
    QCOMPARE(codeOf(std::string((1u << 20) + 1, ' ')), -32700);
    // Brackets in texts are no depth.
    QCOMPARE(codeOf(R"({"jsonrpc":"2.0","id":1,"method":"\")" + std::string(500, '{') + "\"}"), 0);
  }

  void anObjectOfManyKeysIsReadInATimeThatNobodyNotices() {
    std::string text = R"({"jsonrpc":"2.0","id":1,"method":"m","params":{)";
    for (int i = 0; i < 80'000; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    QCOMPARE(messageOf(parseJson(text + "}}")).params.size(), std::size_t{80'000});
  }

  void messagesAreOneLineInTheUsualOrder() {
    QCOMPARE(textOf(resultMessage(3, {{"text", "two\nlines"}})),
             std::string(R"({"jsonrpc":"2.0","id":3,"result":{"text":"two\nlines"}})"));
    QCOMPARE(textOf(errorMessage("a", {-32601, "Method not found", {{"x", 1}}})),
             std::string(R"({"jsonrpc":"2.0","id":"a","error":{"code":-32601,)"
                         R"("message":"Method not found","data":{"x":1}}})"));
    QCOMPARE(textOf(errorMessage(nullptr, {-32700, "Parse error"})),
             std::string(R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"}})"));
  }

  void base64IsThatOfRfc4648() {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) QCOMPARE(base64(bytes), std::string(text));
    QCOMPARE(base64("\xfb\xff"), std::string("+/8="));
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::JsonRpcTest)
#include "json_rpc_test.moc"
