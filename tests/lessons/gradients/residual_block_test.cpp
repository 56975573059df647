// SPDX-License-Identifier: GPL-3.0-or-later
// The residual block that the notes of vanishing-gradients show is run as it stands there.
#include <QRegularExpression>
#include <QTest>

#include "tests/lessons/notes_code.h"

using namespace viva::tests;

namespace {

QString english() { return codeInNotes("vanishing-gradients", "en"); }

QString withoutComments(QString code) {
  static const QRegularExpression comment(" *#[^\n]*");
  static const QRegularExpression blank_lines("\n+");
  return code.remove(comment).replace(blank_lines, "\n").trimmed();
}

/// What `checks` prints after the block of the notes.
std::vector<std::vector<double>> printed(const QString& checks) {
  const QString begin = "import torch\ntorch.manual_seed(1)\n";
  return numbersIn(runPython({"-c", begin + english() + checks}).lines);
}

}  // namespace

class ResidualBlockTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void bothLanguagesShowTheSameBlock() {
    QVERIFY(english().contains("class Block"));
    QCOMPARE(withoutComments(codeInNotes("vanishing-gradients", "zh_CN")),
             withoutComments(english()));
  }

  /// Of torchvision's resnet18: layer1.0 and layer2.0.
  void itHasTheParametersOfResNet18() {
    const auto rows = printed(
        "for block in (Block(64, 64), Block(64, 128, 2)):\n"
        "    print(sum(p.numel() for p in block.parameters()))\n"
        "print(*Block(64, 128, 2)(torch.randn(2, 64, 16, 16)).shape, sep=',')\n");
    QCOMPARE(rows.size(), std::size_t(3));
    QCOMPARE(rows[0].front(), 73984.0);
    QCOMPARE(rows[1].front(), 230144.0);
    QCOMPARE(rows[2], (std::vector<double>{2, 128, 8, 8}));
  }

  /// Ten copied blocks raise the mean by 10 / sqrt(2 pi) = 3.99; ResNet's branch has mean zero.
  void itsBranchHasMeanZeroAndTheCopiedOneOnlyAdds() {
    const auto rows = printed(
        "x = torch.randn(64, 16, 12, 12)\n"
        "block = Block(16, 16)\n"
        "branch = block.bn2(block.conv2(F.relu(block.bn1(block.conv1(x)))))\n"
        "print(branch.mean().item(), block(x).min().item(), sep=',')\n"
        "copied = x\n"
        "for _ in range(10):\n"
        "    conv, bn = nn.Conv2d(16, 16, 3, padding=1), nn.BatchNorm2d(16)\n"
        "    nn.init.kaiming_normal_(conv.weight)\n"
        "    copied = copied + F.relu(bn(conv(copied)))\n"
        "print(copied.mean().item())\n");
    QCOMPARE(rows.size(), std::size_t(2));
    QVERIFY(std::abs(rows[0][0]) < 1e-5);
    QVERIFY(rows[0][1] >= 0);
    QVERIFY2(std::abs(rows[1].front() - 3.989) < 0.15,
             qPrintable(QString::number(rows[1].front())));
  }
};

QTEST_GUILESS_MAIN(ResidualBlockTest)
#include "residual_block_test.moc"
