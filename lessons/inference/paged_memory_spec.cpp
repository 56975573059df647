// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/inference/lessons.h"
#include "lessons/inference/paged_memory.h"

namespace viva {
namespace {

const std::string kId = "paged-memory",
                  kProgram = "resources/lessons/inference-deployment/paged_memory.py";

constexpr double kSameLogits = 1e-4;

bool isSame(const PagedState& s) { return s.largest_difference <= kSameLogits; }

bool wastesLittle(const PagedState& s) {
  return isSame(s) && s.most_wasted_a_sequence < s.block && s.wastedShare() < s.reservedShare() / 2;
}
bool wastesMoreInLargerBlocks(const PagedState& s) {
  return s.share(0) < s.share(1) && s.share(1) < s.share(2) && s.share(2) >= 5 * s.share(0);
}
bool isCopiedOnWrite(const PagedState& s) {
  return isSame(s) && s.copies == s.sequences - 1 && s.most_blocks < s.most_unshared;
}
std::optional<bool> isComputedAgain(const PagedState& s) {
  if (s.finished < s.sequences) return std::nullopt;
  return isSame(s) && s.preemptions >= 1 && s.recomputed > 0;
}

const Claims<PagedState> kClaims{
    {"pages-fill", 60, wastesLittle},
    {"fragmentation", 60, wastesMoreInLargerBlocks},
    {"copy-on-write", 20, isCopiedOnWrite},
    {"preempt-and-recompute", 400, isComputedAgain, When::Once},
};

std::optional<Message> validate(const Parameters& p) {
  const std::int64_t needed = (kLongestPaged + p[kBlockSize] - 1) / p[kBlockSize] + 1;
  if (p[kPool] < needed)
    return Message{"error.inference.pool",
                   {{"pool", p[kPool]},
                    {"needed", needed},
                    {"block", p[kBlockSize]},
                    {"longest", kLongestPaged}}};
  return std::nullopt;
}

std::vector<RecordSpec> records(const Parameters&) {
  std::vector<RecordSpec> records;
  for (const char* name :
       {"used_blocks", "unshared_blocks", "wasted_slots", "preemptions", "recomputed", "copies",
        "finished", "logit_difference", "largest_logit", "paged/waste", "reserved/waste"})
    records.push_back({name, ""});
  for (const std::int64_t size : kBlockSizes)
    records.push_back({"block-" + std::to_string(size) + "/waste", ""});
  return records;
}

std::vector<ViewSpec> views() {
  return {
      matrix("pages").xAxis("axis.paged_slot").yAxis("axis.paged_block").large(),
      tokens("tables"),
      series("blocks", {"used_blocks", "unshared_blocks"}).yAxis("axis.paged_blocks"),
      series("waste", {"*/waste"}).yAxis("axis.paged_waste"),
      series("events", {"preemptions", "copies"}).yAxis("axis.paged_events"),
      series("again", {"recomputed"}).yAxis("axis.paged_tokens"),
      series("difference", {"logit_difference"}).yAxis("axis.cache_difference").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("pages-fill")
          .with({{"pool", "36"}})
          .lasting(60)
          .showing("pages", {"waste", "tables"})
          .about({"paged", "reserved"}),
      preset("fragmentation")
          .with({{"sequences", "10"}, {"pool", "96"}})
          .lasting(60)
          .showing("waste", {"pages"})
          .about({"block-4", "block-16", "block-48"}),
      preset("copy-on-write")
          .with({{"shared_prefix", "40"}})
          .lasting(24)
          .showing("blocks", {"pages", "tables"}),
      preset("preempt-and-recompute")
          .with({{"pool", "12"}})
          .lasting(400)
          .showing("events", {"again", "tables"}),
  };
}

}  // namespace

VerdictData pagedVerdict(const std::string& preset, const PagedState& s) {
  return judged(kId, kClaims, preset, s.step, s,
                {{"steps", s.step},
                 {"block", s.block},
                 {"most_wasted", s.most_wasted_a_sequence},
                 {"waste", s.wastedShare()},
                 {"reserved", s.reservedShare()},
                 {"small", s.share(0)},
                 {"middle", s.share(1)},
                 {"large", s.share(2)},
                 {"copies", s.copies},
                 {"used", s.used_blocks},
                 {"most", s.most_blocks},
                 {"unshared", s.most_unshared},
                 {"prefix", s.prefix},
                 {"preemptions", s.preemptions},
                 {"recomputed", s.recomputed},
                 {"finished", s.finished},
                 {"sequences", s.sequences},
                 {"difference", s.largest_difference}});
}

const ExperimentSpec& pagedMemory() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kBlockSize, kPool, kSequences, kSharedPrefix};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"blocks"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 400;
    made.sources = {"lessons/inference/paged_memory.cpp", "lessons/inference/paged_cache.cpp"};
    made.equivalent = kProgram;
    made.make = makePagedMemory;
    return made;
  }();
  return spec;
}

}  // namespace viva
