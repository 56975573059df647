// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/tuning_team.h"

#include <torch/utils.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "lessons/data/dataset.h"
#include "lessons/fine_tuning/adalora.h"
#include "lessons/fine_tuning/digit_tasks.h"
#include "lessons/fine_tuning/fine_tuning_streams.h"
#include "lessons/fine_tuning/four_bits.h"
#include "lessons/fine_tuning/lora.h"
#include "lessons/fine_tuning/soft_prompts.h"
#include "lessons/fine_tuning/vera.h"
#include "lessons/nn/row_updates.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kNf4Block = 64;
/// Wider ones are a team of their own, lest all others are padded to them.
constexpr std::int64_t kWideRank = 9;
constexpr std::int64_t kNumbersATrained = 4, kBytesANumber = 4;

class FullTeam : public TuningTeam {
 public:
  using TuningTeam::TuningTeam;

  torch::Tensor logits(const torch::Tensor& tokens) const override { return net_->forward(tokens); }
  torch::Tensor update(const torch::Tensor& tokens, const torch::Tensor& targets,
                       double rate) override {
    const auto losses = tokenLoss(logits(tokens), targets);
    net_->weights().differentiate(losses);
    net_->weights().update(Adam{rate * members_[0].rate});
    return losses.detach();
  }
  std::int64_t trained(std::size_t) const override { return net_->parameters(); }
  torch::Tensor frozen(std::size_t) const override { return {}; }
  void save(WeightSink& sink) const override {
    for (std::size_t i = 0; i < members_.size(); ++i)
      net_->save(sink, static_cast<std::int64_t>(i), members_[i].id + ".");
  }
};

/// Trains tensors beside a net that stays as it is.
class TeamBeside : public TuningTeam {
 public:
  TeamBeside(const PretrainedBase& base, std::vector<Contender> members,
             std::vector<std::vector<WeightShape>> shapes, const TuningSetting& setting)
      : TuningTeam(base, std::move(members)),
        device_(setting.device),
        drawn_(generatorFor(setting.seed, kDrawnRankStream)) {
    std::vector<WeightShape> all;
    std::int64_t first = 0;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      parts_.push_back({all.size(), shapes[i].size(), first, parameterCount(shapes[i])});
      first += parts_.back().count;
      for (WeightShape& shape : shapes[i]) {
        shape.name = members_[i].id + "." + shape.name;
        all.push_back(std::move(shape));
      }
    }
    beside_.emplace(std::move(all), torch::zeros({1, first}).to(device_));
  }

  torch::Tensor update(const torch::Tensor& tokens, const torch::Tensor& targets,
                       double rate) override {
    step_ += 1;
    begin(drawn_);
    const auto losses = tokenLoss(logits(tokens), targets);  // [members]
    // None depends on another's numbers, so the sum has each member's gradients.
    beside_->differentiate((losses.sum() + penalty()).view({1}));
    const torch::NoGradGuard no_grad;
    if (rows_.empty())
      for (const Part& part : parts_)
        rows_.push_back(freshRow(beside_->flat()[0].narrow(0, part.first, part.count),
                                 beside_->gradients()[0].narrow(0, part.first, part.count)));
    for (std::size_t i = 0; i < members_.size(); ++i)
      viva::update(Adam{rate * members_[i].rate}, rows_[i]);
    finish();
    return losses.detach();
  }

  std::int64_t trained(std::size_t member) const override { return parts_[member].count; }
  void save(WeightSink& sink) const override { beside_->save(sink, ""); }

 protected:
  virtual void begin(const at::Generator&) {}
  virtual torch::Tensor penalty() const { return torch::zeros({}).to(device_); }
  virtual void finish() {}

  /// What `member` trains, in the order of its shapes.
  std::vector<torch::Tensor> own(std::size_t member) const {
    return views(member, beside_->leaves());
  }
  std::vector<torch::Tensor> gradients(std::size_t member) const {
    return views(member, weightViews(beside_->shapes(), beside_->gradients()));
  }
  std::int64_t step() const { return step_; }

 private:
  struct Part {
    std::size_t leaf, leaves;
    std::int64_t first, count;
  };
  std::vector<torch::Tensor> views(std::size_t member,
                                   const std::vector<torch::Tensor>& all) const {
    const Part& part = parts_[member];
    std::vector<torch::Tensor> made;
    for (std::size_t i = 0; i < part.leaves; ++i) made.push_back(all[part.leaf + i].squeeze(0));
    return made;
  }

  std::string device_;
  at::Generator drawn_;
  std::vector<Part> parts_;
  std::optional<FlatWeights> beside_;
  std::vector<Row> rows_;  ///< a member each
  std::int64_t step_ = 0;
};

