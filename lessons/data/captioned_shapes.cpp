// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/captioned_shapes.h"

#include <torch/types.h>

#include <algorithm>
#include <sstream>

namespace viva {
namespace {

constexpr std::int64_t kSizes = 2, kPlaces = 4, kRelations = 4, kWordsBeforePlace = 3;
constexpr std::int64_t kObjects = kColours * kCaptionShapes;
constexpr std::int64_t kUpper = kWordKinds[3], kLeft = kWordKinds[4],
                       kFirstRelation = kWordKinds[5];
constexpr double kGround = 0.12, kNoise = 0.05;
/// Where a place is, in pixels; in two-shape scenes shapes are further apart, and of one size.
constexpr double kNear = 10, kFar = 22, kJitter = 1.5;
constexpr std::array<std::array<std::int64_t, 2>, kMostHeldOut> kHeldOut{
    {{0, 2}, {1, 3}, {2, 0}, {3, 1}}};
constexpr std::array<std::array<float, 3>, kColours> kRgb{{{0.9f, 0.2f, 0.2f},
                                                           {0.2f, 0.8f, 0.3f},
                                                           {0.25f, 0.4f, 0.95f},
                                                           {0.95f, 0.85f, 0.2f},
                                                           {0.8f, 0.3f, 0.85f}}};

/// left-of and right-of, above and below.
std::int64_t opposite(std::int64_t relation) { return relation ^ 1; }

/// `a relation b`.
struct TwoObjects {
  std::int64_t a, relation, b;
};

/// Its number among the captions of two shapes.
std::int64_t numberOf(const TwoObjects& said) {
  const auto [a, relation, b] = said;
  return (a * (kObjects - 1) + (b > a ? b - 1 : b)) * kRelations + relation;
}

TwoObjects objectsOf(std::int64_t number) {
  const std::int64_t pair = number / kRelations, a = pair / (kObjects - 1);
  const std::int64_t rest = pair % (kObjects - 1);
  return {a, number % kRelations, rest + (rest >= a)};
}

bool isHeldOut(std::int64_t object, std::int64_t held_out) {
  for (std::int64_t i = 0; i < held_out; ++i)
    if (object == kHeldOut[i][0] * kCaptionShapes + kHeldOut[i][1]) return true;
  return false;
}

/// [pictures] between `low` and `high`.
torch::Tensor uniform(std::int64_t pictures, double low, double high, at::Generator generator) {
  return low + (high - low) * torch::rand({pictures}, generator);
}

/// [pictures, 32, 32]: how much of each pixel the shapes [pictures] at x, y [pictures] cover.
torch::Tensor coverage(const torch::Tensor& shape, const torch::Tensor& x, const torch::Tensor& y,
                       const torch::Tensor& radius) {
  const auto pixels = torch::arange(kCaptionedSide) + 0.5;
  const auto u = pixels.view({1, 1, -1}) - x.view({-1, 1, 1});
  const auto v = pixels.view({1, -1, 1}) - y.view({-1, 1, 1});  // downwards
  const auto r = radius.view({-1, 1, 1});
  const auto across = u.abs(), along = v.abs(), arm = 0.28 * r;
  // How far outside the shape a pixel is; negative inside.
  const auto disc = (u.square() + v.square()).sqrt() - r;
  const auto square = torch::maximum(across, along) - 0.85 * r;
  const auto triangle = torch::maximum(v - 0.7 * r, 0.87 * across - 0.5 * v - 0.55 * r);
  const auto cross = torch::minimum(torch::maximum(across - r, along - arm),
                                    torch::maximum(along - r, across - arm));
  const auto all = torch::stack({disc, square, triangle, cross});  // [shapes, pictures, 32, 32]
  const auto chosen = all.index({shape, torch::arange(shape.size(0), torch::kLong)});
  return (0.5 - chosen).clamp(0, 1);
}

void paint(torch::Tensor& images, const torch::Tensor& mask, const torch::Tensor& colour) {
  const auto table =
      torch::from_blob(const_cast<float*>(kRgb[0].data()), {kColours, 3}, torch::kFloat);
  const auto of_pictures = table.index_select(0, colour).view({-1, 3, 1, 1});
  images = images + mask.unsqueeze(1) * (of_pictures - images);
}

torch::Tensor ground(std::int64_t pictures) {
  return torch::full({pictures, 3, kCaptionedSide, kCaptionedSide}, kGround);
}

}  // namespace

CaptionedShapes::CaptionedShapes(CaptionedScene scene, std::int64_t held_out) : scene_(scene) {
  std::vector<std::int64_t> words, meanings, seen, others;
  const auto add = [&](std::array<std::int64_t, kCaptionLength> caption, std::int64_t meaning,
                       bool is_held_out) {
    (is_held_out ? others : seen).push_back(std::ssize(meanings));
    words.insert(words.end(), caption.begin(), caption.end());
    meanings.push_back(meaning);
  };
  const auto colourOf = [](std::int64_t object) { return kFirstColour + object / kCaptionShapes; };
  const auto shapeOf = [](std::int64_t object) { return kFirstShape + object % kCaptionShapes; };
  if (scene == CaptionedScene::OneShape) {
    for (std::int64_t size = 0; size < kSizes; ++size)
      for (std::int64_t object = 0; object < kObjects; ++object)
        for (std::int64_t place = 0; place < kPlaces; ++place)
          add({size, colourOf(object), shapeOf(object), kUpper + place / 2, kLeft + place % 2},
              std::ssize(meanings), isHeldOut(object, held_out));
  } else {
    for (std::int64_t a = 0; a < kObjects; ++a)
      for (std::int64_t b = 0; b < kObjects; ++b)
        for (std::int64_t relation = 0; relation < kRelations && a != b; ++relation)
          add({colourOf(a), shapeOf(a), kFirstRelation + relation, colourOf(b), shapeOf(b)},
              std::min(numberOf({a, relation, b}), numberOf({b, opposite(relation), a})),
              isHeldOut(a, held_out) || isHeldOut(b, held_out));
  }
  captions_ = torch::tensor(words, torch::kLong).view({-1, kCaptionLength});
  meanings_ = torch::tensor(meanings, torch::kLong);
  seen_ = torch::tensor(seen, torch::kLong);
  held_out_ = torch::tensor(others, torch::kLong);
}

std::string CaptionedShapes::textOf(std::int64_t caption) const {
  return firstWords(caption, kCaptionLength);
}

std::string CaptionedShapes::shortTextOf(std::int64_t caption) const {
  return firstWords(caption,
                    scene_ == CaptionedScene::OneShape ? kWordsBeforePlace : kCaptionLength);
}

std::string CaptionedShapes::firstWords(std::int64_t caption, std::int64_t count) const {
  std::string text;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += kCaptionWords[captions_[caption][i].item<int>()];
  }
  return text;
}

