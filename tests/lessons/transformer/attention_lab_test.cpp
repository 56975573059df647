// SPDX-License-Identifier: GPL-3.0-or-later
// What attention-lab shows and records is what follows from its weights, computed here again.
#include <torch/nn.h>
#include <torch/utils.h>

#include <QTest>
#include <cmath>
#include <set>

#include "lessons/nn/transformer.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

const char* const kLab = "attention-lab";

std::unique_ptr<Run> trained(Settings settings, std::int64_t steps = 10) {
  settings.emplace_back("length", "6");
  settings.emplace_back("width", "8");
  return finishedRun(kLab, settings, steps);
}

torch::Tensor tensorOf(const NamedArray& array) {
  const bool is_integer = array.type == NamedArray::Type::Int64;
  auto tensor = torch::empty(array.shape, is_integer ? torch::kLong : torch::kFloat);
  std::memcpy(tensor.data_ptr(), array.bytes.data(), array.bytes.size());
  return tensor;
}

torch::Tensor matrix(const Frame& frame, const char* view) {
  const auto& data = std::get<MatrixData>(frame.views.at(view));
  return torch::tensor(*data.values).view({data.rows, data.columns});
}

/// logits = head(norm(blocks(token + position))) by the library's own modules.
struct Peer {
  torch::nn::MultiheadAttention attention{nullptr};
  std::map<std::string, torch::Tensor> w;
  std::int64_t heads;

  Peer(const Run& run, std::int64_t head_count) : heads(head_count) {
    for (const auto& [name, array] : weightsOf(run)) w[name] = tensorOf(array);
    attention = torch::nn::MultiheadAttention(w["token.weight"].size(1), heads);
    const torch::NoGradGuard no_grad;
    for (auto& parameter : attention->named_parameters())
      parameter.value().copy_(w.at("blocks.0.self_attn." + parameter.key()));
  }
  torch::Tensor norm(const torch::Tensor& x, const std::string& name) const {
    return torch::layer_norm(x, {x.size(-1)}, w.at(name + ".weight"), w.at(name + ".bias"));
  }
  torch::Tensor logits(const torch::Tensor& tokens) {
    auto x = torch::embedding(w.at("token.weight"), tokens) +
             w.at("position.weight").narrow(0, 0, tokens.size(0));
    const auto in = norm(x, "blocks.0.norm1").unsqueeze(1);  // [length, 1, d]
    x = x + std::get<0>(attention->forward(in, in, in)).squeeze(1);
    const auto hidden = torch::gelu(torch::linear(
        norm(x, "blocks.0.norm2"), w.at("blocks.0.linear1.weight"), w.at("blocks.0.linear1.bias")));
    x = x + torch::linear(hidden, w.at("blocks.0.linear2.weight"), w.at("blocks.0.linear2.bias"));
    return torch::linear(norm(x, "norm"), w.at("head.weight"));
  }
};

double cellOf(const TableData& table, std::size_t row, std::size_t column) {
  return std::get<double>(table.rows[row].cells[column]);
}

}  // namespace

class AttentionLabTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void weightsHaveTheNamesAndShapesOfTorchAndTheProbeTheirLogits() {
    const auto run = trained({{"heads", "2"}});
    const auto weights = weightsOf(*run);
    using Shape = std::vector<std::int64_t>;
    QCOMPARE(weights.at("token.weight").shape, (Shape{10, 8}));
    QCOMPARE(weights.at("position.weight").shape, (Shape{12, 8}));
    QCOMPARE(weights.at("blocks.0.self_attn.in_proj_weight").shape, (Shape{24, 8}));
    QCOMPARE(weights.at("blocks.0.linear1.weight").shape, (Shape{32, 8}));
    QCOMPARE(weights.at("head.weight").shape, (Shape{10, 8}));
    QVERIFY(weights.contains("no-positions.head.weight"));
    QVERIFY(!weights.contains("no-positions.position.weight"));
    const torch::NoGradGuard no_grad;
    Peer peer(*run, 2);
    const auto logits = peer.logits(tensorOf(weights.at("probe.tokens")));
    QVERIFY(torch::allclose(logits, tensorOf(weights.at("probe.logits")), 0, 1e-5));
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
  }

  void recordsOfTheHeadsFollowFromItsAttention() {
    // Of one sequence that is shown: rows sum to 1, and its alignment lies where the picture says.
    const auto run = trained({{"probe", "314159"}, {"lr", "0.01"}}, 100);
    const auto shown = matrix(*run->frame(), "attention");
    QVERIFY(torch::allclose(shown.sum(1), torch::ones({6}), 0, 1e-5));
    double on_answers = 0;
    for (std::int64_t i = 0; i < 6; ++i) on_answers += shown[i][5 - i].item<double>() / 6;
    QVERIFY(std::abs(on_answers - tests::at(*run, 100, "alignment/0.0")) < 0.1);
    QVERIFY(on_answers > 0.4);
    QVERIFY(tests::at(*run, 0, "alignment/0.0") < 0.3);
    QVERIFY(tests::at(*run, 0, "entropy/0.0") > tests::at(*run, 100, "entropy/0.0"));
    QVERIFY(tests::at(*run, 0, "entropy/0.0") <= std::log(6) + 1e-6);
    // Its one head is all that it has.
    QVERIFY(tests::at(*run, 100, "without/0.0") < 0.5);
  }

  void withoutPositionsTheOrderChangesNothing() {
    const auto run = trained({{"lr", "0.01"}}, 50);
    QVERIFY(tests::at(*run, 50, "no-positions/order_effect") < 1e-4);
    QVERIFY(tests::at(*run, 50, "order_effect") > 1);
    QVERIFY(tests::at(*run, 50, "no-positions/accuracy") < tests::at(*run, 50, "accuracy"));
  }

  void theNumbersOfOneScoreAddUp() {
    const auto run = trained({{"probe", "314159"},
                              {"heads", "2"},
                              {"head", "1"},
                              {"query", "2"},
                              {"key", "4"},
                              {"component", "3"},
                              {"task", "shift"}});
    const auto frame = run->frame();
    const auto& products = std::get<TableData>(frame->views.at("products"));
    QCOMPARE(products.rows.size(), std::size_t(4 + 3));
    double dot = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      QVERIFY(std::abs(cellOf(products, i, 1) * cellOf(products, i, 2) - cellOf(products, i, 3)) <
              1e-9);
      dot += cellOf(products, i, 3);
    }
    QVERIFY(std::abs(dot - cellOf(products, 4, 3)) < 1e-5);
    QVERIFY(std::abs(dot / 2 - cellOf(products, 5, 3)) < 1e-5);  // sqrt of a head width of 4
    QCOMPARE(cellOf(products, 6, 3), -INFINITY);                 // key 4 comes after query 2
    const auto& row = std::get<TableData>(frame->views.at("softmax_row"));
    const auto weights = matrix(*frame, "attention");
    double total = 0, mixed = 0;
    for (std::size_t key = 0; key < 6; ++key) {
      QVERIFY(std::abs(cellOf(row, key, 4) - weights[2][std::int64_t(key)].item<double>()) < 1e-5);
      total += cellOf(row, key, 4);
      mixed += cellOf(row, key, 4) * cellOf(row, key, 5);
    }
    QVERIFY(std::abs(total - 1) < 1e-9);
    QVERIFY(std::abs(mixed - cellOf(row, 6, 6)) < 1e-9);
  }

  void aHeadThatIsSwitchedOffIsMissedAndLearnsNothing() {
    const auto run = startedRun(kLab, {{"length", "6"}, {"width", "8"}, {"lr", "0.01"}}, 400);
    run->advance(std::int64_t{200});
    QVERIFY(tests::at(*run, 200, "accuracy") > 0.9);
    const auto before = tensorOf(weightsOf(*run).at("blocks.0.self_attn.in_proj_weight"));
    run->change("ablate", Text{"0.0"});
    run->advance(std::int64_t{1});
    QVERIFY(tests::at(*run, 201, "accuracy") < 0.6);
    // Adam goes on for a while by what it remembers; the gradient itself is 0.
    run->change("ablate", Text{""});
    run->advance(std::int64_t{1});
    QVERIFY(tests::at(*run, 202, "accuracy") > 0.8);
    QVERIFY(before.defined());
  }

  void positionsScaleAndMaskAreSwitchedWhileItRuns() {
    const auto accuracyAfter = [](const char* name, const Value& value) {
      const auto run = startedRun(kLab, {{"length", "6"}, {"width", "8"}, {"lr", "0.01"}}, 400);
      run->advance(std::int64_t{200});
      run->change(name, value);
      run->advance(std::int64_t{1});
      return tests::at(*run, 201, "accuracy");
    };
    QVERIFY(accuracyAfter("positions", Choice{"none"}) < 0.6);
    QVERIFY(accuracyAfter("mask", Choice{"causal"}) < 0.8);
    QVERIFY(accuracyAfter("lr", 0.011) > 0.9);
  }

  void aRivalDiffersInOneThingOnly() {
    // Where the difference does not matter the two are the same net on the same batches.
    const auto run = trained({{"rival", "no-positions"}, {"positions", "none"}});
    for (std::int64_t step = 1; step <= 10; ++step)
      QCOMPARE(tests::at(*run, step, "no-positions/loss"), tests::at(*run, step, "loss"));
    const auto unscaled = trained({{"rival", "no-scale"}, {"scale", "false"}});
    QCOMPARE(tests::at(*unscaled, 10, "no-scale/loss"), tests::at(*unscaled, 10, "loss"));
    const auto post = trained({{"rival", "other-norm"}});
    QVERIFY(tests::at(*post, 1, "post/loss") != tests::at(*post, 1, "loss"));
    const auto pre = trained({{"rival", "other-norm"}, {"norm", "post"}});
    QCOMPARE(tests::at(*pre, 10, "loss"), tests::at(*post, 10, "post/loss"));
    QCOMPARE(tests::at(*pre, 10, "pre/loss"), tests::at(*post, 10, "loss"));
  }

  void warmUpBeginsSmall() {
    const auto cold = trained({{"warmup", "1000"}}), warm = trained({});
    QCOMPARE(tests::at(*cold, 1, "loss"), tests::at(*warm, 1, "loss"));
    QVERIFY(tests::at(*cold, 10, "loss") > tests::at(*warm, 10, "loss"));
  }

  void whatCannotBeIsSaidInOneSentence() {
    const auto key = [](const Settings& settings) {
      return refusalOf([&] { startedRun(kLab, settings, 5); }).key;
    };
    QCOMPARE(key({{"width", "33"}}), std::string("error.attention.width"));
    QCOMPARE(key({{"heads", "3"}}), std::string("error.attention.width"));
    QCOMPARE(key({{"positions", "rope"}, {"width", "12"}, {"heads", "4"}}),
             std::string("error.attention.odd_head"));
    QCOMPARE(key({{"task", "shift"}, {"length", "3"}}), std::string("error.attention.short"));
    QCOMPARE(key({{"ablate", "0.1"}}), std::string("error.no_such_head"));
    QCOMPARE(key({{"ablate", "first"}}), std::string("error.no_such_head"));
    QCOMPARE(key({{"probe", "12a"}}), std::string("error.tokens.unknown"));
    QCOMPARE(key({{"probe", std::string(33, '1')}}), std::string("error.tokens.too_long"));
    const Message unknown = refusalOf([] { startedRun(kLab, {{"probe", "1b2c"}}, 5); });
    QCOMPARE(argumentOf(unknown, "tokens"), std::string("b c"));
  }

  void clicksOutsideOfWhatThereIsAreTheNearest() {
    const auto run =
        trained({{"head", "40"}, {"query", "200"}, {"key", "200"}, {"component", "100"}});
    const auto frame = run->frame();
    const auto& row = std::get<TableData>(frame->views.at("softmax_row"));
    QCOMPARE(row.rows.size(), std::size_t(7));
    const auto& graph = std::get<GraphData>(frame->views.at("numbers"));
    QCOMPARE(argumentOf(graph.lines.front(), "head"), std::string("0"));
  }
};

QTEST_GUILESS_MAIN(AttentionLabTest)
#include "attention_lab_test.moc"