std::vector<std::vector<WeightShape>> promptShapes(const std::vector<Contender>& members) {
  std::vector<std::vector<WeightShape>> shapes;
  for (const Contender& member : members) shapes.push_back(softPromptShapes(member, baseShape()));
  return shapes;
}

/// Prompts in front of the embeddings, or keys and values in front of those of each layer.
class PromptTeam : public TeamBeside {
 public:
  PromptTeam(const PretrainedBase& base, const std::vector<Contender>& members,
             const TuningSetting& setting)
      : TeamBeside(base, members, promptShapes(members), setting) {
    const torch::NoGradGuard no_grad;
    const auto embeddings = base.net().weights().leaves()[0][0].narrow(0, 0, kNewTaskToken);
    for (std::size_t i = 0; i < members_.size(); ++i) {
      auto mine = own(i);
      startSoftPrompt(members_[i], mine, embeddings, generatorFor(setting.seed, kAdapterStream));
    }
  }

  torch::Tensor logits(const torch::Tensor& tokens) const override {
    return members_[0].method == PeftMethod::Prompt ? behindPrompts(tokens)
                                                    : behindKeysAndValues(tokens);
  }
  std::int64_t kept(std::size_t member) const override {
    return keptNumbers(members_[member], net_->shape());
  }

 private:
  torch::Tensor behindPrompts(const torch::Tensor& tokens) const {
    const auto x = net_->embedded(tokens);  // [members, batch, length, d]
    std::vector<torch::Tensor> prompts;
    for (std::size_t i = 0; i < members_.size(); ++i) prompts.push_back(own(i)[0]);
    const auto prompt = torch::stack(prompts).unsqueeze(1);  // [members, 1, p, d]
    const std::int64_t length = prompt.size(2);
    const auto joined = torch::cat({prompt.expand({-1, x.size(1), -1, -1}), x}, 2);
    return net_->readOut(net_->hidden(joined).narrow(2, length, x.size(2)));
  }

  torch::Tensor behindKeysAndValues(const torch::Tensor& tokens) const {
    std::vector<torch::Tensor> deep;
    for (std::size_t i = 0; i < members_.size(); ++i)
      deep.push_back(deepPrompt(members_[i], own(i), net_->shape()));
    const auto all = torch::stack(deep);  // [members, layers, 2, p, d]
    const std::int64_t heads = net_->shape().heads;
    const auto ofHeads = [&](std::int64_t layer, std::int64_t which) {
      const auto one = all.select(1, layer).select(1, which);  // [members, p, d]
      return one.view({one.size(0), 1, one.size(1), heads, -1}).transpose(2, 3);
    };
    BlockHooks hooks;
    hooks.prefix = [&](std::int64_t layer) {
      return std::pair{ofHeads(layer, 0), ofHeads(layer, 1)};
    };
    Reading reading;
    reading.hooks = &hooks;
    return net_->forward(tokens, reading);
  }
};

struct Adapters {
  std::vector<std::unique_ptr<Adapter>> all;
  std::vector<std::vector<WeightShape>> shapes() const {
    std::vector<std::vector<WeightShape>> shapes;
    for (const auto& adapter : all) shapes.push_back(adapter->shapes());
    return shapes;
  }
};