torch::Tensor CaptionedShapes::drawCaptions(std::int64_t pairs, std::int64_t repeats,
                                            at::Generator generator) const {
  const auto order = torch::randperm(seen_.size(0), generator, torch::kLong);
  const auto places = torch::arange(pairs, torch::kLong).div(repeats, "floor");
  return seen_.index_select(0, order.index_select(0, places));
}

CaptionedPictures CaptionedShapes::draw(const torch::Tensor& captions,
                                        at::Generator generator) const {
  const auto words = captions_.index_select(0, captions);
  auto drawn =
      scene_ == CaptionedScene::OneShape ? drawOne(words, generator) : drawTwo(words, generator);
  drawn.images += kNoise * torch::randn(drawn.images.sizes(), generator);
  return drawn;
}

CaptionedPictures CaptionedShapes::drawOne(const torch::Tensor& words,
                                           at::Generator generator) const {
  const std::int64_t pictures = words.size(0);
  const auto isWord = [&](std::int64_t place, std::int64_t word) {
    return words.select(1, place) == word;
  };
  const auto draw = [&](double low, double high) {
    return uniform(pictures, low, high, generator);
  };
  const auto small = draw(4.2, 5), large = draw(7, 8);
  const auto radius = torch::where(isWord(0, 0), small, large);
  const auto placed = [&](const torch::Tensor& is_near) {
    return kFar - (kFar - kNear) * is_near.to(torch::kFloat) + draw(-kJitter, kJitter);
  };
  const auto x = placed(isWord(4, kLeft)), y = placed(isWord(3, kUpper));
  auto images = ground(pictures);
  const auto mask = coverage(words.select(1, 2) - kFirstShape, x, y, radius);
  paint(images, mask, words.select(1, 1) - kFirstColour);
  return {images, mask.unsqueeze(1)};
}

