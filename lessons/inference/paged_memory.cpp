// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/paged_memory.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lessons/data/dataset.h"
#include "lessons/inference/inference_streams.h"
#include "lessons/inference/paged_cache.h"
#include "lessons/inference/served_gpt.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kShortest = 24;

Transformer pagedNet(const ServedText& text, const RunContext& context) {
  TransformerShape shape;
  shape.vocabulary = text.characters.vocabulary();
  shape.context = kLongestPaged;
  shape.width = 32;
  shape.heads = 2;
  shape.layers = 2;
  return Transformer(shape, {Manner{.is_causal = true}},
                     generatorFor(context.seed, kServedWeightStream), context.device);
}

/// A sequence that is served: its text is known, and read token by token.
struct PagedRequest {
  torch::Tensor tokens;  ///< [length]
  BlockTable table;
  std::int64_t read = 0;  ///< how far it has come; more than table.length after a preemption
  enum class Being { Waiting, Running, Finished } being = Being::Waiting;
  bool was_preempted = false;
};

class PagedMemory : public Experiment {
 public:
  PagedMemory(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        net_(pagedNet(text_, context)),
        cache_(net_.shape(), p[kBlockSize], p[kPool], torch::Device(context.device)) {
    state_.block = p[kBlockSize];
    state_.pool = p[kPool];
    state_.sequences = p[kSequences];
    state_.prefix = p[kSharedPrefix];
    const auto all = torch::tensor(text_.learned, torch::kLong).to(context.device);
    const auto drawn = numbersOf(torch::rand(
        {2, state_.sequences}, generatorFor(context.seed, kArrivalStream), torch::kDouble));
    const auto prefix = all.narrow(0, 0, state_.prefix);
    for (std::int64_t i = 0; i < state_.sequences; ++i) {
      const auto most = static_cast<double>(kLongestPaged - state_.prefix - kShortest);
      const auto own = kShortest + static_cast<std::int64_t>(drawn[i] * (most + 1));
      const auto from = static_cast<std::int64_t>(drawn[state_.sequences + i] * 10'000);
      requests_.push_back({torch::cat({prefix, all.narrow(0, from, own)}), {}});
    }
  }

  /// Every running sequence reads its next token, by keys and values from its blocks.
  bool step(Recorder& recorder) override {
    const torch::NoGradGuard no_grad;
    for (PagedRequest& one : requests_)
      if (one.being == PagedRequest::Being::Finished) cache_.release(one.table);
    admit();
    double difference = 0, largest = 0;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      PagedRequest& one = requests_[i];
      if (one.being != PagedRequest::Being::Running) continue;
      if (!makeRoomFor(i)) continue;  // it had to go itself
      const auto logits = readNext(one);
      const auto whole = net_.forward(one.tokens.narrow(0, 0, one.read).unsqueeze(0))[0][0][-1];
      largest = std::max(largest, whole.abs().max().item<double>());
      difference = std::max(difference, (logits - whole).abs().max().item<double>());
    }
    state_.step += 1;
    count(difference);
    record(recorder);
    recorder.add("logit_difference", difference);
    recorder.add("largest_logit", largest);
    for (PagedRequest& one : requests_)
      if (one.being == PagedRequest::Being::Running && one.read == one.tokens.size(0)) {
        one.being = PagedRequest::Being::Finished;
        state_.finished += 1;
      }
    return state_.finished < state_.sequences;
  }

  void initial(Recorder& recorder) override { record(recorder); }

  void snapshot(Frame& frame) const override {
    frame.at<MatrixData>("pages") = pages();
    frame.at<TokensData>("tables") = tables();
    frame.at<VerdictData>("verdict") = pagedVerdict(preset_, state_);
  }

  void save(WeightSink& sink) const override {
    net_.save(sink);
    for (std::size_t i = 0; i < requests_.size(); ++i)
      sink.add(namedArray("probe.tokens." + std::to_string(i), requests_[i].tokens));
  }

  /// What the blocks hold, against keys and values of one pass over all tokens.
  void check(CheckSink& sink) const override {
    const torch::NoGradGuard no_grad;
    double off = 0;
    for (const PagedRequest& one : requests_) {
      if (one.table.length == 0) continue;
      KeyValueCache fresh;
      Reading how;
      how.cache = &fresh;
      net_.forward(one.tokens.narrow(0, 0, one.table.length).unsqueeze(0), how);
      const KeyValueCache paged = cache_.gathered(one.table);
      for (std::size_t layer = 0; layer < fresh.layers.size(); ++layer)
        off = std::max(
            off, (fresh.layers[layer].keys - paged.layers[layer].keys).abs().max().item<double>());
    }
    sink.compare("blocks", off, 1e-4);
  }

 private:
  /// Those that wait begin or go on, the first first, while there are blocks for all they have read
  /// and one token more.
  void admit() {
    for (PagedRequest& one : requests_) {
      if (one.being != PagedRequest::Being::Waiting) continue;
      if (const PagedRequest* like = withPrefix(); like && one.read <= state_.prefix)
        one.table = cache_.shared(firstPart(*like));
      const std::int64_t missing = std::max(one.read, state_.prefix) - one.table.length;
      if (cache_.needed(one.table, missing + 1) > cache_.freeBlocks()) {
        cache_.release(one.table);
        return;
      }
      one.being = PagedRequest::Being::Running;
      if (one.was_preempted) state_.recomputed += missing;
      one.read = std::max(one.read, state_.prefix);
      if (missing > 0) readAgain(one, missing);
    }
  }

  /// A running sequence whose first blocks hold the prefix, if there is one to share.
  const PagedRequest* withPrefix() const {
    if (state_.prefix == 0) return nullptr;
    const auto found = std::find_if(requests_.begin(), requests_.end(), [&](const auto& one) {
      return one.being == PagedRequest::Being::Running && one.table.length == state_.prefix;
    });
    return found == requests_.end() ? nullptr : &*found;
  }
  static const BlockTable& firstPart(const PagedRequest& one) { return one.table; }

  /// All that is missing in one pass, as a prompt is read.
  void readAgain(PagedRequest& one, std::int64_t missing) {
    KeyValueCache cache = cache_.gathered(one.table);
    Reading how;
    how.cache = &cache;
    net_.forward(one.tokens.narrow(0, one.table.length, missing).unsqueeze(0), how);
    cache_.append(one.table, cache, missing);
  }

  torch::Tensor readNext(PagedRequest& one) {
    KeyValueCache cache = cache_.gathered(one.table);
    Reading how;
    how.cache = &cache;
    const auto logits = net_.forward(one.tokens.narrow(0, one.read, 1).unsqueeze(0), how)[0][0][0];
    cache_.append(one.table, cache, 1);
    one.read += 1;
    return logits;
  }

  /// While there is no block for its next token, the youngest running sequence is preempted; false
  /// where that was this one.
  bool makeRoomFor(std::size_t number) {
    while (cache_.needed(requests_[number].table, 1) > cache_.freeBlocks()) {
      std::size_t youngest = number;
      for (std::size_t i = 0; i < requests_.size(); ++i)
        if (requests_[i].being == PagedRequest::Being::Running) youngest = std::max(youngest, i);
      PagedRequest& one = requests_[youngest];
      cache_.release(one.table);
      one.being = PagedRequest::Being::Waiting;
      one.was_preempted = true;
      state_.preemptions += 1;
      if (youngest == number) return false;
    }
    return true;
  }

  void count(double difference) {
    std::vector<std::int64_t> lengths;
    std::int64_t unshared = 0;
    for (const PagedRequest& one : requests_) {
      if (one.being != PagedRequest::Being::Running) continue;
      lengths.push_back(one.table.length);
      unshared += (one.table.length + state_.block - 1) / state_.block;
      state_.most_wasted_a_sequence =
          std::max(state_.most_wasted_a_sequence, emptySlots({one.table.length}, state_.block));
      state_.reserved_slots += static_cast<double>(kLongestPaged);
      state_.reserved_waste += static_cast<double>(kLongestPaged - one.table.length);
    }
    state_.used_blocks = cache_.usedBlocks();
    state_.most_blocks = std::max(state_.most_blocks, state_.used_blocks);
    state_.most_unshared = std::max(state_.most_unshared, unshared);
    state_.copies = cache_.copies();
    state_.used_slots += static_cast<double>(state_.used_blocks * state_.block);
    state_.wasted_slots += static_cast<double>(cache_.wastedSlots());
    for (std::size_t i = 0; i < kBlockSizes.size(); ++i) {
      const std::int64_t empty = emptySlots(lengths, kBlockSizes[i]);
      state_.waste[i] += static_cast<double>(empty);
      for (const std::int64_t length : lengths) state_.slots[i] += static_cast<double>(length);
      state_.slots[i] += static_cast<double>(empty);
    }
    state_.largest_difference = std::max(state_.largest_difference, difference);
    unshared_ = unshared;
  }

  void record(Recorder& recorder) const {
    recorder.add("used_blocks", static_cast<double>(state_.used_blocks));
    recorder.add("unshared_blocks", static_cast<double>(unshared_));
    recorder.add("wasted_slots", static_cast<double>(cache_.wastedSlots()));
    recorder.add("preemptions", static_cast<double>(state_.preemptions));
    recorder.add("recomputed", static_cast<double>(state_.recomputed));
    recorder.add("copies", static_cast<double>(state_.copies));
    recorder.add("finished", static_cast<double>(state_.finished));
    recorder.add("paged/waste", state_.wastedShare());
    recorder.add("reserved/waste", state_.reservedShare());
    for (std::size_t i = 0; i < kBlockSizes.size(); ++i)
      recorder.add("block-" + std::to_string(kBlockSizes[i]) + "/waste", state_.share(i));
  }

  /// A row a block, a column a slot: the number of the sequence, and of those that share it the
  /// number behind the last.
  MatrixData pages() const {
    MatrixData matrix;
    std::vector<float> values(static_cast<std::size_t>(cache_.pool() * state_.block), 0);
    for (std::size_t i = 0; i < requests_.size(); ++i)
      for (const std::int64_t block : requests_[i].table.blocks)
        for (std::int64_t slot = 0; slot < cache_.filled(block); ++slot)
          values[static_cast<std::size_t>(block * state_.block + slot)] =
              static_cast<float>(cache_.references(block) > 1 ? state_.sequences + 1
                                                              : static_cast<std::int64_t>(i) + 1);
    matrix.rows = static_cast<int>(cache_.pool());
    matrix.columns = static_cast<int>(state_.block);
    matrix.values = shareFloats(std::move(values));
    matrix.minimum = 0;
    matrix.maximum = static_cast<double>(state_.sequences + 1);
    return matrix;
  }

  TokensData tables() const {
    TokensData tokens;
    tokens.minimum = 0;
    tokens.maximum = static_cast<double>(std::max<std::int64_t>(2, state_.sequences));
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const PagedRequest& one = requests_[i];
      const char* being = one.being == PagedRequest::Being::Running    ? "running"
                          : one.being == PagedRequest::Being::Finished ? "done"
                          : one.was_preempted                          ? "preempted"
                                                                       : "waiting";
      TokensData::Row row{std::to_string(i + 1), std::to_string(i + 1), {}};
      row.pieces.push_back({std::to_string(one.read) + "/" + std::to_string(one.tokens.size(0)),
                            std::nullopt,
                            {std::string("paged-memory.being.") + being, {}}});
      for (const std::int64_t block : one.table.blocks)
        row.pieces.push_back(
            {"#" + std::to_string(block), static_cast<double>(cache_.references(block)), {}});
      tokens.rows.push_back(std::move(row));
    }
    return tokens;
  }

  std::string preset_;
  ServedText text_;
  Transformer net_;
  PagedCache cache_;
  std::vector<PagedRequest> requests_;
  std::int64_t unshared_ = 0;
  PagedState state_;
};

}  // namespace

std::unique_ptr<Experiment> makePagedMemory(const Parameters& parameters,
                                            const RunContext& context) {
  return std::make_unique<PagedMemory>(parameters, context);
}

}  // namespace viva
