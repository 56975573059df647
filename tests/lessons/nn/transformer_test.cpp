// SPDX-License-Identifier: GPL-3.0-or-later
// The transformer against vectors worked out apart, the library's modules, and its own other ways.
#include "lessons/nn/transformer.h"

#include <torch/autograd.h>
#include <torch/nn.h>
#include <torch/optim.h>
#include <torch/utils.h>

#include <QTest>

#include "lessons/nn/attention.h"
#include "lessons/nn/attention_views.h"
#include "lessons/nn/positions.h"

using namespace viva;

namespace {

torch::Tensor numbers(std::initializer_list<double> values) {
  return torch::tensor(std::vector<double>(values), torch::kDouble);
}

bool near(const torch::Tensor& a, const torch::Tensor& b, double tolerance) {
  return a.sizes() == b.sizes() &&
         (a.to(torch::kDouble) - b.to(torch::kDouble)).abs().max().item<double>() <= tolerance;
}

/// One head of one sequence: [1, 1, 1, rows, columns].
torch::Tensor oneHead(const torch::Tensor& matrix) {
  return matrix.view({1, 1, 1, matrix.size(0), -1});
}

TransformerShape smallShape() {
  TransformerShape shape;
  shape.vocabulary = 7;
  shape.context = 12;
  shape.width = 16;
  shape.heads = 2;
  shape.layers = 2;
  return shape;
}

Transformer smallNet(std::vector<Manner> manners, TransformerShape shape = smallShape()) {
  return Transformer(shape, std::move(manners), at::make_generator<at::CPUGeneratorImpl>(3), "cpu");
}

torch::Tensor someTokens(std::int64_t batch = 3, std::int64_t length = 9) {
  return torch::randint(0, 7, {batch, length}, torch::kLong);
}

/// Away from their start, where biases are 0 and norms do nothing.
void disturb(Transformer& net) {
  const torch::NoGradGuard no_grad;
  net.weights().flat().add_(0.2 * torch::randn_like(net.weights().flat()));
}

struct Saved : WeightSink {
  std::vector<NamedArray> arrays;
  void add(NamedArray array) override { arrays.push_back(std::move(array)); }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& array : arrays) found.push_back(array.name);
    return found;
  }
};

const PositionKind kKinds[] = {PositionKind::None, PositionKind::Sinusoidal, PositionKind::Learned,
                               PositionKind::Rope, PositionKind::Alibi};

}  // namespace

class TransformerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { torch::manual_seed(11); }

  void attentionGivesTheNumbersWorkedOutByHand() {
    const auto q = numbers({1, 0, 0, 1}).view({2, 2}), k = numbers({1, 0, 1, 1}).view({2, 2}),
               v = numbers({1, 2, 3, 4}).view({2, 2});
    const double scale = 1 / std::sqrt(2.0);
    const auto free = attend(oneHead(q), oneHead(k), oneHead(v), {}, {scale});
    QVERIFY(near(free.scores[0][0][0], numbers({.70710678, .70710678, 0, .70710678}).view({2, 2}),
                 1e-8));
    QVERIFY(near(free.weights[0][0][0], numbers({.5, .5, .3302385, .6697615}).view({2, 2}), 1e-7));
    QVERIFY(near(free.mixed[0][0][0], numbers({2, 3, 2.339523, 3.339523}).view({2, 2}), 1e-6));
    const auto causal =
        attend(oneHead(q), oneHead(k), oneHead(v), causalMask(2, 2).to(torch::kDouble), {scale});
    QVERIFY(near(causal.mixed[0][0][0], numbers({1, 2, 2.339523, 3.339523}).view({2, 2}), 1e-6));

    const auto x = numbers({1, 0, 0, 1, 1, 1}).view({3, 2});
    const auto same = attend(oneHead(x), oneHead(x), oneHead(x), {}, {scale});
    QVERIFY(near(same.mixed[0][0][0],
                 numbers({.8022242, .5988879, .5988879, .8022242, .7517449, .7517449}).view({3, 2}),
                 1e-7));
  }

  void sinesAreThoseOfThePaper() {
    const auto table = sinusoidalTable(60, 4);
    QVERIFY(near(table[1], numbers({.84147098, .54030231, .00999983, .99995000}), 1e-7));
    QVERIFY(near(table[2], numbers({.90929743, -.41614684, .01999867, .99980001}), 1e-7));
    QVERIFY(near(sinusoidalTable(2, 512)[1].narrow(0, 0, 4),
                 numbers({.84147098, .54030231, .82185619, .56969501}), 1e-7));
    for (const int a : {0, 5, 40})
      QVERIFY(std::abs(table[a].dot(table[a + 3]).item<double>() - 0.0095575371) < 1e-6);
  }

  void ropeTurnsHalvesAndDependsOnTheDistanceAlone() {
    const auto q = numbers({1, 2, 3, 4}).view({1, 4}), k = numbers({.5, -1, 2, .25}).view({1, 4});
    QVERIFY(near(rotated(q, rotaryTable(1, 4, 1)),
                 numbers({-1.98411065, 1.95990067, 2.46237790, 4.01979967}).view({1, 4}), 1e-6));
    for (const auto& [m, n] : {std::pair{3, 1}, {7, 5}, {102, 100}}) {
      const auto turned_q = rotated(q, rotaryTable(1, 4, m)),
                 turned_k = rotated(k, rotaryTable(1, 4, n));
      QVERIFY(std::abs((turned_q * turned_k).sum().item<double>() + 3.16011173) < 2e-5);
      QVERIFY(std::abs(turned_q.norm().item<double>() - q.norm().item<double>()) < 1e-6);
    }
  }

  void alibiFallsByItsSlopePerToken() {
    QCOMPARE(alibiSlopes(4), (std::vector<double>{1. / 4, 1. / 16, 1. / 64, 1. / 256}));
    const auto bias = alibiBias({0.5}, 2, 4)[0];
    QVERIFY(near(bias, numbers({-1, -.5, 0, -.5, -1.5, -1, -.5, 0}).view({2, 4}), 0));
  }

  void aBlockIsTorchsEncoderLayer_data() {
    QTest::addColumn<bool>("is_pre");
    QTest::addColumn<bool>("is_causal");
    for (const bool is_pre : {false, true})
      for (const bool is_causal : {false, true})
        QTest::addRow("%s, %s", is_pre ? "pre" : "post", is_causal ? "causal" : "free")
            << is_pre << is_causal;
  }
  void aBlockIsTorchsEncoderLayer() {
    QFETCH(bool, is_pre);
    QFETCH(bool, is_causal);
    TransformerShape shape = smallShape();
    shape.norm = is_pre ? NormOrder::Pre : NormOrder::Post;
    auto net = smallNet({{PositionKind::None, is_causal}}, shape);
    disturb(net);
    if (is_pre) {
      // The library's C++ module is post-norm only: its norms take the place of the input's.
      const auto x = torch::randn({1, 3, 9, 16});
      const auto& w = net.block(0);
      const auto normed =
          stackedNorm(x.flatten(1, 2), w.norm1_weight, w.norm1_bias).view({3, 9, 16});
      const auto after = x[0] + selfAttention(w, normed, is_causal);
      const auto second =
          stackedNorm(after.flatten(0, 1).unsqueeze(0), w.norm2_weight, w.norm2_bias)[0];
      const auto expected = after.flatten(0, 1) + feedForward(w, second);
      std::vector<BlockTrace> traces;
      net.hidden(x, {{}, nullptr, nullptr, &traces, {}});
      QVERIFY(near(traces[0].hidden[0].flatten(0, 1), expected, 1e-5));
      return;
    }
    torch::nn::TransformerEncoderLayer layer(
        torch::nn::TransformerEncoderLayerOptions(16, 2).dim_feedforward(64).dropout(0).activation(
            torch::kGELU));
    layer->eval();
    loadInto(*layer, net);
    const auto x = torch::randn({1, 3, 9, 16});
    const auto mask = is_causal ? causalMask(9, 9) : torch::Tensor();
    const auto expected = layer(x[0].transpose(0, 1), mask).transpose(0, 1);
    std::vector<BlockTrace> traces;
    net.hidden(x, {{}, nullptr, nullptr, &traces, {}});
    QVERIFY(near(traces[0].hidden[0], expected, 1e-5));
  }

  void theFastAttentionIsThePlainOneForwardAndBackward_data() {
    QTest::addColumn<bool>("is_biased");
    QTest::newRow("free") << false;
    QTest::newRow("causal") << true;
  }
  void theFastAttentionIsThePlainOneForwardAndBackward() {
    QFETCH(bool, is_biased);
    const auto bias =
        is_biased ? torch::stack({causalMask(6, 6), torch::zeros({6, 6})}).view({2, 1, 1, 6, 6})
                  : torch::Tensor();
    const std::vector<double> scales{0.5, 1};
    const auto packed = torch::randn({2, 3, 6, 3, 2, 4}).requires_grad_();
    const auto parts = packed.permute({3, 0, 1, 4, 2, 5}).unbind(0);
    const auto plain = attend(parts[0], parts[1], parts[2], bias, scales).mixed.transpose(2, 3);
    const auto fast = attendPacked(packed, bias, scales);
    QVERIFY(near(fast, plain, 1e-6));
    const auto down = torch::randn_like(plain);
    const auto expected = torch::autograd::grad({plain}, {packed}, {down})[0];
    QVERIFY(near(torch::autograd::grad({fast}, {packed}, {down})[0], expected, 1e-5));
  }

  void theGradientIsThatOfFiniteDifferences() {
    auto net = smallNet({{PositionKind::Rope, true}, {PositionKind::Learned, false}});
    disturb(net);
    const auto tokens = someTokens(), targets = someTokens();
    net.weights().differentiate(tokenLoss(net.forward(tokens), targets));
    const auto gradients = net.weights().gradients().clone();
    const auto along = torch::randn_like(gradients);
    const auto lossAt = [&](double distance) {
      const torch::NoGradGuard no_grad;
      net.weights().flat().add_(along, distance);
      const auto loss = tokenLoss(net.forward(tokens), targets).to(torch::kDouble);
      net.weights().flat().sub_(along, distance);
      return loss;
    };
    const double small = 2e-3;
    const auto slope = (lossAt(small) - lossAt(-small)) / (2 * small);
    QVERIFY(near(slope, (gradients * along).sum(1), 2e-2));
  }

  void withoutPositionsPermutedTokensGivePermutedOutputs() {
    const auto net = smallNet({{PositionKind::None, false}});
    const auto tokens = someTokens(1, 9);
    const auto order = torch::randperm(9);
    const auto straight = net.forward(tokens), mixed = net.forward(tokens.index_select(1, order));
    QVERIFY(near(mixed, straight.index_select(2, order), 1e-6));
    const auto placed = smallNet({{PositionKind::Learned, false}});
    QVERIFY(!near(placed.forward(tokens.index_select(1, order)),
                  placed.forward(tokens).index_select(2, order), 1e-3));
  }

  void aCausalNetDoesNotSeeWhatComesLater() {
    for (const PositionKind kind : kKinds) {
      const auto net = smallNet({{kind, true}, {kind, false}});
      auto tokens = someTokens(1, 9);
      const auto before = net.forward(tokens);
      tokens[0][6] = (tokens[0][6] + 1) % 7;
      const auto after = net.forward(tokens);
      QVERIFY(near(after[0].narrow(1, 0, 6), before[0].narrow(1, 0, 6), 0));
      QVERIFY(!near(after[1].narrow(1, 0, 6), before[1].narrow(1, 0, 6), 1e-6));
    }
  }

  void copiesSideBySideAreNetsOfTheirOwn() {
    std::vector<Manner> manners;
    for (const PositionKind kind : kKinds) manners.push_back({kind, kind != PositionKind::None});
    const auto together = smallNet(manners);
    const auto tokens = someTokens();
    const auto logits = together.forward(tokens);
    for (std::int64_t copy = 0; copy < together.copies(); ++copy) {
      auto alone = smallNet({manners[copy], {PositionKind::Learned, false}});  // the same draws
      QVERIFY2(near(alone.forward(tokens)[0], logits[copy], 2e-6),
               qPrintable(QString::number(copy)));
    }
  }

  void theTracedPassIsTheFastOne() {
    for (const PositionKind kind : kKinds) {
      const auto net = smallNet({{kind, true}});
      const auto tokens = someTokens();
      std::vector<BlockTrace> traces;
      Reading reading;
      reading.traces = &traces;
      QVERIFY(near(net.forward(tokens, reading), net.forward(tokens), 1e-5));
      QCOMPARE(traces.size(), 2U);
      QVERIFY(near(traces[1].self.weights.sum(-1), torch::ones({1, 3, 2, 9}), 1e-6));
      QVERIFY(near(net.readOut(traces[1].hidden), net.forward(tokens), 1e-5));
    }
  }

  void aCacheGivesTheLogitsOfTheWholeSequence() {
    for (const PositionKind kind : kKinds) {
      const auto net = smallNet({{kind, true}});
      const auto tokens = someTokens(2, 10);
      const auto whole = net.forward(tokens);
      KeyValueCache cache;
      Reading reading;
      reading.cache = &cache;
      QVERIFY(near(net.forward(tokens.narrow(1, 0, 4), reading), whole.narrow(2, 0, 4), 1e-5));
      for (int i = 4; i < 10; ++i)
        QVERIFY(near(net.forward(tokens.narrow(1, i, 1), reading), whole.narrow(2, i, 1), 1e-5));
      QCOMPARE(cache.length, 10);
    }
  }

  void aHeadWithoutGainTakesNoPart() {
    auto net = smallNet({{PositionKind::Learned, false}});
    disturb(net);
    const auto tokens = someTokens();
    Reading reading;
    reading.gain = headGain(2, 2, "", tokens);
    QVERIFY(near(net.forward(tokens, reading), net.forward(tokens), 1e-6));
    reading.gain = headGain(2, 2, "0.1", tokens);
    const auto without = net.forward(tokens, reading);
    QVERIFY(!near(without, net.forward(tokens), 1e-3));
    {
      const torch::NoGradGuard no_grad;  // the columns that read head 1
      net.block(0).self_attn.out_proj_weight.slice(2, 8, 16).zero_();
    }
    QVERIFY(near(net.forward(tokens), without, 1e-5));
  }

  void adaptersFromOutsideChangeWhatTheyAreGiven() {
    const auto net = smallNet({{PositionKind::Learned, true}});
    const auto tokens = someTokens();
    BlockHooks hooks;
    std::vector<Site> seen;
    hooks.at = [&](std::int64_t layer, Site site, const torch::Tensor&,
                   const torch::Tensor& output) {
      if (layer == 0) seen.push_back(site);
      return site == Site::OutProj || site == Site::Linear2 ? torch::zeros_like(output) : output;
    };
    Reading reading;
    reading.hooks = &hooks;
    QVERIFY(near(net.forward(tokens, reading), net.readOut(net.embedded(tokens)), 1e-6));
    QCOMPARE(seen, (std::vector<Site>{Site::InProj, Site::OutProj, Site::Linear1, Site::Activation,
                                      Site::Linear2}));

    BlockHooks in_front;
    in_front.prefix = [](std::int64_t) {
      return std::pair{torch::zeros({1, 1, 2, 3, 8}), torch::zeros({1, 1, 2, 3, 8})};
    };
    std::vector<BlockTrace> traces;
    net.forward(tokens, {{}, &in_front, nullptr, &traces, {}});
    QCOMPARE(traces[0].self.weights.size(-1), 12);
    QVERIFY(traces[0].self.weights.narrow(-1, 0, 3).min().item<double>() >
            0);  // all may look there
  }

  void aDecoderLooksAtItsMemory() {
    TransformerShape shape = smallShape();
    shape.has_cross = true;
    const auto net = smallNet({{PositionKind::Learned, true}}, shape);
    const auto tokens = someTokens();
    Reading reading;
    reading.memory = torch::randn({1, 3, 5, 16});
    const auto first = net.forward(tokens, reading);
    reading.memory = torch::randn({1, 3, 5, 16});
    QVERIFY(!near(net.forward(tokens, reading), first, 1e-3));
    Saved saved;
    net.save(saved);
    QVERIFY(std::ranges::count(saved.names(), "blocks.1.multihead_attn.in_proj_weight") == 1);
    QVERIFY(std::ranges::count(saved.names(), "blocks.1.norm3.weight") == 1);
  }

  void weightsHaveTheNamesOfTheContract() {
    Saved saved;
    auto shape = smallShape();
    shape.layers = 1;
    smallNet({{PositionKind::Learned, true}}, shape).save(saved);
    QCOMPARE(saved.names(),
             (std::vector<std::string>{
                 "token.weight", "position.weight", "blocks.0.self_attn.in_proj_weight",
                 "blocks.0.self_attn.in_proj_bias", "blocks.0.self_attn.out_proj.weight",
                 "blocks.0.self_attn.out_proj.bias", "blocks.0.linear1.weight",
                 "blocks.0.linear1.bias", "blocks.0.linear2.weight", "blocks.0.linear2.bias",
                 "blocks.0.norm1.weight", "blocks.0.norm1.bias", "blocks.0.norm2.weight",
                 "blocks.0.norm2.bias", "norm.weight", "norm.bias", "head.weight"}));
    Saved fixed, none;
    smallNet({{PositionKind::Sinusoidal, true}}).save(fixed);
    smallNet({{PositionKind::Rope, true}}).save(none);
    QCOMPARE(std::ranges::count(fixed.names(), "position.weight"), 1);
    QCOMPARE(std::ranges::count(none.names(), "position.weight"), 0);
  }

  void parametersAreThoseOfThePublishedModels() {
    // One block of GPT-2 small, BERT-base and ViT-B.
    std::int64_t count = 0;
    for (const auto& weight : blockWeightList("", 768, 3072, false))
      count += c10::multiply_integers(weight.shape.shape);
    QCOMPARE(count, 7087872);
    std::int64_t encoder = 0, decoder = 0;  // of the base model of 2017
    for (const auto& weight : blockWeightList("", 512, 2048, false))
      encoder += c10::multiply_integers(weight.shape.shape);
    for (const auto& weight : blockWeightList("", 512, 2048, true))
      decoder += c10::multiply_integers(weight.shape.shape);
    QCOMPARE(encoder, 3152384);
    QCOMPARE(decoder, 4204032);
    auto shape = smallShape();
    const auto net = smallNet({{PositionKind::Learned, true}, {PositionKind::Rope, true}}, shape);
    QCOMPARE(net.parameters(0) - net.parameters(1), shape.context * shape.width);
  }

  void lossAndAccuracyPassOverWhatIsNotAsked() {
    const auto logits =
        torch::tensor({2.0, 1.0, 0.1, 0.0, 5.0, 0.0}).view({1, 1, 2, 3}).to(torch::kFloat);
    const auto first = torch::tensor({0L, kIgnored}).view({1, 2});
    QVERIFY(std::abs(tokenLoss(logits, first).item<double>() - 0.4170300) < 1e-6);
    QCOMPARE(tokenAccuracy(logits, first).item<double>(), 1.0);
    const auto both = torch::tensor({1L, 1L}).view({1, 2});
    QCOMPARE(tokenAccuracy(logits, both).item<double>(), 0.5);
  }

  void adamOnFlatWeightsIsTorchsAdam() {
    auto net = smallNet({{PositionKind::Learned, true}});
    const auto tokens = someTokens(), targets = someTokens();
    auto theirs = net.weights().flat().clone().requires_grad_();
    torch::optim::Adam adam({theirs}, torch::optim::AdamOptions(1e-2));
    for (int i = 0; i < 3; ++i) {
      net.weights().differentiate(tokenLoss(net.forward(tokens), targets));
      theirs.mutable_grad() = net.weights().gradients().clone();
      net.weights().update(Adam{.learning_rate = 1e-2});
      adam.step();
    }
    QVERIFY(near(net.weights().flat(), theirs, 1e-5));
    const auto norm = net.weights().clip(0.01);
    QVERIFY(near(net.weights().gradients().norm(2, 1), torch::full({1}, 0.01), 1e-6));
    QVERIFY(norm.item<double>() > 0.01);
  }

 private:
  static torch::Tensor selfAttention(const BlockWeights& w, const torch::Tensor& x,
                                     bool is_causal) {
    torch::nn::MultiheadAttention attention(torch::nn::MultiheadAttentionOptions(16, 2));
    const torch::NoGradGuard no_grad;
    attention->in_proj_weight.copy_(w.self_attn.in_proj_weight[0]);
    attention->in_proj_bias.copy_(w.self_attn.in_proj_bias[0]);
    attention->out_proj->weight.copy_(w.self_attn.out_proj_weight[0]);
    attention->out_proj->bias.copy_(w.self_attn.out_proj_bias[0]);
    const auto turned = x.transpose(0, 1);
    return std::get<0>(attention(turned, turned, turned, torch::Tensor(), false,
                                 is_causal ? causalMask(x.size(1), x.size(1)) : torch::Tensor()))
        .transpose(0, 1);
  }
  static torch::Tensor feedForward(const BlockWeights& w, const torch::Tensor& x) {
    const auto first = torch::linear(x, w.linear1_weight[0], w.linear1_bias[0]);
    return torch::linear(torch::gelu(first), w.linear2_weight[0], w.linear2_bias[0]);
  }
  /// By name, and nothing else.
  static void loadInto(torch::nn::Module& layer, const Transformer& net) {
    const torch::NoGradGuard no_grad;
    auto parameters = layer.named_parameters();
    std::size_t loaded = 0;
    for (std::size_t i = 0; i < net.weights().shapes().size(); ++i) {
      const std::string& name = net.weights().shapes()[i].name;
      if (name.rfind("blocks.0.", 0) != 0) continue;
      parameters[name.substr(9)].copy_(net.weights().leaves()[i][0]);
      loaded += 1;
    }
    QCOMPARE(loaded, parameters.size());
  }
};

QTEST_APPLESS_MAIN(TransformerTest)
#include "transformer_test.moc"
