// SPDX-License-Identifier: GPL-3.0-or-later
// What every view is to those who use it: data in through setters, one drawing path out.
#pragma once

#include <QWidget>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/core/parameter.h"
#include "lessons/core/records.h"
#include "lessons/core/view.h"
#include "lessons/core/words.h"
#include "widgets/views/styles.h"

class QMenu;

namespace viva {

/// How things look; the same for all views of a window or of an export.
struct Appearance {
  bool dark = false;
  Language language = Language::English;
  double font_scale = 1.0;  ///< of a 13 pixel font
  bool operator==(const Appearance&) const = default;
};

/// What a view shows as rows and columns, for the clipboard and for CSV.
struct DataTable {
  std::vector<std::string> headings;
  std::vector<std::vector<TableData::Cell>> rows;
};

/// Appends a number, or an empty cell.
void addCell(std::vector<TableData::Cell>& row, std::optional<double> value);

/// An entry of the legend. `checkable` entries can be hidden.
struct LegendEntry {
  std::string id;
  QString label;
  CurveStyle style;
  bool line = true, marker = true;  ///< what the sample shows
  bool checkable = true;
  bool shown = true;
  bool arrow = false, filled = false;  ///< a head on the line; the colour below it
  bool run = false;                    ///< of another run: a panel lists these once for all views
  bool bar = false, ring = false;      ///< the marker on a bar; a marker that is not filled
  std::vector<CurveStyle> classes{};   ///< points of several classes: a marker each
};

/// What is under the pointer or the keyboard's read-out.
struct Readout {
  struct Line {
    std::optional<CurveStyle> style;
    QString text;
    bool strong = false;
  };
  QPointF position;                  ///< widget coordinates
  std::vector<Line> lines;           ///< with numbers
  std::optional<std::int64_t> step;  ///< where the view has steps
  QString text() const;
};

/// A view of one experiment: a curve plot, a plane, a table... It is told everything through
/// setters and asks nobody for anything. The setters may be called at display rate.
class View : public QWidget {
  Q_OBJECT

 public:
  enum class Axis { X, Y };

  ~View() override;

  const ViewSpec& spec() const { return spec_; }
  const std::string& experiment() const { return experiment_; }
  const Appearance& appearance() const { return appearance_; }
  /// What it was given or, else, the word `view.<id>`.
  QString title() const;
  void setTitle(const QString& title);

  void setAppearance(const Appearance& appearance);
  /// Shared by the views of a panel; a view that is never told uses one of its own.
  void setStyles(std::shared_ptr<StyleTable> styles);
  void setRecords(const Records& records);
  /// Null clears. Views without data in the frame keep saying what will appear.
  void setFrame(std::shared_ptr<const Frame> frame);
  /// Scrubbing: show the state at this step. Unset: the newest.
  void setCursor(std::optional<std::int64_t> step);
  /// The values of the handles that are dragged here (ViewSpec::drags).
  void setParameters(const Parameters& parameters);
  /// The step that another view of the panel hovers over, marked here where there is an axis of
  /// steps.
  void setHoveredStep(std::optional<std::int64_t> step);

  /// Draws the view as it now is (zoom, hidden curves, cursor; not the pointer's read-out) into
  /// `area`, in device-independent pixels. The one drawing path of screen, PNG, SVG and PDF.
  virtual void render(QPainter& painter, const QRectF& area) const = 0;
  /// What it shows now, in words with numbers: the accessible description.
  virtual QString summary() const = 0;
  virtual DataTable dataTable() const = 0;
  /// Whether there is anything to show yet.
  virtual bool isEmpty() const = 0;

  virtual std::vector<LegendEntry> legend() const { return {}; }
  bool isShown(const std::string& id) const { return !hidden_.count(id); }
  void setShown(const std::string& id, bool shown);
  const std::set<std::string>& hidden() const { return hidden_; }
  /// Those that the claim is not about; in every view where they have a colour.
  void setPale(std::set<std::string> ids);
  bool isPale(const std::string& id) const { return pale_.count(id) > 0; }
  void strengthen(const std::string& id);

  virtual bool canBeLogarithmic(Axis) const { return false; }
  bool isLogarithmic(Axis axis) const;
  void setLogarithmic(Axis axis, bool logarithmic);

  virtual bool canBeSmoothed() const { return false; }
  /// Exponential smoothing, 0 (none) to 0.99; the unsmoothed curve stays visible behind it. What
  /// somebody has chosen, for all curves, or else what the noisiest curve needs.
  double smoothing() const { return chosen_smoothing_.value_or(automaticSmoothing()); }
  void setSmoothing(double smoothing);
  /// Unset: each curve as it needs it.
  std::optional<double> chosenSmoothing() const { return chosen_smoothing_; }
  void smoothAutomatically();

