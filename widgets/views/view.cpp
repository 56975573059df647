// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/view.h"

#include <QAccessible>
#include <QEvent>
#include <QPainter>
#include <cmath>

#include "widgets/views/accessible_view.h"
#include "widgets/views/bars_view.h"
#include "widgets/views/colours.h"
#include "widgets/views/curve_name.h"
#include "widgets/views/graph_view.h"
#include "widgets/views/histogram_view.h"
#include "widgets/views/images_view.h"
#include "widgets/views/matrix_view.h"
#include "widgets/views/picks.h"
#include "widgets/views/plane_view.h"
#include "widgets/views/sequence_view.h"
#include "widgets/views/series_view.h"
#include "widgets/views/table_view.h"
#include "widgets/views/text.h"
#include "widgets/views/tokens_view.h"
#include "widgets/views/verdict_view.h"

namespace viva {

View::View(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
           QWidget* parent)
    : QWidget(parent),
      spec_(spec),
      experiment_(experiment),
      appearance_(appearance),
      styles_(std::make_shared<StyleTable>()),
      logarithmic_x_(spec.x.logarithmic),
      logarithmic_y_(spec.y.logarithmic) {
  installAccessibleViews();
  setObjectName(QString::fromStdString(spec.id));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setAccessibleName(title());
}

View::~View() = default;

QString View::title() const {
  if (!title_.isEmpty()) return title_;
  return QString::fromStdString(nameHere(words(), experiment_, "view", spec_.id, parameters_));
}

void View::setTitle(const QString& title) {
  title_ = title;
  setAccessibleName(this->title());
}

void View::setAppearance(const Appearance& appearance) {
  if (appearance == appearance_) return;
  appearance_ = appearance;
  setAccessibleName(title());
  setReadout(std::nullopt);
  changed(Change::Appearance);
  Q_EMIT legendChanged();
  updateGeometry();
  update();
}

void View::setStyles(std::shared_ptr<StyleTable> styles) {
  styles_ = std::move(styles);
  changed(Change::Styles);
  Q_EMIT legendChanged();
  update();
}

void View::setRecords(const Records& records) {
  records_ = records;
  changed(Change::Records);
  noteEmpty();
  update();
}

void View::setFrame(std::shared_ptr<const Frame> frame) {
  frame_ = std::move(frame);
  if (frame_) styles_->learn(*frame_);
  changed(Change::Frame);
  noteEmpty();
  noteLegend();
  update();
}

void View::setCursor(std::optional<std::int64_t> step) {
  if (cursor_ == step) return;
  cursor_ = step;
  changed(Change::Cursor);
  update();
}

void View::setParameters(const Parameters& parameters) {
  if (parameters_ && &parameters_->specs() == &parameters.specs() && *parameters_ == parameters)
    return;
  const QString before = title();
  parameters_ = parameters;
  changed(Change::Parameters);
  noteEmpty();
  noteLegend();
  if (title() != before) {
    setAccessibleName(title());
    Q_EMIT stateChanged();
  }
  update();
}

void View::setHoveredStep(std::optional<std::int64_t> step) {
  if (hovered_step_ == step) return;
  hovered_step_ = step;
  changed(Change::Hovered);
  update();
}

void View::setShown(const std::string& id, bool shown) {
  const bool differs = shown ? hidden_.erase(id) > 0 : hidden_.insert(id).second;
  if (!differs) return;
  changed(Change::Hidden);
  Q_EMIT legendChanged();
  update();
}

void View::setPale(std::set<std::string> ids) {
  if (ids == pale_) return;
  pale_ = std::move(ids);
  changed(Change::Styles);
  Q_EMIT legendChanged();
  update();
}

void View::strengthen(const std::string& id) {
  auto ids = pale_;
  if (ids.erase(id) == 0) return;
  setPale(std::move(ids));
  Q_EMIT strengthened(QString::fromStdString(id));
}

CurveStyle View::styleOf(const std::string& id) const {
  const CurveStyle style = styles_->style(id, appearance_.dark);
  return isPale(id) ? paled(style, appearance_.dark) : style;
}

bool View::isLogarithmic(Axis axis) const {
  return axis == Axis::X ? logarithmic_x_ : logarithmic_y_;
}

void View::setLogarithmic(Axis axis, bool logarithmic) {
  bool& present = axis == Axis::X ? logarithmic_x_ : logarithmic_y_;
  if (present == logarithmic || !canBeLogarithmic(axis)) return;
  present = logarithmic;
  changed(Change::Axes);
  Q_EMIT stateChanged();
  update();
}

void View::setSmoothing(double smoothing) {
  smoothing = std::clamp(smoothing, 0.0, 0.99);
  if (chosen_smoothing_ == smoothing || !canBeSmoothed()) return;
  chosen_smoothing_ = smoothing;
  changed(Change::Smoothing);
  Q_EMIT stateChanged();
  update();
}

void View::smoothAutomatically() {
  if (!chosen_smoothing_) return;
  chosen_smoothing_.reset();
  changed(Change::Smoothing);
  Q_EMIT stateChanged();
  update();
}

std::optional<Readout> View::readoutAt(QPointF) const { return std::nullopt; }

void View::copyStateFrom(const View& other) {
  styles_ = other.styles_;
  hidden_ = other.hidden_;
  pale_ = other.pale_;
  logarithmic_x_ = other.logarithmic_x_;
  logarithmic_y_ = other.logarithmic_y_;
  chosen_smoothing_ = other.chosen_smoothing_;
  cursor_ = other.cursor_;
  parameters_ = other.parameters_;
  setRecords(other.records_);
  setFrame(other.frame_);
  changed(Change::Appearance);
}

QSize View::sizeHint() const {
  switch (spec_.room) {
    case Room::Line:
      return {480, qRound(58 * appearance_.font_scale)};
    case Room::Small:
      return {320, 220};
    case Room::Medium:
      return {440, 300};
    case Room::Large:
      return {640, 480};
  }
  return {440, 300};
}

QSize View::minimumSizeHint() const {
  return spec_.room == Room::Line ? QSize(120, 36) : QSize(120, 60);
}

QString View::word(const char* key) const { return QString::fromStdString(words()(key)); }

QString View::word(const Message& message) const {
  return QString::fromStdString(words()(message));
}

/// A curve has one name, whether its records bring it or a layer of the frame.
QString View::labelOf(const Label& label) const {
  const std::string curves = experiment_ + ".curve.";
  if (const auto* key = std::get_if<Word>(&label); key && key->key.starts_with(curves))
    return labelOfCurve(key->key.substr(curves.size()));
  return QString::fromStdString(words().label(label));
}

QString View::labelOfCurve(const std::string& id) const {
  return QString::fromStdString(nameHere(words(), experiment_, "curve", id, parameters_));
}

QString View::axisTitle(const AxisSpec& axis) const {
  if (axis.label.empty()) return {};
  const QString label = word(axis.label.c_str());
  if (axis.unit.empty()) return label;
  return word(Message{"views.axis_with_unit",
                      {{"label", label.toStdString()}, {"unit", words()(axis.unit)}}});
}

QFont View::baseFont(double factor) const { return viewFont(appearance_.font_scale * factor); }

void View::drawEmpty(QPainter& painter, const QRectF& area) const {
  const Theme& colours = theme(appearance_.dark);
  painter.setFont(baseFont());
  painter.setPen(colours.muted_text);
  const bool own = words().has(experiment_, "view_empty", spec_.id);
  const QString text = own ? QString::fromStdString(words().of(experiment_, "view_empty", spec_.id))
                           : word("views.empty");
  painter.drawText(area.adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, text);
}

void View::setReadout(std::optional<Readout> readout) {
  const auto stepOf = [](const std::optional<Readout>& r) { return r && r->step ? *r->step : -1; };
  const bool spoken = readout && (!readout_ || readout_->text() != readout->text());
  const qint64 before = stepOf(readout_), after = stepOf(readout);
  const bool differs = readout.has_value() || readout_.has_value();
  readout_ = std::move(readout);
  if (before != after) Q_EMIT stepHovered(after);
  if (spoken && QAccessible::isActive()) {
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
  }
  if (differs) update();
}

void View::pickAt(std::int64_t row, std::optional<std::int64_t> column) {
  if (!spec_.picks) return;
  std::vector<std::pair<std::string, std::int64_t>> indices{{spec_.picks->row, row}};
  if (column) indices.emplace_back(spec_.picks->column, *column);
  for (const auto& [name, value, finished] : picksOf(parameters_, indices))
    Q_EMIT parameterDragged(QString::fromStdString(name), value, finished);
}

void View::drawReadout(QPainter& painter, const QRectF& area) const {
  if (!readout_ || readout_->lines.empty()) return;
  const Theme& colours = theme(appearance_.dark);
  const QFont font = baseFont(0.95), strong = [&] {
    QFont bold = baseFont(0.95);
    bold.setBold(true);
    return bold;
  }();
  const QFontMetricsF metrics(font), strong_metrics(strong);
  const double line_height = std::ceil(metrics.height());
  double width = 0;
  for (const Readout::Line& line : readout_->lines)
    width = std::max(width, (line.strong ? strong_metrics : metrics).horizontalAdvance(line.text) +
                                (line.style ? line_height : 0));
  const QSizeF size(std::ceil(width) + 16, line_height * readout_->lines.size() + 12);
  QPointF corner = readout_->position + QPointF(14, -size.height() - 8);
  if (corner.x() + size.width() > area.right() - 2)
    corner.setX(readout_->position.x() - size.width() - 14);
  corner.setX(std::max(area.left() + 2, corner.x()));
  if (corner.y() < area.top() + 2) corner.setY(readout_->position.y() + 14);
  corner.setY(std::max(area.top() + 2, std::min(corner.y(), area.bottom() - size.height() - 2)));
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(colours.axis, 1));
  painter.setBrush(colours.shade);
  painter.drawRoundedRect(QRectF(corner, size), 4, 4);
  double y = corner.y() + 6;
  for (const Readout::Line& line : readout_->lines) {
    double x = corner.x() + 8;
    if (line.style) {
      drawMarker(painter, line.style->marker, QPointF(x + line_height * 0.38, y + line_height / 2),
                 line_height * 0.55, line.style->colour, colours.background);
      x += line_height;
    }
    painter.setFont(line.strong ? strong : font);
    painter.setPen(colours.text);
    painter.drawText(QPointF(x, y + metrics.ascent()), line.text);
    y += line_height;
  }
}

