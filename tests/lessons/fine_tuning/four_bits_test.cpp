// SPDX-License-Identifier: GPL-3.0-or-later
// Four-bit codes against the values of bitsandbytes, their construction from quantiles, and counts.
#include "lessons/fine_tuning/four_bits.h"

#include <torch/types.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/fine_tuning/lora.h"

using namespace viva;

namespace {

double quantile(double p) {
  return std::sqrt(2.0) * torch::erfinv(torch::full({}, 2 * p - 1, torch::kDouble)).item<double>();
}

/// Of standard normal weights, 4096 blocks of 64.
double normalError(FourBitCode code) {
  const auto weights = torch::randn({4096, 64}, generatorFor(1, 0), torch::kDouble);
  return (roundedToFourBits(weights, code, 64) - weights).square().mean().sqrt().item<double>();
}

}  // namespace

class FourBitsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// Appendix E of arXiv 2305.14314: eight quantiles above zero, seven below, and zero.
  void nf4IsMadeOfQuantilesOfANormalDistribution() {
    const double offset = 1 - 0.5 * (1.0 / 32 + 1.0 / 30);
    QVERIFY(std::abs(offset - 0.9677083) < 1e-7);
    std::vector<double> values{0};
    for (int i = 0; i < 8; ++i) values.push_back(quantile(offset + (0.5 - offset) * i / 8));
    for (int i = 0; i < 7; ++i) values.push_back(-quantile(offset + (0.5 - offset) * i / 7));
    std::sort(values.begin(), values.end());
    const double largest = values.back();
    const auto levels = levelsOf(FourBitCode::Nf4);
    for (std::size_t i = 0; i < levels.size(); ++i)
      QVERIFY(std::abs(values[i] / largest - levels[i]) < 2e-7);
  }

  void aBlockBecomesTheNearestValues() {
    const auto block = torch::tensor({-2.0, -1.0, -0.3, 0.0, 0.1, 0.5, 1.2, 1.6}, torch::kDouble);
    const auto made = inFourBits(block, FourBitCode::Nf4, 8);
    const std::vector<int> codes{0, 2, 5, 7, 8, 10, 13, 14};
    for (int i = 0; i < 8; ++i) QCOMPARE(made.codes[0][i].item<int>(), codes[i]);
    const auto expected = torch::tensor(
        {-2.0, -1.050146, -0.369547, 0.0, 0.159161, 0.492225, 1.125234, 1.445914}, torch::kDouble);
    QVERIFY((fromFourBits(made) - expected).abs().max().item<double>() < 1e-6);
  }

  void onNormalWeightsNf4HasTheSmallestError() {
    QVERIFY(std::abs(normalError(FourBitCode::Nf4) - 0.0920) < 1e-3);
    QVERIFY(std::abs(normalError(FourBitCode::Int4) - 0.1081) < 1e-3);
    QVERIFY(std::abs(normalError(FourBitCode::Fp4) - 0.1222) < 1e-3);
  }

  /// Of steps that are even the error is uniform: a twelfth of the square of the step. The
  /// smallest and the largest of the 64 have none.
  void evenStepsErrByARootOfATwelfth() {
    const auto weights = torch::randn({4096, 64}, generatorFor(1, 0), torch::kDouble);
    const auto steps = inFourBits(weights, FourBitCode::Uniform4, 64).scales;
    const double expected = std::sqrt(steps.square().mean().item<double>() / 12 * 62 / 64);
    QVERIFY(std::abs(normalError(FourBitCode::Uniform4) / expected - 1) < 0.01);
  }

  void doubleQuantisationSavesThreeEighthsOfABit() {
    QCOMPARE(bitsAWeight(64, false), 4.5);
    QVERIFY(std::abs(bitsAWeight(64, true) - 4.126953125) < 1e-12);
    QVERIFY(std::abs(bitsAWeight(64, false) - bitsAWeight(64, true) - 0.373047) < 1e-6);
  }

  void zeroStaysZeroAndABlockOfZerosIsNoTrouble() {
    for (const FourBitCode code :
         {FourBitCode::Nf4, FourBitCode::Fp4, FourBitCode::Int4, FourBitCode::Uniform4})
      QVERIFY(roundedToFourBits(torch::zeros({2, 8}), code, 8).equal(torch::zeros({2, 8})));
  }

  /// (q - z') s with z' = z - B A / s: what QA-LoRA adds is the same for a whole group, so that the
  /// zero points take it up and every code stays.
  void qaLoraMergesIntoTheZeroPoints() {
    const std::int64_t out = 12, in = 64, rank = 3;
    const std::vector<AdaptedMatrix> matrix{{0, "q", Site::InProj, 0, out, in}};
    const auto generator = generatorFor(2, 0);
    const auto weight = torch::randn({out, in}, generator, torch::kDouble);
    const auto quantised = inFourBits(weight, FourBitCode::Uniform4, kQaGroup);
    const std::vector<torch::Tensor> own{
        torch::randn({rank, in / kQaGroup}, generator, torch::kDouble),
        torch::randn({out, rank}, generator, torch::kDouble)};
    const Factors factors = QaLora(matrix, rank, 2).factors(own, 0);
    const auto wanted = fromFourBits(quantised).view({out, in}) + factors.b.matmul(factors.a);
    FourBitWeights merged = quantised;
    merged.zeros =
        quantised.zeros - (2 * own[1].matmul(own[0])).reshape({-1, 1}) / quantised.scales;
    QVERIFY((fromFourBits(merged).view({out, in}) - wanted).abs().max().item<double>() < 1e-12);

    // LoRA's change differs within a group: to be stored in four bits again, it is rounded.
    const std::vector<torch::Tensor> lora{torch::randn({rank, in}, generator, torch::kDouble),
                                          own[1]};
    const Factors plain = Lora(matrix, rank, 2).factors(lora, 0);
    const auto sum = fromFourBits(quantised).view({out, in}) + plain.b.matmul(plain.a);
    const auto again = roundedToFourBits(sum, FourBitCode::Uniform4, kQaGroup);
    QVERIFY((again - sum).abs().max().item<double>() > 0.1);
  }
};

QTEST_GUILESS_MAIN(FourBitsTest)
#include "four_bits_test.moc"
