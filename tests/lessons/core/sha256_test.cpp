// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/sha256.h"

#include <QCryptographicHash>
#include <QTest>

using viva::Sha256;

namespace {

QByteArray hexOf(const QByteArray& bytes, qsizetype piece) {
  Sha256 hash;
  for (qsizetype at = 0; at < bytes.size(); at += piece) {
    const QByteArray part = bytes.mid(at, piece);
    hash.update(std::as_bytes(std::span(part.constData(), static_cast<std::size_t>(part.size()))));
  }
  return QByteArray::fromStdString(hash.hex());
}

}  // namespace

class Sha256Test : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  // FIPS 180-4's examples.
  void standardVectors_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("digest");
    QTest::newRow("empty")
        << QByteArray()
        << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QTest::newRow("one block")
        << QByteArray("abc")
        << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QTest::newRow("two blocks")
        << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    QTest::newRow("a million letters")
        << QByteArray(1000000, 'a')
        << QByteArray("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }
  void standardVectors() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, digest);
    QCOMPARE(hexOf(text, std::max<qsizetype>(text.size(), 1)), digest);
  }

  void everyLengthAroundTheBlocksAgreesWithQt() {
    QByteArray text;
    for (int length = 0; length <= 200; ++length) {
      const QByteArray expected =
          QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
      for (const int piece : {1, 7, 63, 64, 65, 200}) QCOMPARE(hexOf(text, piece), expected);
      text.append(static_cast<char>(length * 37));
    }
  }
};

QTEST_APPLESS_MAIN(Sha256Test)
#include "sha256_test.moc"