Adapters adaptersOf(const std::vector<Contender>& members, const TuningSetting& setting) {
  Adapters made;
  for (const Contender& member : members)
    made.all.push_back(makeAdapter(member, adaptedMatrices(baseShape()), setting,
                                   generatorFor(setting.seed, kAdapterStream)));
  return made;
}

/// B A beside each matrix.
class LowRankTeam : public TeamBeside {
 public:
  LowRankTeam(const PretrainedBase& base, const std::vector<Contender>& members,
              const TuningSetting& setting)
      : LowRankTeam(base, members, setting, adaptersOf(members, setting)) {}

  torch::Tensor logits(const torch::Tensor& tokens) const override {
    const StackedFactors factors(matrices_, allFactors());
    BlockHooks hooks;
    hooks.at = [&](std::int64_t layer, Site site, const torch::Tensor& input,
                   const torch::Tensor& output) {
      return factors.added(layer, site, input, output);
    };
    Reading reading;
    reading.hooks = &hooks;
    return net_->forward(tokens, reading);
  }

  void save(WeightSink& sink) const override {
    TeamBeside::save(sink);
    for (const auto& adapter : adapters_) adapter->saveFrozen(sink);
  }

  std::unique_ptr<Transformer> merged(std::size_t member) const override {
    const torch::NoGradGuard no_grad;
    const auto mine = own(member);
    auto net =
        std::make_unique<Transformer>(net_->shape(), std::vector<Manner>{Manner{}},
                                      generatorFor(0, 0), net_->weights().flat().device().str());
    net->weights().flat()[0].copy_(net_->weights().flat()[static_cast<std::int64_t>(member)]);
    for (const AdaptedMatrix& matrix : matrices_)
      weightOf(*net, matrix)[0].add_(change(member, matrix));
    return net;
  }

  torch::Tensor change(std::size_t member, const AdaptedMatrix& matrix) const override {
    const auto found = std::find_if(matrices_.begin(), matrices_.end(),
                                    [&](const auto& one) { return one.title() == matrix.title(); });
    const Factors factors = adapters_[member]->factors(
        own(member), static_cast<std::size_t>(found - matrices_.begin()));
    return factors.b.matmul(factors.a);
  }

  std::vector<std::int64_t> ranks(std::size_t member) const override {
    const auto* ada = dynamic_cast<const AdaLora*>(adapters_[member].get());
    return ada ? ada->ranks(own(member)) : std::vector<std::int64_t>{};
  }

 private:
  LowRankTeam(const PretrainedBase& base, const std::vector<Contender>& members,
              const TuningSetting& setting, Adapters adapters)
      : TeamBeside(base, members, adapters.shapes(), setting),
        matrices_(adaptedMatrices(baseShape())),
        adapters_(std::move(adapters.all)) {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      auto mine = own(i);
      adapters_[i]->start(mine, generatorFor(setting.seed, kAdapterStream));
      storeAs(members_[i], *net_, static_cast<std::int64_t>(i));
    }
  }

  std::vector<std::vector<Factors>> allFactors() const {
    std::vector<std::vector<Factors>> all(members_.size());
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const auto mine = own(i);
      for (std::size_t matrix = 0; matrix < matrices_.size(); ++matrix)
        all[i].push_back(adapters_[i]->factors(mine, matrix));
    }
    return all;
  }

  void begin(const at::Generator& generator) override {
    for (const auto& adapter : adapters_) adapter->begin(generator);
  }
  torch::Tensor penalty() const override {
    auto sum = TeamBeside::penalty();
    for (std::size_t i = 0; i < members_.size(); ++i)
      if (const auto one = adapters_[i]->penalty(own(i)); one.defined()) sum = sum + one;
    return sum;
  }
  void finish() override {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      auto mine = own(i);
      adapters_[i]->finish(mine, gradients(i), step());
    }
  }

  std::vector<AdaptedMatrix> matrices_;
  std::vector<std::unique_ptr<Adapter>> adapters_;
};

std::int64_t adaptedNumbers() {
  std::int64_t numbers = 0;
  for (const AdaptedMatrix& matrix : adaptedMatrices(baseShape()))
    numbers += matrix.out * matrix.in;
  return numbers;
}

}  // namespace