  virtual bool canZoom() const { return false; }
  virtual bool isZoomed() const { return false; }
  virtual void zoomBy(double /*factor*/) {}
  virtual void resetZoom() {}

  /// What the pointer at `position` (widget coordinates) would read.
  virtual std::optional<Readout> readoutAt(QPointF position) const;
  /// What is read now, by pointer or keyboard.
  const std::optional<Readout>& readout() const { return readout_; }

  /// Off: a picture without what can be dragged.
  void setHandlesDrawn(bool drawn) { handles_drawn_ = drawn; }
  bool handlesAreDrawn() const { return handles_drawn_; }
  /// Where a value can be dragged that is a handle in this view, in widget coordinates.
  virtual std::optional<QPointF> handlePosition() const { return std::nullopt; }
  /// Adds what can be done with this view only.
  virtual void extendMenu(QMenu& /*menu*/) {}

  /// Takes over zoom, hidden curves, axes and smoothing, so that a copy for export looks like it.
  virtual void copyStateFrom(const View& other);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  /// A handle is dragged (`finished` false) or was let go (true).
  void parameterDragged(const QString& name, const viva::Value& value, bool finished);
  /// The pointer or keyboard is over this step; -1 when over none.
  void stepHovered(qint64 step);
  /// The entries or their visibility changed.
  void legendChanged();
  /// By the user: no longer pale.
  void strengthened(const QString& id);
  /// Zoom, axes or smoothing changed.
  void stateChanged();

 protected:
  View(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
       QWidget* parent);

  /// Something that the setters took in has changed; caches can go. Called before update().
  enum class Change {
    Appearance,
    Styles,
    Records,
    Frame,
    Cursor,
    Parameters,
    Hidden,
    Axes,
    Smoothing,
    Hovered
  };
  virtual void changed(Change) {}
  virtual double automaticSmoothing() const { return 0; }

  const Words& words() const { return Words::in(appearance_.language); }
  QString word(const char* key) const;
  /// A key whose `{name}` placeholders take the arguments.
  QString word(const Message& message) const;
  QString labelOf(const Label& label) const;
  QString labelOfCurve(const std::string& id) const;
  QString axisTitle(const AxisSpec& axis) const;
  QFont baseFont(double factor = 1.0) const;
  void drawEmpty(QPainter& painter, const QRectF& area) const;
  /// The data of this view in the frame; null when there is none of this kind.
  template <typename Data>
  const Data* data() const {
    if (!frame_) return nullptr;
    auto place = frame_->views.find(spec_.id);
    return place == frame_->views.end() ? nullptr : std::get_if<Data>(&place->second);
  }
  const Records& records() const { return records_; }
  const std::shared_ptr<const Frame>& frame() const { return frame_; }
  std::optional<std::int64_t> cursor() const { return cursor_; }
  std::optional<std::int64_t> hoveredStep() const { return hovered_step_; }
  const std::optional<Parameters>& parameters() const { return parameters_; }
  StyleTable& styles() const { return *styles_; }
  CurveStyle styleOf(const std::string& id) const;
  /// Indices of what has an id, in the order of drawing: what is pale lies below the rest.
  template <typename Items>
  std::vector<std::size_t> paleFirst(const Items& items) const {
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t i) { return isPale(items[i].id); });
    return order;
  }
  void setReadout(std::optional<Readout> readout);
  /// Announces what ViewSpec::picks makes of a click on this row, or on this cell of it.
  void pickAt(std::int64_t row, std::optional<std::int64_t> column = {});
  void drawReadout(QPainter& painter, const QRectF& area) const;

  /// What paintEvent draws below the read-out: render(), or the same from caches.
  virtual void paintView(QPainter& painter);
  void paintEvent(QPaintEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void noteEmpty();
  void noteLegend();

  ViewSpec spec_;
  QString title_;
  std::string experiment_;
  Appearance appearance_;
  std::shared_ptr<StyleTable> styles_;
  Records records_;
  std::shared_ptr<const Frame> frame_;
  std::optional<std::int64_t> cursor_, hovered_step_;
  std::optional<Parameters> parameters_;
  std::set<std::string> hidden_, pale_;
  bool logarithmic_x_, logarithmic_y_;
  std::optional<double> chosen_smoothing_;
  bool handles_drawn_ = true;
  std::optional<Readout> readout_;
  bool was_empty_ = true;
  std::vector<std::string> legend_ids_;  ///< those that were last announced
};

/// The view of this spec. Its data arrives through the setters.
std::unique_ptr<View> makeView(const ViewSpec& spec, const std::string& experiment,
                               const Appearance& appearance, QWidget* parent = nullptr);

}  // namespace viva