void View::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Theme& colours = theme(appearance_.dark);
  painter.fillRect(rect(), colours.background);
  if (width() < 8 || height() < 8) return;
  paintView(painter);
  drawReadout(painter, rect());
  if (hasFocus()) {
    painter.setPen(QPen(colours.accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
}

void View::paintView(QPainter& painter) { render(painter, rect()); }

void View::leaveEvent(QEvent* event) {
  setReadout(std::nullopt);
  QWidget::leaveEvent(event);
}

void View::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void View::focusOutEvent(QFocusEvent* event) {
  setReadout(std::nullopt);
  QWidget::focusOutEvent(event);
  update();
}

/// Frames bring layers and curves that were not there before (the arrows of the first step), and
/// names follow the parameters.
void View::noteLegend() {
  std::vector<std::string> ids;
  for (const LegendEntry& entry : legend())
    ids.push_back(entry.id + '\n' + entry.label.toStdString());
  if (ids == legend_ids_) return;
  legend_ids_ = std::move(ids);
  Q_EMIT legendChanged();
}

void View::noteEmpty() {
  const bool empty = isEmpty();
  if (empty == was_empty_) return;
  was_empty_ = empty;
  Q_EMIT legendChanged();
}

void addCell(std::vector<TableData::Cell>& row, std::optional<double> value) {
  TableData::Cell& cell = row.emplace_back();
  if (value) cell = *value;
}

QString Readout::text() const {
  QStringList parts;
  for (const Line& line : lines) parts << line.text;
  return parts.join(QStringLiteral("\n"));
}

std::unique_ptr<View> makeView(const ViewSpec& spec, const std::string& experiment,
                               const Appearance& appearance, QWidget* parent) {
  switch (spec.kind) {
    case ViewKind::Series:
      return std::make_unique<SeriesView>(spec, experiment, appearance, parent);
    case ViewKind::Plane:
      return std::make_unique<PlaneView>(spec, experiment, appearance, parent);
    case ViewKind::Table:
      return std::make_unique<TableView>(spec, experiment, appearance, parent);
    case ViewKind::Bars:
      return std::make_unique<BarsView>(spec, experiment, appearance, parent);
    case ViewKind::Matrix:
      return std::make_unique<MatrixView>(spec, experiment, appearance, parent);
    case ViewKind::Histogram:
      return std::make_unique<HistogramView>(spec, experiment, appearance, parent);
    case ViewKind::Images:
      return std::make_unique<ImagesView>(spec, experiment, appearance, parent);
    case ViewKind::Graph:
      return std::make_unique<GraphView>(spec, experiment, appearance, parent);
    case ViewKind::Tokens:
      return std::make_unique<TokensView>(spec, experiment, appearance, parent);
    case ViewKind::Sequence:
      return std::make_unique<SequenceView>(spec, experiment, appearance, parent);
    case ViewKind::Verdict:
      return std::make_unique<VerdictView>(spec, experiment, appearance, parent);
  }
  return nullptr;
}

}  // namespace viva
