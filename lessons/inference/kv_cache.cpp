// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/kv_cache.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/inference/counted_macs.h"
#include "lessons/inference/grouped_cache.h"
#include "lessons/inference/inference_streams.h"
#include "lessons/inference/measured_times.h"
#include "lessons/inference/served_gpt.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

Transformer cachedNet(const Parameters& p, const ServedText& text, const RunContext& context) {
  TransformerShape shape;
  shape.vocabulary = text.characters.vocabulary();
  shape.context = p[kCachedLength];
  shape.width = kCachedWidth;
  shape.heads = p[kCachedHeads];
  shape.layers = p[kCachedLayers];
  return Transformer(shape, {Manner{.is_causal = true}},
                     generatorFor(context.seed, kServedWeightStream), context.device);
}

class KvCache : public Experiment {
 public:
  KvCache(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        net_(cachedNet(p, text_, context)),
        all_heads_(cachedNet(p, text_, context)),
        tokens_(torch::tensor(text_.learned, torch::kLong)
                    .narrow(0, 0, p[kCachedLength])
                    .to(context.device)) {
    state_.heads = p[kCachedHeads];
    state_.kv_heads = p[kCachedKvHeads];
    shareKeyHeads(net_, state_.kv_heads);
  }

  /// The next token is read twice: alone, with the keys and values of those before it, and again
  /// together with all of them.
  bool step(Recorder& recorder) override {
    const torch::NoGradGuard no_grad;
    const std::int64_t at = state_.step;
    const auto cached = cached_times_.measure([&] {
      KeyValueCache whole = forAllHeads(cache_, state_.heads);
      const auto pass = countedPass(net_, tokens_.narrow(0, at, 1), &whole);
      cache_ = oneOfEachGroup(whole, state_.kv_heads);
      return pass;
    });
    const auto full = full_times_.measure(
        [&] { return countedPass(net_, tokens_.narrow(0, 0, at + 1), nullptr); });
    countedPass(all_heads_, tokens_.narrow(0, at, 1), &all_heads_cache_);

    state_.step += 1;
    state_.bytes = cacheBytes(cache_);
    state_.all_heads_bytes = cacheBytes(all_heads_cache_);
    const double difference = (cached.logits - full.logits).abs().max().item<double>();
    state_.difference = std::max(state_.difference, difference);
    state_.largest_logit = std::max(state_.largest_logit, full.logits.abs().max().item<double>());
    state_.cached_total.push_back(state_.cached_total.back() + static_cast<double>(cached.macs));
    state_.full_total.push_back(state_.full_total.back() + static_cast<double>(full.macs));
    cached_logits_ = numbersOf(cached.logits);
    full_logits_ = numbersOf(full.logits);

    recorder.add("cached_macs", static_cast<double>(cached.macs));
    recorder.add("full_macs", static_cast<double>(full.macs));
    recorder.add("logit_difference", difference);
    recorder.add("largest_logit", state_.largest_logit);
    recorder.add("cached_growth", CacheState::growth(state_.cached_total));
    recorder.add("full_growth", CacheState::growth(state_.full_total));
    record(recorder);
    return state_.step < tokens_.size(0);
  }

  void initial(Recorder& recorder) override { record(recorder); }

  void snapshot(Frame& frame) const override {
    frame.at<BarsData>("logits") = logitBars();
    frame.at<TableData>("costs") = costs();
    frame.at<VerdictData>("verdict") = cacheVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    net_.save(sink);
    sink.add(namedArray("probe.tokens", tokens_));
  }

  void check(CheckSink& sink) const override {
    double macs = 0, full = 0;
    for (std::int64_t n = 1; n <= state_.step; ++n) {
      macs += static_cast<double>(macsByFormula(net_.shape(), 1, n));
      full += static_cast<double>(macsByFormula(net_.shape(), n, n));
    }
    sink.compare("macs",
                 std::max(std::abs(macs - state_.cached_total.back()),
                          std::abs(full - state_.full_total.back())),
                 0.5);
    const auto expected =
        state_.step * cacheBytesPerToken(net_.shape().layers, state_.kv_heads,
                                         kCachedWidth / state_.heads, sizeof(float));
    sink.compare("bytes", static_cast<double>(std::abs(expected - state_.bytes)), 0.5);
  }

 private:
  void record(Recorder& recorder) const {
    recorder.add("cached_total", state_.cached_total.back());
    recorder.add("full_total", state_.full_total.back());
    recorder.add("bytes", static_cast<double>(state_.bytes));
    recorder.add("all-heads/bytes", static_cast<double>(state_.all_heads_bytes));
  }

  BarsData logitBars() const {
    BarsData bars;
    for (const std::string& character : text_.characters.alphabet)
      bars.categories.push_back(character == "\n" ? "↵" : character == " " ? "␣" : character);
    bars.groups = {{"cached", Word{"kv-cache.curve.cached"}, cached_logits_},
                   {"full", Word{"kv-cache.curve.full"}, full_logits_}};
    for (auto& group : bars.groups) group.values.resize(bars.categories.size(), std::nan(""));
    return bars;
  }

  TableData costs() const {
    TableData table;
    for (const char* id : {"way", "total", "early", "median", "late"})
      table.columns.push_back({id});
    const auto add = [&](const char* id, double total, const MeasuredTimes& times) {
      TableData::Row row{id, {Word{std::string("kv-cache.curve.") + id}, total}};
      for (auto& cell : times.cells()) row.cells.push_back(std::move(cell));
      table.rows.push_back(std::move(row));
    };
    add("cached", state_.cached_total.back(), cached_times_);
    add("full", state_.full_total.back(), full_times_);
    return table;
  }

  std::string preset_;
  ServedText text_;
  Transformer net_, all_heads_;  ///< with shared keys and values, and with those of every head
  torch::Tensor tokens_;         ///< [length]
  KeyValueCache cache_, all_heads_cache_;
  MeasuredTimes cached_times_, full_times_;
  std::vector<double> cached_logits_, full_logits_;
  CacheState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeKvCache(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<KvCache>(parameters, context);
}

}  // namespace viva
