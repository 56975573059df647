// SPDX-License-Identifier: GPL-3.0-or-later
// The declaration of a view: what kind, which axes, from which records.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace viva {

/// The closed vocabulary that every lesson is written in.
enum class ViewKind {
  Series,
  Plane,
  Table,
  Bars,
  Matrix,
  Histogram,
  Images,
  Graph,
  Tokens,
  Sequence,
  Verdict
};
std::string_view nameOf(ViewKind kind);  ///< `series`
/// Images, graphs, tables, tokens, sequences and verdicts have none.
bool hasAxes(ViewKind kind);

struct AxisSpec {
  std::string label;  ///< a word key (`axis.step`); empty: no label
  std::string unit;   ///< a word key; shown in brackets behind the label
  bool logarithmic = false;
};

/// How much room a view gets when the panel is first arranged.
/// A Small one is shown only where a preset names it, or when the user asks for it.
enum class Room { Line, Small, Medium, Large };

struct ViewSpec {
  std::string id;  ///< its title is the word `view.<id>` of the experiment
  ViewKind kind = ViewKind::Series;
  AxisSpec x, y;
  Room room = Room::Medium;

  /// Series: the records drawn against the step, each by name; `*` stands for any text without a
  /// slash, which then is the id that gives the curve its colour and label (`*/f`).
  std::vector<std::string> records;

  /// Plane: paths drawn from two records each (`*/x`, `*/y`), up to the cursor.
  struct Path {
    std::string x_record, y_record;
  };
  std::optional<Path> path;

  /// Plane, Bars: the parameters that are dragged here (kinds Point, Distribution, Points, Box).
  std::vector<std::string> drags;

  /// The parameters that a click on a cell, an image, a table row, a node, a piece or a message
  /// sets to its indices: an Integer becomes the index, a Text is a list (`0,3,5`) that the index
  /// is put into or taken out of. An empty name leaves that index alone. Matrix and Tokens have a
  /// row and a column (the piece in its row); elsewhere `row` is the index of what was clicked.
  struct Picks {
    std::string row, column;
  };
  std::optional<Picks> picks;

  /// Plane: both axes have one scale.
  bool equal_scale = false;

  ViewSpec&& xAxis(std::string label, std::string unit_key = {}) &&;
  ViewSpec&& yAxis(std::string label, std::string unit_key = {}) &&;
  ViewSpec&& logarithmicX() &&;
  ViewSpec&& logarithmicY() &&;
  ViewSpec&& large() &&;
  ViewSpec&& medium() &&;
  ViewSpec&& small() &&;
  ViewSpec&& pathOf(std::string x_record, std::string y_record) &&;
  ViewSpec&& dragging(std::vector<std::string> parameters) &&;
  ViewSpec&& picking(std::string row, std::string column = {}) &&;
  ViewSpec&& equalScale() &&;
};

/// `series("loss", {"*/loss"}).yAxis("axis.train_loss", "unit.nats").logarithmicY().small()`.
ViewSpec series(std::string id, std::vector<std::string> records, AxisSpec y = {});
ViewSpec plane(std::string id, AxisSpec x = {}, AxisSpec y = {});
ViewSpec table(std::string id);
ViewSpec bars(std::string id, AxisSpec x = {}, AxisSpec y = {});
ViewSpec matrix(std::string id, AxisSpec x = {}, AxisSpec y = {});
ViewSpec histogram(std::string id, AxisSpec x = {}, AxisSpec y = {});
ViewSpec images(std::string id);
ViewSpec graph(std::string id);
ViewSpec tokens(std::string id);
ViewSpec sequence(std::string id);
/// The one called `verdict` stands above all other views of its panel.
ViewSpec verdict(std::string id);

/// If `record` matches `pattern`, the text that its `*` stands for (empty for a pattern without).
std::optional<std::string> matchRecord(const std::string& pattern, const std::string& record);

}  // namespace viva
