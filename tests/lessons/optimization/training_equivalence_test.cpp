// SPDX-License-Identifier: GPL-3.0-or-later
// The stacked training against separate torch::nn nets with torch::optim, and against the PyTorch
// program that the Code tab shows: same weights, same batches.
#include <torch/nn.h>
#include <torch/optim.h>
#include <torch/utils.h>

#include <QTest>

#include "lessons/nn/plain_net.h"
#include "lessons/nn/python_pickle.h"
#include "lessons/nn/row_updates.h"
#include "lessons/optimization/classification_task.h"
#include "lessons/optimization/lessons.h"
#include "lessons/optimization/optimizer_training.h"
#include "tests/lessons/experiment_run.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kSteps = 50;

/// What a run with these parameters starts from and sees.
struct Seen {
  TrainingTask task;
  torch::Tensor initial;
  std::vector<Batches::Batch> batches;

  explicit Seen(const Parameters& p)
      : task(makeTask(p, kSeed)),
        initial(initialWeights(task.net.weights, generatorFor(kSeed, kInitialisationStream))) {
    Batches source(task.data.training, p[kTrainingBatch], generatorFor(kSeed, kBatchStream));
    for (std::int64_t i = 0; i < kSteps; ++i) batches.push_back(source.next());
  }
};

/// AdaBelief as its paper writes it, which torch::optim lacks.
struct PaperAdaBelief {
  std::vector<torch::Tensor> m, s;
  std::int64_t t = 0;

  void step(const std::vector<torch::Tensor>& parameters, const Parameters& p) {
    const torch::NoGradGuard no_grad;
    const double beta1 = p.real("adabelief.beta1"), beta2 = p.real("adabelief.beta2");
    t += 1;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (t == 1) {
        m.push_back(torch::zeros_like(parameters[i]));
        s.push_back(torch::zeros_like(parameters[i]));
      }
      const auto g = parameters[i].grad() + p.real("weight_decay") * parameters[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      s[i] = beta2 * s[i] + (1 - beta2) * (g - m[i]).square() + 1e-16;
      const auto m_hat = m[i] / (1 - std::pow(beta1, t));
      const auto s_hat = s[i] / (1 - std::pow(beta2, t));
      parameters[i].sub_(p.real("adabelief.lr") * m_hat / (s_hat.sqrt() + 1e-16));
    }
  }
};

/// Null for AdaBelief.
std::unique_ptr<torch::optim::Optimizer> optimizerOf(Optimizer optimizer, const Parameters& p,
                                                     std::vector<torch::Tensor> weights) {
  namespace optim = torch::optim;
  const double decay = p.real("weight_decay");
  const double lr = p.real(nameOf(optimizer) + ".lr");
  switch (optimizer) {
    case Optimizer::Sgd:
      return std::make_unique<optim::SGD>(weights, optim::SGDOptions(lr).weight_decay(decay));
    case Optimizer::Momentum:
      return std::make_unique<optim::SGD>(
          weights, optim::SGDOptions(lr).momentum(p.real("momentum.beta")).weight_decay(decay));
    case Optimizer::Adagrad:
      return std::make_unique<optim::Adagrad>(
          weights, optim::AdagradOptions(lr).eps(1e-10).weight_decay(decay));
    case Optimizer::RmsProp:
      return std::make_unique<optim::RMSprop>(
          weights,
          optim::RMSpropOptions(lr).alpha(p.real("rmsprop.alpha")).eps(1e-8).weight_decay(decay));
    case Optimizer::Adam:
      return std::make_unique<optim::Adam>(weights,
                                           optim::AdamOptions(lr)
                                               .betas({p.real("adam.beta1"), p.real("adam.beta2")})
                                               .weight_decay(decay));
    case Optimizer::AdamW:
      return std::make_unique<optim::AdamW>(
          weights, optim::AdamWOptions(lr)
                       .betas({p.real("adamw.beta1"), p.real("adamw.beta2")})
                       .weight_decay(p.real("adamw.decay")));
    case Optimizer::AdaBelief:
      break;
  }
  return nullptr;
}

std::vector<double> separateLosses(Optimizer optimizer, const Parameters& p, const Seen& seen) {
  auto net = plainNet(seen.task.net);
  setWeights(net, seen.initial);
  const auto rule = optimizerOf(optimizer, p, net->parameters());
  PaperAdaBelief adabelief;
  std::vector<double> losses;
  for (const auto& [inputs, labels] : seen.batches) {
    const auto loss = torch::nn::functional::cross_entropy(net->forward(inputs), labels);
    net->zero_grad();
    loss.backward();
    if (rule)
      rule->step();
    else
      adabelief.step(net->parameters(), p);
    losses.push_back(loss.item<double>());
  }
  return losses;
}

/// Float32 rounding grows along a trajectory: 1e-7 an operation, more where the loss is curved.
bool agree(double a, double b) { return std::abs(a - b) <= 1e-4 * std::max(0.1, std::abs(b)); }

}  // namespace

class TrainingEquivalenceTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void stackedTrainingEqualsSeparateNets_data() {
    QTest::addColumn<QString>("settings");
    QTest::newRow("mlp on moons") << "";
    QTest::newRow("with weight decay") << "weight_decay=0.1 adamw.decay=0.3 adamw.lr=0.01";
    QTest::newRow("other memories")
        << "momentum.beta=0.5 rmsprop.alpha=0.9 adam.beta1=0.8 adam.beta2=0.99 adamw.beta1=0 "
           "adabelief.beta1=0.5 adabelief.beta2=0.9";
    QTest::newRow("mlp on digits") << "dataset=digits hidden=32";
    QTest::newRow("convnet") << "model=convnet dataset=digits batch_size=32";
    QTest::newRow("embedding") << "model=embedding dataset=sparse-words adagrad.lr=0.1";
  }
  void stackedTrainingEqualsSeparateNets() {
    QFETCH(QString, settings);
    Settings chosen;
    for (const QString& setting : settings.split(' ', Qt::SkipEmptyParts))
      chosen.emplace_back(setting.section('=', 0, 0).toStdString(),
                          setting.section('=', 1).toStdString());
    const auto run = finishedRun("optimizer-training", chosen, kSteps, kSeed);
    QCOMPARE(run->status(), RunStatus::Completed);
    const Seen seen(run->parameters());
    for (Optimizer optimizer : kOptimizers) {
      const auto losses = separateLosses(optimizer, run->parameters(), seen);
      for (std::int64_t step = 1; step <= kSteps; ++step) {
        const double stacked = tests::at(*run, step, nameOf(optimizer) + "/train_loss");
        const double separate = losses[static_cast<std::size_t>(step - 1)];
        QVERIFY2(agree(stacked, separate), qPrintable(QString("%1 at step %2: %3 and %4")
                                                          .arg(nameOf(optimizer).c_str())
                                                          .arg(step)
                                                          .arg(stacked, 0, 'g', 9)
                                                          .arg(separate, 0, 'g', 9)));
      }
    }
  }

  void pythonProgramGivesTheSameLosses() {
    const auto run = finishedRun("optimizer-training", {}, kSteps, kSeed);
    const Seen seen(run->parameters());
    c10::Dict<std::string, torch::Tensor> task;
    std::vector<torch::Tensor> inputs, labels;
    for (const auto& batch : seen.batches) {
      inputs.push_back(batch.inputs);
      labels.push_back(batch.labels);
    }
    task.insert("inputs", torch::stack(inputs));
    task.insert("labels", torch::stack(labels));
    const auto views = weightViews(seen.task.net.weights, seen.initial.unsqueeze(0));
    for (std::size_t i = 0; i < views.size(); ++i)
      task.insert(seen.task.net.weights[i].name, views[i][0].clone());
    const auto lines = runPython("optimizers/optimizer_training.py", pythonPickle(task)).lines;
    QCOMPARE(lines.size(), kSteps + 1);
    const auto names = lines[0].split(',');
    QCOMPARE(names.size(), 7);
    for (int step = 1; step <= kSteps; ++step) {
      const auto cells = lines[step].split(',');
      for (int i = 0; i < names.size(); ++i) {
        const std::string record = names[i].toStdString() + "/train_loss";
        QVERIFY2(agree(tests::at(*run, step, record), cells[i].toDouble()),
                 qPrintable(QString("%1 at step %2: %3 and %4")
                                .arg(record.c_str())
                                .arg(step)
                                .arg(tests::at(*run, step, record), 0, 'g', 9)
                                .arg(cells[i].constData())));
      }
    }
  }

  void decayByGradientIsWorkedOutQuarterByQuarter() {
    // Gradients of sizes 1 to 16 in some order; each quarter of the weights grew by its own factor.
    const std::vector<int> sizes{5, 16, 1, 12, 7, 3, 14, 9, 2, 11, 6, 15, 4, 10, 13, 8};
    Row row = freshRow(torch::ones({16}), torch::zeros({16}));
    for (int i = 0; i < 16; ++i) {
      row.v[i] = double(sizes[i]) * sizes[i];
      row.theta[i] = 1 + (sizes[i] - 1) / 4;
    }
    row.t = 1;
    Adagrad rule;
    rule.learning_rate = 0.1;
    rule.weight_decay = 0.5;
    AdamW decoupled;
    decoupled.learning_rate = 0.1;
    decoupled.decay = 0.5;
    const auto decays = decayByGradient({Optimizer::Adagrad, Optimizer::AdamW}, {rule, decoupled},
                                        {row, row}, torch::ones({16}));
    for (std::size_t quarter = 0; quarter < 4; ++quarter) {
      const double median = 3 + 4.0 * double(quarter);  // the third of four
      QVERIFY(std::abs(decays[0].shares[quarter] - 0.1 * 0.5 / median) < 1e-7);
      QVERIFY(std::abs(decays[0].kept[quarter] - (1 + double(quarter))) < 1e-7);
      QCOMPARE(decays[1].shares[quarter], 0.1 * 0.5);
    }
  }

  void defaultsAreThoseOfTheTextbook() {
    // The catalog pins them, and the PyTorch program repeats the rates.
    const Parameters p(optimizerTraining().parameters);
    QCOMPARE(p[kTrainingHidden], 64);
    QCOMPARE(p[kTrainingBatch], 128);
    QCOMPARE(p[kTrainingSamples], 2000);
    QCOMPARE(p[kTrainingEvaluateEvery], 20);
    const Architecture net = mlp(2, 64, 2);
    QCOMPARE(parameterCount(net.weights), 2 * 64 + 64 + 64 * 64 + 64 + 64 * 2 + 2);
    const auto weights =
        weightViews(net.weights, initialWeights(net.weights, generatorFor(1, 0)).unsqueeze(0));
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double bound = 1 / std::sqrt(static_cast<double>(net.weights[i].fan_in));
      QVERIFY(weights[i].abs().max().item<double>() <= bound);
      if (weights[i].numel() >= 64) QVERIFY(weights[i].abs().max().item<double>() > 0.9 * bound);
    }
  }
};

QTEST_GUILESS_MAIN(TrainingEquivalenceTest)
#include "training_equivalence_test.moc"
