// SPDX-License-Identifier: GPL-3.0-or-later
// What lstm-gates shows of its probe is what torch::nn::LSTM does with the saved weights.
#include <torch/autograd.h>
#include <torch/nn.h>
#include <torch/utils.h>

#include <QTest>

#include "lessons/core/words.h"
#include "lessons/data/sequence_tasks.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using fakes::refusalOf;

namespace {

const char* const kGates = "lstm-gates";
const char* const kProbe = "0.3 0.8* 0.5 0.1 0.4* 0.9";

std::unique_ptr<Run> trained(Settings settings, std::int64_t steps = 10) {
  settings.emplace_back("hidden", "6");
  settings.emplace_back("length", "8");
  auto run = startedRun(kGates, settings, steps);
  run->advance(steps);
  return run;
}

torch::Tensor tensorOf(const NamedArray& array) {
  auto tensor = torch::empty(array.shape);
  std::memcpy(tensor.data_ptr(), array.bytes.data(), array.bytes.size());
  return tensor;
}

/// [units, time]
torch::Tensor matrix(const Frame& frame, const char* view) {
  const auto& data = std::get<MatrixData>(frame.views.at(view));
  return torch::tensor(*data.values).view({data.rows, data.columns});
}

Curve curve(const Frame& frame, const char* view, const std::string& id) {
  const auto& curves = std::get<SeriesData>(frame.views.at(view)).curves;
  return *std::find_if(curves.begin(), curves.end(), [&](const auto& c) { return c.id == id; });
}

/// The probe kProbe as [time, 1, 2].
torch::Tensor probeInputs() {
  return torch::tensor({.3, 0., .8, 1., .5, 0., .1, 0., .4, 1., .9, 0.}, torch::kFloat)
      .view({6, 1, 2});
}

torch::nn::LSTM lstmOf(const std::map<std::string, NamedArray>& weights) {
  const torch::NoGradGuard no_grad;
  torch::nn::LSTM lstm(2, 6);
  for (auto& parameter : lstm->named_parameters())
    parameter.value().copy_(tensorOf(weights.at("rnn." + parameter.key())));
  return lstm;
}

}  // namespace

class LstmGatesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void weightsHaveTheNamesAndShapesOfTorch() {
    const auto shapes = [](const char* cell) {
      std::map<std::string, std::vector<std::int64_t>> found;
      for (const auto& [name, array] : weightsOf(*trained({{"cell", cell}}, 1)))
        found[name] = array.shape;
      return found;
    };
    using Shapes = std::map<std::string, std::vector<std::int64_t>>;
    Shapes expected{{"rnn.weight_ih_l0", {24, 2}}, {"rnn.weight_hh_l0", {24, 6}},
                    {"rnn.bias_ih_l0", {24}},      {"rnn.bias_hh_l0", {24}},
                    {"readout.weight", {1, 6}},    {"readout.bias", {1}}};
    QCOMPARE(shapes("lstm"), expected);
    expected["rnn.peephole_l0"] = {3, 6};
    QCOMPARE(shapes("peephole"), expected);
    QCOMPARE(shapes("gru").at("rnn.weight_hh_l0"), (std::vector<std::int64_t>{18, 6}));
    QCOMPARE(shapes("rnn").at("rnn.weight_hh_l0"), (std::vector<std::int64_t>{6, 6}));
  }

  void forgetBiasSetsOneBiasAndClearsTheOther() {
    const auto weights = weightsOf(*trained({{"forget_bias", "2.5"}}, 0));
    const auto input_bias = tensorOf(weights.at("rnn.bias_ih_l0"));
    const auto hidden_bias = tensorOf(weights.at("rnn.bias_hh_l0"));
    QVERIFY(torch::equal(input_bias.narrow(0, 6, 6), torch::full({6}, 2.5f)));
    QVERIFY(torch::equal(hidden_bias.narrow(0, 6, 6), torch::zeros({6})));
    QVERIFY(input_bias.narrow(0, 0, 6).abs().max().item<double>() <= 1 / std::sqrt(6.0));
    QVERIFY(hidden_bias.narrow(0, 12, 12).abs().min().item<double>() > 0);
  }

  void probePicturesAreWhatTheLibrarysLstmDoes() {
    const auto run = trained({{"probe", kProbe}});
    const auto frame = run->frame();
    const auto weights = weightsOf(*run);
    const torch::NoGradGuard no_grad;
    const auto [output, state] = lstmOf(weights)->forward(probeInputs());
    QVERIFY(torch::allclose(matrix(*frame, "hidden_state"), output.squeeze(1).t(), 0, 1e-6));
    const auto cell = matrix(*frame, "cell_state");
    QVERIFY(torch::allclose(cell.select(1, 5), std::get<1>(state).flatten(), 0, 1e-6));
    // c' = f c + i g, h = o tanh(c), from the pictures alone.
    const auto f = matrix(*frame, "forget_gate"), i = matrix(*frame, "input_gate");
    const auto g = matrix(*frame, "candidate"), o = matrix(*frame, "output_gate");
    const auto before = torch::cat({torch::zeros({6, 1}), cell.narrow(1, 0, 5)}, 1);
    QVERIFY(torch::allclose(cell, f * before + i * g, 0, 1e-6));
    QVERIFY(torch::allclose(matrix(*frame, "hidden_state"), o * cell.tanh(), 0, 1e-6));
    const auto answer = torch::linear(output.squeeze(1), tensorOf(weights.at("readout.weight")),
                                      tensorOf(weights.at("readout.bias")));
    const Curve shown = curve(*frame, "prediction", "loss");
    for (int t = 0; t < 6; ++t) QVERIFY(std::abs(shown.y[t] - answer[t].item<double>()) < 1e-6);
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
  }

  void gradientsOverTimeAreThoseOfTheSquaredErrorOfTheProbe() {
    const auto run = trained({{"cell", "gru"}, {"probe", kProbe}});
    const auto weights = weightsOf(*run);
    torch::nn::GRUCell cell(torch::nn::GRUCellOptions(2, 6));
    {
      const torch::NoGradGuard no_grad;
      for (auto& parameter : cell->named_parameters())
        parameter.value().copy_(tensorOf(weights.at("rnn." + parameter.key() + "_l0")));
    }
    std::vector<torch::Tensor> states;
    auto h = torch::zeros({1, 6});
    const auto inputs = probeInputs();
    for (int t = 0; t < 6; ++t) states.push_back(h = cell->forward(inputs[t], h));
    const auto answer = torch::linear(h, tensorOf(weights.at("readout.weight")),
                                      tensorOf(weights.at("readout.bias")));
    const auto loss = (answer - 1.2).square().sum();  // 0.8 + 0.4
    const auto gradients = torch::autograd::grad({loss}, states);
    const auto frame = run->frame();
    const Curve shown = curve(*frame, "gradient_in_time", "loss");
    for (int t = 0; t < 6; ++t) {
      const double norm = gradients[t].norm().item<double>();
      QVERIFY(std::abs(shown.y[t] - norm) <= 1e-4 * norm);
    }
  }

  void aHeldGateShowsInTheProbeAndNotInTheTraining() {
    const auto free = trained({{"probe", kProbe}});
    const auto held = trained({{"probe", kProbe}, {"clamp", "forget"}, {"clamp_value", "0"}});
    QCOMPARE(held->records().digest(), free->records().digest());
    const auto frame = held->frame();
    QVERIFY(torch::equal(matrix(*frame, "forget_gate"), torch::zeros({6, 6})));
    QVERIFY(torch::allclose(matrix(*frame, "cell_state"),
                            matrix(*frame, "input_gate") * matrix(*frame, "candidate"), 0, 1e-7));
    // What the net answers with free gates is still there to compare with.
    QCOMPARE(curve(*frame, "prediction", "free").y, curve(*free->frame(), "prediction", "loss").y);
  }

  void aPlainRnnHasNoGatesToShow() {
    const auto run = trained({{"cell", "rnn"}, {"clamp", "forget"}, {"probe", kProbe}});
    const auto frame = run->frame();
    for (const char* gate : {"input_gate", "forget_gate", "output_gate"})
      QVERIFY(matrix(*frame, gate).isnan().all().item<bool>());
    QVERIFY(torch::equal(matrix(*frame, "cell_state"), matrix(*frame, "hidden_state")));
    QVERIFY(run->records().find("rnn/loss") < 0);  // it is its own rival
  }

  void theDiagramShowsTheChosenUnitAndStep() {
    const auto run = trained({{"probe", kProbe}, {"unit", "3"}, {"time", "4"}});
    const auto value = [](const Frame& frame, const std::string& id) {
      for (const GraphData::Node& node : std::get<GraphData>(frame.views.at("cell")).nodes)
        if (node.id == id) return node.value.value_or(NAN);
      return double(NAN);
    };
    auto frame = run->frame();
    QCOMPARE(float(value(*frame, "f")), matrix(*frame, "forget_gate")[3][4].item<float>());
    QCOMPARE(float(value(*frame, "c_before")), matrix(*frame, "cell_state")[3][3].item<float>());
    QCOMPARE(float(value(*frame, "h")), matrix(*frame, "hidden_state")[3][4].item<float>());
    run->change("unit", std::int64_t{100});  // beyond the layer and the probe: the last ones
    run->change("time", std::int64_t{400});
    frame = run->frame();
    QCOMPARE(float(value(*frame, "c")), matrix(*frame, "cell_state")[5][5].item<float>());
  }

  void theProbeCanBeChangedWhileItLearns() {
    const auto run = trained({});
    const std::string before = run->records().digest();
    run->change("probe", Text{kProbe});
    const auto data = std::get<MatrixData>(run->frame()->views.at("cell_state"));
    QCOMPARE(data.columns, 6);
    QCOMPARE(data.column_labels[1], std::string("0.80*"));
    QCOMPARE(run->records().digest(), before);
    const Message refusal = refusalOf([&] { run->change("probe", Text{"0.3 x"}); });
    QCOMPARE(refusal.key, std::string("error.probe.number"));
  }

  void ownTextIsLearnedAndItsProbeKnowsItsCharacters() {
    const Settings text{{"task", "text"}, {"text", "猫坐在垫子上。"}, {"probe", "猫坐"}};
    const auto run = trained(text);
    const auto answers = std::get<MatrixData>(run->frame()->views.at("answers"));
    QCOMPARE(answers.rows, 7);
    QCOMPARE(answers.columns, 2);
    Settings wrong = text;
    wrong.back().second = "狗";
    const Message refusal = refusalOf([&] { trained(wrong); });
    QCOMPARE(refusal.key, std::string("error.probe.unknown"));
    QCOMPARE(fakes::argumentOf(refusal, "characters"), std::string("狗"));
    QCOMPARE(refusalOf([&] {
               trained({{"task", "text"}, {"text", "aaa"}});
             }).key,
             std::string("error.text.different"));
  }

  void probesThatAskNothingAndDivergenceAreNoMishap() {
    for (const Settings& settings :
         {Settings{{"task", "text"}, {"probe", "t"}}, Settings{{"task", "timing"}, {"probe", "3"}},
          Settings{{"lr", "1"}, {"max_norm", "0"}}, Settings{{"task", "copy"}, {"probe", ">"}}}) {
      const auto run = trained(settings, 25);
      QVERIFY(run->frame());
      QVERIFY(run->status() == RunStatus::Completed || run->divergedAt());
      for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
    }
  }
};

QTEST_GUILESS_MAIN(LstmGatesTest)
#include "lstm_gates_test.moc"
