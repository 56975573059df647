// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/box_rows.h"

#include <cmath>
#include <limits>

#include "lessons/core/error.h"
#include "lessons/core/number_text.h"
#include "lessons/core/pieces.h"

namespace viva {
namespace {

constexpr std::size_t kMostBoxes = 2000;

/// The numbers of a row; `form` says which ones are wanted: `x1 y1 x2 y2`.
std::vector<double> numbersIn(std::string_view row, std::int64_t place, const std::string& form) {
  std::vector<double> numbers;
  for (const std::string_view word : piecesOf(row, " \t\n\r")) {
    if (word.empty()) continue;
    const auto number = numberFrom(word);
    if (!number || !std::isfinite(*number))
      throw RequestError(
          {"error.boxes.number", {{"place", place}, {"word", std::string(word)}, {"form", form}}});
    numbers.push_back(*number);
  }
  return numbers;
}

/// Each row that is not blank, with as many numbers as `form` has words.
std::vector<std::vector<double>> rowsIn(std::string_view text, const std::string& form) {
  const std::size_t wanted = piecesOf(form, " ").size();
  std::vector<std::vector<double>> rows;
  for (const std::string_view row : piecesOf(text, ";")) {
    const auto place = static_cast<std::int64_t>(rows.size()) + 1;
    auto numbers = numbersIn(row, place, form);
    if (numbers.empty()) continue;
    if (numbers.size() != wanted)
      throw RequestError({"error.boxes.count",
                          {{"place", place},
                           {"given", static_cast<std::int64_t>(numbers.size())},
                           {"wanted", static_cast<std::int64_t>(wanted)},
                           {"form", form}}});
    rows.push_back(std::move(numbers));
    if (rows.size() > kMostBoxes)
      throw RequestError({"error.boxes.many", {{"most", static_cast<std::int64_t>(kMostBoxes)}}});
  }
  return rows;
}

Box boxFrom(const std::vector<double>& row, std::size_t first, std::size_t index) {
  const Box box{row[first], row[first + 1], row[first + 2], row[first + 3]};
  if (box.x1 <= box.x0 || box.y1 <= box.y0)
    throw RequestError({"error.boxes.turned",
                        {{"place", static_cast<std::int64_t>(index) + 1},
                         {"x1", formatNumber(box.x0)},
                         {"y1", formatNumber(box.y0)},
                         {"x2", formatNumber(box.x1)},
                         {"y2", formatNumber(box.y1)}}});
  return box;
}

std::int64_t imageFrom(double number, std::size_t index) {
  if (number != std::floor(number) || number < 0 || number > 1e9)
    throw RequestError(
        {"error.boxes.image",
         {{"place", static_cast<std::int64_t>(index) + 1}, {"image", formatNumber(number)}}});
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::vector<ScoredBox> scoredBoxesIn(std::string_view text) {
  std::vector<ScoredBox> boxes;
  for (const auto& row : rowsIn(text, "x1 y1 x2 y2 score"))
    boxes.push_back({boxFrom(row, 0, boxes.size()), row[4]});
  return boxes;
}

std::vector<Box> boxesIn(std::string_view text) {
  std::vector<Box> boxes;
  for (const auto& row : rowsIn(text, "x1 y1 x2 y2"))
    boxes.push_back(boxFrom(row, 0, boxes.size()));
  return boxes;
}

std::vector<PlacedBox> truthsIn(std::string_view text) {
  std::vector<PlacedBox> truths;
  for (const auto& row : rowsIn(text, "image x1 y1 x2 y2"))
    truths.push_back({imageFrom(row[0], truths.size()), boxFrom(row, 1, truths.size())});
  return truths;
}

std::vector<Detection> detectionsIn(std::string_view text) {
  std::vector<Detection> detections;
  for (const auto& row : rowsIn(text, "image score x1 y1 x2 y2"))
    detections.push_back(
        {imageFrom(row[0], detections.size()), row[1], boxFrom(row, 2, detections.size())});
  return detections;
}

}  // namespace viva
