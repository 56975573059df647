// SPDX-License-Identifier: GPL-3.0-or-later
// The declaration of a view: what kind, which axes, from which records.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace viva {

/// The closed vocabulary that every lesson is written in.
enum class ViewKind { Series, Plane, Table, Bars, Matrix, Histogram, Images, Graph, Verdict };
std::string_view nameOf(ViewKind kind);  ///< `series`
/// Images, graphs, tables and verdicts have none.
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

  /// Plane, Bars: the parameters that are dragged here (kinds Point, Distribution, Points).
  std::vector<std::string> drags;

  /// Matrix, Images: the Integer parameters that a click on a cell sets to its indices; an empty
  /// name leaves that index alone. Images: `row` is the index of the image.
  struct Picks {
    std::string row, column;
  };
  std::optional<Picks> picks;

  /// Plane: both axes have one scale.
  bool equal_scale = false;
};

ViewSpec series(std::string id, std::vector<std::string> records, AxisSpec y);
ViewSpec plane(std::string id, AxisSpec x, AxisSpec y);
ViewSpec table(std::string id);
ViewSpec bars(std::string id, AxisSpec x, AxisSpec y);
ViewSpec matrix(std::string id, AxisSpec x, AxisSpec y);
ViewSpec histogram(std::string id, AxisSpec x, AxisSpec y);
ViewSpec images(std::string id);
ViewSpec graph(std::string id);
/// The one called `verdict` stands above all other views of its panel.
ViewSpec verdict(std::string id);

/// If `record` matches `pattern`, the text that its `*` stands for (empty for a pattern without).
std::optional<std::string> matchRecord(const std::string& pattern, const std::string& record);

}  // namespace viva
