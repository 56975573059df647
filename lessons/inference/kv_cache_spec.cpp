// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/inference/kv_cache.h"
#include "lessons/inference/lessons.h"

namespace viva {
namespace {

const std::string kId = "kv-cache", kProgram = "resources/lessons/inference-deployment/kv_cache.py";

constexpr double kRounding = 1e-4;

bool isTheSame(const CacheState& s) {
  return s.difference <= kRounding && s.largest_logit >= 1000 * kRounding;
}
/// Twice the tokens: near four times the work without a cache, near twice with one.
bool growsWithTheSquare(const CacheState& s) {
  const double full = CacheState::growth(s.full_total), cached = CacheState::growth(s.cached_total);
  return full >= 3.5 && full <= 5.5 && cached >= 1.9 && cached <= 2.6;
}
bool isSmallerByTheGroup(const CacheState& s) {
  return s.kv_heads < s.heads && s.bytes * s.heads == s.all_heads_bytes * s.kv_heads &&
         s.difference <= kRounding;
}

const Claims<CacheState> kClaims{
    {"same-logits", 64, isTheSame},
    {"work-grows-with-the-square", 256, growsWithTheSquare},
    {"grouped-heads", 64, isSmallerByTheGroup},
};

std::optional<Message> validate(const Parameters& p) {
  const std::int64_t heads = p[kCachedHeads], kv_heads = p[kCachedKvHeads];
  if (kCachedWidth % heads != 0)
    return Message{"error.inference.heads", {{"width", kCachedWidth}, {"heads", heads}}};
  if (heads % kv_heads != 0)
    return Message{"error.inference.kv_heads", {{"kv_heads", kv_heads}, {"heads", heads}}};
  return std::nullopt;
}

std::vector<RecordSpec> records(const Parameters&) {
  return {{"cached_macs", ""},
          {"full_macs", ""},
          {"cached_total", ""},
          {"full_total", ""},
          {"logit_difference", ""},
          {"bytes", "unit.bytes"},
          {"all-heads/bytes", "unit.bytes"},
          {"cached_growth", ""},
          {"full_growth", ""},
          {"largest_logit", ""}};
}

std::vector<ViewSpec> views() {
  return {
      bars("logits").xAxis("axis.cache_character").yAxis("axis.cache_logit"),
      series("work", {"cached_total", "full_total"}).yAxis("axis.cache_total").large(),
      series("each", {"cached_macs", "full_macs"}).yAxis("axis.cache_macs").logarithmicY(),
      series("growth", {"cached_growth", "full_growth"}).yAxis("axis.cache_growth"),
      series("difference", {"logit_difference"}).yAxis("axis.cache_difference"),
      series("memory", {"bytes", "all-heads/bytes"}).yAxis("axis.cache_bytes", "unit.bytes"),
      table("costs"),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("same-logits")
          .with({{"length", "64"}})
          .lasting(64)
          .showing("logits", {"difference", "costs"}),
      preset("work-grows-with-the-square")
          .with({{"length", "256"}})
          .lasting(256)
          .showing("work", {"growth", "costs"}),
      preset("grouped-heads")
          .with({{"length", "64"}, {"kv_heads", "2"}})
          .lasting(64)
          .showing("memory", {"difference", "logits"}),
  };
}

}  // namespace

double CacheState::growth(const std::vector<double>& totals) {
  const std::size_t last = totals.size() - 1;
  return last < 2 ? 0 : totals[last] / totals[last / 2];
}

VerdictData cacheVerdict(const std::string& preset, const CacheState& s) {
  return judged(kId, kClaims, preset, s.step, s,
                {{"tokens", s.step},
                 {"difference", s.difference},
                 {"largest", s.largest_logit},
                 {"cached", s.cached_total.back()},
                 {"full", s.full_total.back()},
                 {"ratio", s.step > 0 ? s.full_total.back() / s.cached_total.back() : 0.0},
                 {"cached_growth", CacheState::growth(s.cached_total)},
                 {"full_growth", CacheState::growth(s.full_total)},
                 {"bytes", s.bytes},
                 {"all_bytes", s.all_heads_bytes},
                 {"heads", s.heads},
                 {"kv_heads", s.kv_heads}});
}

const ExperimentSpec& kvCache() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kCachedLength, kCachedLayers, kCachedHeads, kCachedKvHeads};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"macs", "bytes"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 128;
    made.sources = {"lessons/inference/kv_cache.cpp", "lessons/inference/grouped_cache.cpp",
                    "lessons/inference/counted_macs.cpp"};
    made.equivalent = kProgram;
    made.make = makeKvCache;
    return made;
  }();
  return spec;
}

}  // namespace viva
