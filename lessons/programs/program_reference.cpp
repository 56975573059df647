// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/programs/program_reference.h"

#include <torch/autograd.h>
#include <torch/optim/adamw.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>

#include "lessons/nn/tensor_numbers.h"

namespace viva::programs {
namespace {

torch::Tensor tensorOf(const NumberRows& rows) {
  return torch::tensor(rows.values, torch::kDouble).view({rows.rows, rows.columns});
}
torch::Tensor rowOf(const std::vector<double>& numbers) {
  return torch::tensor(numbers, torch::kDouble);
}
void append(ReferenceResult& result, const torch::Tensor& tensor) {
  const auto numbers = numbersOf(tensor);
  result.numbers.insert(result.numbers.end(), numbers.begin(), numbers.end());
}
ReferenceResult resultOf(std::initializer_list<torch::Tensor> tensors) {
  ReferenceResult result;
  for (const torch::Tensor& tensor : tensors) append(result, tensor);
  return result;
}

ReferenceResult attentionReference(const Given& given) {
  const auto q = tensorOf(given.parts[0]), k = tensorOf(given.parts[1]),
             v = tensorOf(given.parts[2]);
  const auto hidden = tensorOf(given.parts[3]) == 0;
  const auto scores = torch::matmul(q, k.t()) / std::sqrt(static_cast<double>(q.size(1)));
  // Of a row that is hidden whole the library's softmax is NaN; it is defined as nothing.
  const auto weights = scores.masked_fill(hidden, -kInfinity).softmax(1).nan_to_num(0);
  return resultOf({torch::matmul(weights, v)});
}

/// A box is kept if no better kept box overlaps it by more than the threshold.
ReferenceResult suppressionReference(const Given& given) {
  const auto boxes = tensorOf(given.parts[0]);
  const auto corner = [&](int side) { return boxes.select(1, side); };
  const auto pairs = [](const torch::Tensor& x) {
    return std::pair{x.unsqueeze(1), x.unsqueeze(0)};
  };
  const auto shared_side = [&](int low, int high) {
    const auto [a, b] = pairs(corner(low));
    const auto [c, d] = pairs(corner(high));
    return (torch::min(c, d) - torch::max(a, b)).clamp_min(0);
  };
  const auto shared = shared_side(0, 2) * shared_side(1, 3);
  const auto area = (corner(2) - corner(0)) * (corner(3) - corner(1));
  const auto iou = (shared / (area.unsqueeze(1) + area.unsqueeze(0) - shared)).nan_to_num(0);
  const double threshold = given.setting(1, 0, 0.5);
  std::vector<std::pair<double, int>> order;
  for (int i = 0; i < boxes.size(0); ++i) order.emplace_back(-given.parts[0].at(i, 4), i);
  std::sort(order.begin(), order.end());
  ReferenceResult result;
  for (const auto& [negated, i] : order) {
    const bool is_free =
        std::none_of(result.numbers.begin(), result.numbers.end(), [&](double kept) {
          return iou[static_cast<std::int64_t>(kept)][i].item<double>() > threshold;
        });
    if (is_free) result.numbers.push_back(i);
  }
  return result;
}

ReferenceResult clusterReference(const Given& given) {
  const auto points = tensorOf(given.parts[0]);
  auto centres = tensorOf(given.parts[1]);
  torch::Tensor labels, distances;
  while (true) {
    distances = (points.unsqueeze(1) - centres.unsqueeze(0)).square().sum(2);
    const auto nearest = distances.argmin(1);
    if (labels.defined() && torch::equal(nearest, labels)) break;
    labels = nearest;
    for (std::int64_t c = 0; c < centres.size(0); ++c) {
      const auto own = points.index({labels == c});
      if (own.size(0) > 0) centres[c] = own.mean(0);
    }
  }
  return resultOf({centres, labels, distances.amin(1).sum()});
}

/// Whole levels at a time, each sorted.
ReferenceResult beamReference(const Given& given) {
  struct Hypothesis {
    double negated_score;
    int order;
    std::string text;
  };
  const auto width = static_cast<std::size_t>(given.setting(2, 0, 2));
  const double alpha = given.setting(2, 2, 0);
  const auto better = [](const Hypothesis& a, const Hypothesis& b) {
    return std::pair{a.negated_score, a.order} < std::pair{b.negated_score, b.order};
  };
  std::vector<Hypothesis> beam{{0, 0, ""}};
  for (int t = 0; t < given.setting(2, 1, 2); ++t) {
    std::vector<Hypothesis> level;
    for (const Hypothesis& parent : beam) {
      const auto row = parent.text.empty() ? tensorOf(given.parts[0])[0]
                                           : tensorOf(given.parts[1])[parent.text.back() - 'a'];
      const auto logs = numbersOf(row.log());
      const std::size_t before = level.size();
      for (std::size_t token = 0; token < logs.size(); ++token)
        if (std::isfinite(logs[token]))
          level.push_back({parent.negated_score - logs[token], static_cast<int>(level.size()),
                           parent.text + static_cast<char>('a' + static_cast<int>(token))});
      if (level.size() == before)
        level.push_back({parent.negated_score, static_cast<int>(level.size()), parent.text});
    }
    std::sort(level.begin(), level.end(), better);
    if (level.size() > width) level.resize(width);
    beam = level;
  }
  for (std::size_t i = 0; i < beam.size(); ++i) {
    const double length = static_cast<double>(beam[i].text.size());
    beam[i].negated_score /= std::pow((5 + length) / 6, alpha);
    beam[i].order = static_cast<int>(i);
  }
  std::sort(beam.begin(), beam.end(), better);
  ReferenceResult result;
  for (const Hypothesis& hypothesis : beam) {
    result.texts.push_back(hypothesis.text);
    result.numbers.push_back(-hypothesis.negated_score);
  }
  return result;
}

ReferenceResult samplingReference(const Given& given) {
  auto logits = rowOf(given.numbers(0));
  const auto written = given.numbers(2);
  for (std::size_t i = 1; i < written.size(); ++i) {
    auto logit = logits[static_cast<std::int64_t>(written[i])];
    logit.copy_(torch::where(logit > 0, logit / written[0], logit * written[0]));
  }
  const double temperature = given.setting(1, 0, 1);
  const auto top_k = static_cast<std::int64_t>(given.setting(1, 1, 0));
  const auto p_of = [&](const torch::Tensor& some) {
    if (temperature > 0) return ((some - some.max()) / temperature).softmax(0);
    const auto best = (some == some.max()).to(torch::kDouble);
    return best / best.sum();
  };
  auto [sorted, order] = logits.sort(/*stable=*/true, 0, /*descending=*/true);
  if (top_k > 0 && top_k < sorted.size(0))
    sorted = torch::cat({sorted.narrow(0, 0, top_k),
                         torch::full({sorted.size(0) - top_k}, -kInfinity, torch::kDouble)});
  auto p = p_of(sorted);
  auto kept = p >= given.setting(1, 3, 0) * p.max();
  const double top_p = given.setting(1, 2, 1);
  if (top_p < 1) kept = kept & (p.cumsum(0) - p < top_p);
  kept[0].fill_(true);
  p = torch::where(kept, p, torch::zeros_like(p));
  return resultOf({torch::zeros_like(p).scatter(0, order, p / p.sum())});
}

ReferenceResult backpropagationReference(const Given& given) {
  std::vector<torch::Tensor> values;
  for (std::size_t i = 0; i < given.words.size(); ++i) {
    if (given.left[i] < 0) {
      values.push_back(torch::tensor(given.parts[0].values[i], torch::kDouble).requires_grad_());
      continue;
    }
    const torch::Tensor a = values[given.left[i]];
    const torch::Tensor b = given.right[i] < 0 ? a : values[given.right[i]];
    const std::string& operation = given.words[i];
    torch::Tensor made = a + b;
    if (operation == "-") made = a - b;
    if (operation == "*") made = a * b;
    if (operation == "/") made = a / b;
    if (operation == "tanh") made = a.tanh();
    if (operation == "exp") made = a.exp();
    if (operation == "relu") made = a.relu();
    made.retain_grad();
    values.push_back(made);
  }
  values.back().backward();
  ReferenceResult result;
  for (const torch::Tensor& value : values) append(result, value.detach());
  for (const torch::Tensor& value : values)
    append(result, value.grad().defined() ? value.grad() : torch::zeros({}, torch::kDouble));
  return result;
}

/// Merges as replacements in ` l o w </w> `.
ReferenceResult mergeReference(const Given& given) {
  std::vector<std::string> texts;
  for (const std::string& word : given.words) {
    std::string text = " ";
    for (const char letter : word) text += std::string(1, letter) + " ";
    texts.push_back(text + "</w> ");
  }
  ReferenceResult result;
  std::vector<std::string> merges;
  for (int round = 0; round < given.parts[0].values[0]; ++round) {
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> pairs;  // times, -first place
    std::int64_t place = 0;
    for (std::size_t w = 0; w < texts.size(); ++w)
      for (std::size_t at = 0;; ++place) {
        const std::size_t middle = texts[w].find(' ', at + 1);
        const std::size_t end = texts[w].find(' ', middle + 1);
        if (end == std::string::npos) break;
        auto& [times, first] =
            pairs.try_emplace(texts[w].substr(at + 1, end - at - 1), 0, -place).first->second;
        times += given.counts[w];
        at = middle;
      }
    if (pairs.empty()) break;
    const auto best = std::max_element(pairs.begin(), pairs.end(),
                                       [](auto& a, auto& b) { return a.second < b.second; });
    merges.push_back(best->first);
    result.numbers.push_back(static_cast<double>(best->second.first));
    std::string joined = " " + best->first + " ";
    joined.erase(joined.find(' ', 1), 1);
    for (std::string& text : texts)
      for (std::size_t at = 0; (at = text.find(" " + best->first + " ", at)) != std::string::npos;)
        text.replace(at, best->first.size() + 2, joined), at += joined.size() - 1;
  }
  for (const std::string& text : texts) result.texts.push_back(text.substr(1, text.size() - 2));
  result.texts.insert(result.texts.end(), merges.begin(), merges.end());
  return result;
}

ReferenceResult precisionReference(const Given& given) {
  const NumberRows& detections = given.parts[0];
  std::vector<std::pair<double, int>> order;
  for (int i = 0; i < detections.rows; ++i) order.emplace_back(-detections.at(i, 0), i);
  std::sort(order.begin(), order.end());
  std::vector<double> precision, found;
  for (const auto& [negated, i] : order) {
    found.push_back((found.empty() ? 0 : found.back()) + detections.at(i, 1));
    precision.push_back(found.back() / static_cast<double>(found.size()));
  }
  const double truths = given.parts[1].values[0];
  /// The best precision at which so many are found.
  const auto bestFrom = [&](double wanted) {
    double best = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
      if (found[i] >= wanted - 1e-9) best = std::max(best, precision[i]);
    return best;
  };
  double area = 0, at_11 = 0, at_101 = 0;
  for (double hit = 1; hit <= truths; ++hit) area += bestFrom(hit) / truths;
  for (int i = 0; i <= 10; ++i) at_11 += bestFrom(truths * i / 10) / 11;
  for (int i = 0; i <= 100; ++i) at_101 += bestFrom(truths * i / 100) / 101;
  return {{area, at_11, at_101}, {}};
}

ReferenceResult lstmReference(const Given& given) {
  auto h = rowOf(given.numbers(1)).unsqueeze(0), c = rowOf(given.numbers(2)).unsqueeze(0);
  const auto x = tensorOf(given.parts[0]);
  for (std::int64_t t = 0; t < x.size(0); ++t)
    std::tie(h, c) = torch::lstm_cell(x[t].unsqueeze(0), {h, c}, tensorOf(given.parts[3]),
                                      tensorOf(given.parts[4]), rowOf(given.numbers(5)),
                                      torch::zeros_like(rowOf(given.numbers(5))));
  return resultOf({h, c});
}

ReferenceResult optimizerReference(const Given& given) {
  auto w = rowOf(given.numbers(0)).requires_grad_();
  const auto curvature = rowOf(given.numbers(1));
  torch::optim::AdamW adamw({w}, torch::optim::AdamWOptions(given.setting(2, 0, 0.1))
                                     .betas({given.setting(2, 1, 0.9), given.setting(2, 2, 0.999)})
                                     .eps(given.setting(2, 3, 1e-8))
                                     .weight_decay(given.setting(2, 4, 0.01)));
  ReferenceResult result;
  for (int step = 0; step < given.setting(2, 5, 3); ++step) {
    adamw.zero_grad();
    (curvature * w.square() / 2).sum().backward();
    adamw.step();
    append(result, w.detach());
  }
  return result;
}

/// Each of n is kept with probability room / n; so many rounds stray by four and a half deviations
/// once in a hundred thousand.
ReferenceResult reservoirReference(const Given& given) {
  const double share = given.setting(1, 0, 1) / static_cast<double>(given.parts[0].columns);
  ReferenceResult result;
  result.numbers.assign(given.parts[0].values.size(), share);
  result.tolerance =
      std::max(1e-9, 4.5 * std::sqrt(share * (1 - share) / given.setting(1, 1, 500)));
  return result;
}

ReferenceResult ctcReference(const Given& given) {
  const auto logs = tensorOf(given.parts[0]).log().unsqueeze(1);
  const auto labels = rowOf(given.numbers(1)).to(torch::kLong).unsqueeze(0);
  return resultOf(
      {torch::ctc_loss(logs, labels, at::IntArrayRef{logs.size(0)}, at::IntArrayRef{labels.size(1)},
                       /*blank=*/0, at::Reduction::Sum)});
}

ReferenceResult aurocReference(const Given& given) {
  const auto positive = rowOf(given.numbers(0)).unsqueeze(1), negative = rowOf(given.numbers(1));
  const auto above = (positive > negative).to(torch::kDouble);
  return resultOf({(above + (positive == negative).to(torch::kDouble) / 2).mean()});
}

ReferenceResult convolutionReference(const Given& given) {
  const auto image = tensorOf(given.parts[0]), kernel = tensorOf(given.parts[1]);
  const auto stride = static_cast<std::int64_t>(given.setting(2, 0, 1));
  const auto padding = static_cast<std::int64_t>(given.setting(2, 1, 0));
  return resultOf({torch::conv2d(image.unsqueeze(0).unsqueeze(0), kernel.unsqueeze(0).unsqueeze(0),
                                 {}, stride, padding)});
}

double distance(double ours, double theirs) {
  if (ours == theirs || (std::isnan(ours) && std::isnan(theirs))) return 0;
  if (!std::isfinite(ours) || !std::isfinite(theirs)) return kInfinity;
  return std::abs(ours - theirs) / std::max(1.0, std::abs(theirs));
}

}  // namespace

ReferenceResult referenceFor(ProgramKind kind, const Given& given) {
  const auto x = rowOf(given.numbers(0));
  switch (kind) {
    case ProgramKind::Softmax:
      return resultOf({x.softmax(0)});
    case ProgramKind::LogSumExp:
      return resultOf({x.logsumexp(0)});
    case ProgramKind::Attention:
      return attentionReference(given);
    case ProgramKind::Conv2d:
      return convolutionReference(given);
    case ProgramKind::Nms:
      return suppressionReference(given);
    case ProgramKind::KMeans:
      return clusterReference(given);
    case ProgramKind::BeamSearch:
      return beamReference(given);
    case ProgramKind::Sampling:
      return samplingReference(given);
    case ProgramKind::Perplexity:
      return resultOf({(-x.log()).mean().exp()});
    case ProgramKind::LayerNorm:
      return resultOf({torch::layer_norm(x, {x.size(0)}, rowOf(given.numbers(1)),
                                         rowOf(given.numbers(2)), 1e-5)});
    case ProgramKind::Backpropagation:
      return backpropagationReference(given);
    case ProgramKind::Bpe:
      return mergeReference(given);
    case ProgramKind::Ctc:
      return ctcReference(given);
    case ProgramKind::AveragePrecision:
      return precisionReference(given);
    case ProgramKind::Auroc:
      return aurocReference(given);
    case ProgramKind::LstmStep:
      return lstmReference(given);
    case ProgramKind::OptimizerStep:
      return optimizerReference(given);
    case ProgramKind::OnlineSoftmax:
      return resultOf(
          {x.max(), (x - x.max()).exp().sum(), x.softmax(0).dot(rowOf(given.numbers(1)))});
    case ProgramKind::Reservoir:
      return reservoirReference(given);
  }
  return {};
}

double differenceFrom(const ReferenceResult& reference, const std::vector<Held>& variables) {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  for (const Held& held : variables) {
    if (!held.is_result) continue;
    numbers.insert(numbers.end(), held.numbers.begin(), held.numbers.end());
    texts.insert(texts.end(), held.texts.begin(), held.texts.end());
  }
  double largest = 0;
  for (std::size_t i = 0; i < std::max(numbers.size(), reference.numbers.size()); ++i) {
    if (i < numbers.size() && i < reference.numbers.size())
      largest = std::max(largest, distance(numbers[i], reference.numbers[i]));
    else
      largest = std::max(
          {largest, 1.0, std::abs(i < numbers.size() ? numbers[i] : reference.numbers[i])});
  }
  double differing = 0;
  for (std::size_t i = 0; i < std::max(texts.size(), reference.texts.size()); ++i)
    if (i >= texts.size() || i >= reference.texts.size() || texts[i] != reference.texts[i])
      differing += 1;
  return std::max(largest, differing);
}

std::vector<MistakeShown> shownMistakes(ProgramKind kind, std::uint64_t seed) {
  const ProgramEntry& program = programOf(kind);
  std::vector<MistakeShown> shown;
  for (const KnownMistake& known : program.mistakes) {
    Given given = givenIn(kind, known.smallest);
    given.seed = seed;
    const ReferenceResult reference = referenceFor(kind, given);
    MistakeShown made{known.mistake, known.smallest, finished(program, given).variables, {}};
    given.mistake = known.mistake;
    made.wrong = finished(program, given).variables;
    made.difference = differenceFrom(reference, made.wrong);
    made.is_caught = made.difference > reference.tolerance;
    shown.push_back(made);
  }
  return shown;
}

}  // namespace viva::programs