TuningTeam::TuningTeam(const PretrainedBase& base, std::vector<Contender> members)
    : members_(std::move(members)),
      net_(std::make_unique<Transformer>(
          copiesOf(base, static_cast<std::int64_t>(members_.size())))) {}

std::int64_t TuningTeam::bytes(std::size_t member) const {
  return frozenBytes(members_[member], *net_) + trained(member) * kNumbersATrained * kBytesANumber;
}

std::unique_ptr<Adapter> makeAdapter(const Contender& contender,
                                     const std::vector<AdaptedMatrix>& matrices,
                                     const TuningSetting& setting, at::Generator generator) {
  switch (contender.method) {
    case PeftMethod::DyLora:
      return std::make_unique<DyLora>(matrices, contender.rank, contender.scale);
    case PeftMethod::AdaLora:
      return std::make_unique<AdaLora>(matrices, contender.rank, contender.scale, contender.budget,
                                       setting.falls_from, setting.falls_until);
    case PeftMethod::QaLora:
      return std::make_unique<QaLora>(matrices, contender.rank, contender.scale);
    case PeftMethod::Vera:
      return std::make_unique<Vera>(matrices, contender.rank, std::move(generator));
    default:
      return std::make_unique<Lora>(matrices, contender.rank, contender.scale);
  }
}

std::int64_t frozenBytes(const Contender& contender, const Transformer& net) {
  if (contender.method == PeftMethod::Full) return 0;
  const std::int64_t matrices = adaptedNumbers(), others = net.parameters() - matrices;
  double bits = 8 * kBytesANumber;
  if (contender.method == PeftMethod::QLora) bits = bitsAWeight(kNf4Block, true);
  // A scale and a zero point, both float32, for each group.
  if (contender.method == PeftMethod::QaLora) bits = 4 + 64.0 / static_cast<double>(kQaGroup);
  return others * kBytesANumber +
         static_cast<std::int64_t>(static_cast<double>(matrices) * bits / 8);
}

void storeAs(const Contender& contender, Transformer& net, std::int64_t copy) {
  const torch::NoGradGuard no_grad;
  for (const AdaptedMatrix& matrix : adaptedMatrices(net.shape())) {
    auto weight = weightOf(net, matrix)[copy];
    if (contender.method == PeftMethod::QLora)
      weight.copy_(roundedToFourBits(weight, FourBitCode::Nf4, kNf4Block));
    if (contender.method == PeftMethod::QaLora)
      weight.copy_(roundedToFourBits(weight, FourBitCode::Uniform4, kQaGroup));
  }
}

std::vector<std::unique_ptr<TuningTeam>> teamsOf(const std::vector<Contender>& contenders,
                                                 const PretrainedBase& base,
                                                 const TuningSetting& setting) {
  std::vector<Contender> full, prompts, deep, narrow, wide;
  for (const Contender& contender : contenders) {
    switch (contender.method) {
      case PeftMethod::Full:
        full.push_back(contender);
        break;
      case PeftMethod::Prompt:
        prompts.push_back(contender);
        break;
      case PeftMethod::Prefix:
      case PeftMethod::PTuningV2:
        deep.push_back(contender);
        break;
      default:
        (contender.rank >= kWideRank ? wide : narrow).push_back(contender);
    }
  }
  std::vector<std::unique_ptr<TuningTeam>> teams;
  if (!full.empty()) teams.push_back(std::make_unique<FullTeam>(base, full));
  if (!prompts.empty()) teams.push_back(std::make_unique<PromptTeam>(base, prompts, setting));
  if (!deep.empty()) teams.push_back(std::make_unique<PromptTeam>(base, deep, setting));
  if (!narrow.empty()) teams.push_back(std::make_unique<LowRankTeam>(base, narrow, setting));
  if (!wide.empty()) teams.push_back(std::make_unique<LowRankTeam>(base, wide, setting));
  return teams;
}

}  // namespace viva
