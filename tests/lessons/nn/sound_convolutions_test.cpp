// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions as the lessons have them, in float32 against float64: oneDNN of Debian 13 has wrong
// gradients with few channels.
#include "lessons/nn/sound_convolutions.h"

#include <torch/autograd.h>
#include <torch/types.h>

#include <QTest>

using namespace viva;

class SoundConvolutionsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void outputsAndGradientsAreThoseOfFloat64_data() {
    QTest::addColumn<std::vector<std::int64_t>>("input");
    QTest::addColumn<std::vector<std::int64_t>>("kernel");
    QTest::addColumn<int>("stride");
    QTest::addColumn<int>("padding");
    QTest::addColumn<int>("groups");
    using Size = std::vector<std::int64_t>;
    const auto row = [](const char* name, const Size& input, const Size& kernel, int stride,
                        int padding, int groups = 1) {
      QTest::newRow(name) << input << kernel << stride << padding << groups;
    };
    row("a backbone's 3x3", {64, 4, 12, 12}, {4, 4, 3, 3}, 1, 1);
    row("with a stride", {64, 8, 12, 12}, {12, 8, 3, 3}, 2, 1);
    row("of a pixel", {64, 8, 12, 12}, {16, 8, 1, 1}, 1, 0);
    row("depthwise", {64, 8, 12, 12}, {8, 1, 3, 3}, 1, 1, 8);
    row("LeNet's first", {32, 1, 28, 28}, {6, 1, 5, 5}, 1, 2);
    row("LeNet's second", {32, 6, 14, 14}, {16, 6, 5, 5}, 1, 0);
    row("a detector's colours", {8, 3, 48, 48}, {16, 3, 3, 3}, 2, 1);
    row("twenty channels", {64, 20, 12, 12}, {20, 20, 3, 3}, 1, 1);
    row("one image", {1, 4, 12, 12}, {4, 4, 3, 3}, 1, 1);
    row("a GAN's critic", {64, 1, 16, 16}, {16, 1, 4, 4}, 2, 1);
  }
  void outputsAndGradientsAreThoseOfFloat64() {
    QFETCH(const std::vector<std::int64_t>, input);
    QFETCH(const std::vector<std::int64_t>, kernel);
    QFETCH(const int, stride);
    QFETCH(const int, padding);
    QFETCH(const int, groups);
    useSoundConvolutions();
    torch::manual_seed(1);
    const auto images = torch::randn(input), weights = torch::randn(kernel);
    torch::Tensor upstream;
    for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
      std::vector<std::vector<torch::Tensor>> found;
      for (const auto type : {torch::kDouble, torch::kFloat}) {
        const auto x = images.to(type).contiguous(format).requires_grad_();
        const auto w = weights.to(type).requires_grad_();
        const auto y = torch::conv2d(x, w, {}, stride, padding, 1, groups);
        if (!upstream.defined()) upstream = torch::randn(y.sizes());
        found.push_back(torch::autograd::grad({y}, {x, w}, {upstream.to(type)}));
        found.back().push_back(y.detach());
      }
      for (std::size_t i = 0; i < found[0].size(); ++i) {
        const double off = (found[1][i].to(torch::kDouble) - found[0][i]).norm().item<double>();
        QVERIFY2(off <= 1e-5 * found[0][i].norm().item<double>(),
                 qPrintable(QString("%1 of part %2").arg(off).arg(i)));
      }
    }
  }
};

QTEST_GUILESS_MAIN(SoundConvolutionsTest)
#include "sound_convolutions_test.moc"