CaptionedPictures CaptionedShapes::drawTwo(const torch::Tensor& words,
                                           at::Generator generator) const {
  const std::int64_t pictures = words.size(0);
  const auto draw = [&](double low, double high) {
    return uniform(pictures, low, high, generator);
  };
  const auto relation = words.select(1, 2) - kFirstRelation;
  const auto is_first_near = relation.remainder(2) == 0;  // left-of, above
  const auto is_beside = relation < 2;
  // Along the relation one is near, one far; across it both are anywhere in the middle.
  const auto near = draw(7.5, 9.5), far = draw(22.5, 24.5);
  auto images = ground(pictures);
  std::vector<torch::Tensor> masks;
  for (const std::int64_t object : {0, 1}) {
    const auto is_near = object == 0 ? is_first_near : is_first_near.logical_not();
    const auto along = torch::where(is_near, near, far), across = draw(12, 20);
    const auto x = torch::where(is_beside, along, across);
    const auto y = torch::where(is_beside, across, along);
    const std::int64_t first_word = object == 0 ? 0 : 3;
    masks.push_back(coverage(words.select(1, first_word + 1) - kFirstShape, x, y, draw(5, 6.5)));
    paint(images, masks.back(), words.select(1, first_word) - kFirstColour);
  }
  return {images, torch::stack(masks, 1)};
}

torch::Tensor CaptionedShapes::swapped(const torch::Tensor& captions) const {
  // a relation b becomes b relation a, which says the same as a opposite-relation b.
  std::vector<std::int64_t> found;
  for (std::int64_t i = 0; i < captions.size(0); ++i) {
    const auto [a, relation, b] = objectsOf(captions[i].item<std::int64_t>());
    found.push_back(numberOf({b, relation, a}));
  }
  return torch::tensor(found, torch::kLong);
}

torch::Tensor CaptionedShapes::recoloured(const torch::Tensor& captions,
                                          at::Generator generator) const {
  const auto shifts = torch::randint(1, kColours, {captions.size(0)}, generator, torch::kLong);
  std::vector<std::int64_t> found;
  for (std::int64_t i = 0; i < captions.size(0); ++i) {
    const TwoObjects said = objectsOf(captions[i].item<std::int64_t>());
    const auto other = [&](std::int64_t shift) {
      return (said.a / kCaptionShapes + shift) % kColours * kCaptionShapes +
             said.a % kCaptionShapes;
    };
    const std::int64_t shift = shifts[i].item<std::int64_t>();
    // Not the other object itself: there would be but one.
    const std::int64_t to =
        other(shift) != said.b ? other(shift) : other(shift % (kColours - 1) + 1);
    found.push_back(numberOf({to, said.relation, said.b}));
  }
  return torch::tensor(found, torch::kLong);
}

std::variant<std::vector<std::int64_t>, Message> readCaption(const std::string& typed,
                                                             const std::string& parameter) {
  std::istringstream stream(typed);
  std::vector<std::int64_t> words;
  std::string unknown;
  for (std::string word; stream >> word;) {
    const auto* const found = std::ranges::find(kCaptionWords, word);
    if (found == kCaptionWords.end())
      unknown += (unknown.empty() ? "" : ", ") + word;
    else
      words.push_back(found - kCaptionWords.begin());
  }
  if (!unknown.empty()) {
    std::string known;
    for (const char* word : kCaptionWords) known += (known.empty() ? "" : ", ") + std::string(word);
    return Message{"error.caption.unknown_words",
                   {{"parameter", parameter}, {"unknown", unknown}, {"known", known}}};
  }
  if (words.empty()) return Message{"error.caption.empty", {{"parameter", parameter}}};
  if (std::ssize(words) > kCaptionLength)
    return Message{"error.caption.long",
                   {{"parameter", parameter},
                    {"found", static_cast<std::int64_t>(words.size())},
                    {"limit", kCaptionLength}}};
  return words;
}

}  // namespace viva
