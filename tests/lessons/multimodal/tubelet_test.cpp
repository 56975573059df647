// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens of pictures and clips: their counts, their convolution, and what inflated weights answer.
#include <torch/types.h>
#include <torch/utils.h>

#include <QTest>

#include "lessons/data/dataset.h"
#include "lessons/multimodal/moving_shapes.h"
#include "lessons/multimodal/token_net.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;

class TubeletTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tokensAreCountedAsInTheirPapers() {
    QCOMPARE(tubeletCount(1, 224, 224, 1, 16), std::int64_t{196});    // ViT
    QCOMPARE(tubeletCount(32, 224, 224, 2, 16), std::int64_t{3136});  // ViViT
    QCOMPARE(tubeletCount(32, 224, 224, 1, 16), std::int64_t{6272});
    QCOMPARE(tubeletCount(33, 230, 230, 2, 16), std::int64_t{3136});  // what does not fit is left
    QCOMPARE(2 * 16 * 16 * 3 * 768 + 768, 1'180'416);
  }

  void anEmbeddingIsAConvolutionWhoseStrideIsItsKernel() {
    const torch::NoGradGuard no_grad;
    const TokenNet net(2, 4, generatorFor(1, 5), "cpu");
    const auto clips = torch::randn({3, 8, 16, 16}, generatorFor(1, 6));
    const auto convolved = torch::conv3d(clips.unsqueeze(1), net.filters().unsqueeze(1),
                                         net.weights().single()[1], {2, 4, 4});
    QCOMPARE(net.tokens(clips).sizes().vec(), (std::vector<std::int64_t>{3, 64, 64}));
    QVERIFY(torch::allclose(net.tokens(clips), convolved.flatten(2).transpose(1, 2), 1e-4, 1e-5));
  }

  void inflatedWeightsAnswerStillClipsAsThePictureNet() {
    const torch::NoGradGuard no_grad;
    const TokenNet picture(1, 4, generatorFor(1, 5), "cpu");
    const auto image = torch::randn({5, 1, 16, 16}, generatorFor(1, 6));
    const auto still = image.expand({-1, 8, -1, -1}).contiguous();
    for (const bool central : {false, true})
      for (const std::int64_t frames : {2, 4, 8})
        QVERIFY(
            torch::allclose(inflated(picture, frames, central)(still), picture(image), 1e-4, 1e-5));
    // A moving clip is its middle frame to one, and its mean to the other.
    const auto moving = torch::randn({5, 8, 16, 16}, generatorFor(1, 7));
    QVERIFY(torch::allclose(inflated(picture, 8, true)(moving), picture(moving.narrow(1, 4, 1)),
                            1e-4, 1e-5));
    QVERIFY(torch::allclose(inflated(picture, 8, false)(moving), picture(moving.mean(1, true)),
                            1e-4, 1e-5));
  }

  void aBagOfFramesAnswersAClipBackwardsAlike() {
    const torch::NoGradGuard no_grad;
    const auto clips = drawClips(20, generatorFor(2, 3));
    const TokenNet bag(1, 4, generatorFor(1, 5), "cpu"), tubelet(4, 4, generatorFor(1, 5), "cpu");
    QVERIFY(torch::allclose(bag(clips.frames), bag(clips.frames.flip(1)), 1e-4, 1e-6));
    QVERIFY(!torch::allclose(tubelet(clips.frames), tubelet(clips.frames.flip(1)), 1e-4, 1e-6));
  }

  void clipsMoveByAPixelAFrameAndComeBackAtTheOtherEdge() {
    const auto clips = drawClips(50, generatorFor(4, 3));
    const auto first = clips.frames.select(1, 0), second = clips.frames.select(1, 1);
    const std::vector<std::pair<int, int>> ways{{1, 2}, {-1, 2}, {1, 1}, {-1, 1}};
    for (std::int64_t i = 0; i < 50; ++i) {
      const auto [by, axis] = ways[clips.directions[i].item<std::int64_t>()];
      const auto moved = first[i].roll({by}, {axis - 1});
      // What differs is the noise of two pictures.
      QVERIFY((moved - second[i]).std().item<double>() < 0.2);
    }
    const auto both = withReversed(clips);
    QCOMPARE(both.directions[50].item<std::int64_t>(),
             clips.directions[0].item<std::int64_t>() ^ 1);
    QVERIFY(torch::equal(both.frames[50][0], clips.frames[0][7]));
  }

  void whatCannotBeCutIsRefused() {
    const ExperimentSpec& spec = viva_catalog()->experiment("patch-and-tubelet");
    Parameters parameters(spec.parameters);
    parameters.setFromText("tubelet", "3");
    QVERIFY(spec.validate(parameters)->key == "error.tubelet.frames");
    parameters.setFromText("tubelet", "4");
    parameters.setFromText("patch", "5");
    QVERIFY(spec.validate(parameters)->key == "error.tubelet.patch");
  }
};

QTEST_GUILESS_MAIN(TubeletTest)
#include "tubelet_test.moc"
