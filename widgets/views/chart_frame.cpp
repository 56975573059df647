// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/chart_frame.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QLegend>
#include <algorithm>
#include <set>

#include "widgets/views/colours.h"

namespace viva {

struct ChartFrame::Parts {
  QGraphicsScene scene;
  QChart* chart = new QChart;
  QCategoryAxis* x = new QCategoryAxis;
  QCategoryAxis* y = new QCategoryAxis;
};

namespace {

// Categories of Qt Charts must differ; this space has no width and makes them so.
void setTicks(QCategoryAxis& axis, const std::vector<Tick>& ticks) {
  for (const QString& label : axis.categoriesLabels()) axis.remove(label);
  std::set<QString> used;
  double previous = -1;
  for (const Tick& tick : ticks) {
    // A line without a label would take the room of its neighbours' labels: draw() adds it.
    if (tick.label.isEmpty() || !(tick.place > previous + 1e-9)) continue;
    previous = tick.place;
    QString label = tick.label.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
    while (!used.insert(label).second || label.isEmpty()) label += QChar(0x200b);
    axis.append(label, tick.place);
  }
}

}  // namespace

QString fittingTitle(const QString& title, const QFont& font, double room) {
  const QFontMetricsF metrics(font);
  if (metrics.horizontalAdvance(title) <= room) return title;
  const qsizetype bracket = std::max(title.lastIndexOf(u'('), title.lastIndexOf(u'（'));
  const QString bare = bracket > 0 ? title.left(bracket).trimmed() : title;
  if (metrics.horizontalAdvance(bare) <= room) return bare;
  // Smaller letters (see shrunk), but not such as nobody can read.
  return metrics.horizontalAdvance(bare) * 0.6 <= room ? bare : QString();
}

namespace {

/// In letters as small as it needs: a title is not cut.
QFont shrunk(const QString& title, QFont font, double room) {
  const double width = QFontMetricsF(font).horizontalAdvance(title);
  if (width > room && width > 0)
    font.setPixelSize(std::max(1, static_cast<int>(font.pixelSize() * room / width)));
  return font;
}

}  // namespace

ChartFrame::ChartFrame() : parts_(std::make_unique<Parts>()) {
  QChart& chart = *parts_->chart;
  parts_->scene.addItem(&chart);
  chart.legend()->hide();
  chart.setAnimationOptions(QChart::NoAnimation);
  chart.setMargins(QMargins(0, 0, 0, 0));
  chart.layout()->setContentsMargins(0, 0, 0, 0);
  chart.setBackgroundVisible(false);
  for (QCategoryAxis* axis : {parts_->x, parts_->y}) {
    axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    axis->setTruncateLabels(false);  // the views give labels that fit; Qt Charts adds a margin
    axis->setStartValue(-1);
    axis->setRange(0, 1);
  }
  chart.addAxis(parts_->x, Qt::AlignBottom);
  chart.addAxis(parts_->y, Qt::AlignLeft);
}

ChartFrame::~ChartFrame() = default;

void ChartFrame::setLook(const ChartLook& look) {
  if (look == look_) return;
  const bool theme_changed =
      look.dark != look_.dark || look.font != look_.font || look_.size.isEmpty();
  if (theme_changed) {
    const Theme& colours = theme(look.dark);
    for (QCategoryAxis* axis : {parts_->x, parts_->y}) {
      axis->setLabelsFont(look.font);
      axis->setLabelsColor(colours.muted_text);
      axis->setTitleFont(look.font);
      axis->setTitleBrush(colours.text);
      axis->setLinePen(QPen(colours.axis, 1));
      axis->setGridLinePen(QPen(colours.grid, 1));
    }
  }
  parts_->x->setGridLineVisible(look.grid);
  parts_->y->setGridLineVisible(look.grid);
  if (theme_changed || look.x_ticks != look_.x_ticks) setTicks(*parts_->x, look.x_ticks);
  if (theme_changed || look.y_ticks != look_.y_ticks) setTicks(*parts_->y, look.y_ticks);
  parts_->x->setTitleText(look.x_title.toHtmlEscaped());
  parts_->x->setTitleVisible(!look.x_title.isEmpty());
  look_ = look;
  parts_->scene.setSceneRect(QRectF(QPointF(0, 0), look.size));
  // Half of the topmost label stands above the plot.
  const double top = std::ceil(look.font.pixelSize() * 0.75);
  // The vertical title is ours: beside short labels Qt Charts cuts a Chinese one to dots.
  y_title_ = look.y_title;
  const double title_width = std::ceil(QFontMetricsF(look.font).height());
  const auto layOut = [&] {
    const double left = y_title_.isEmpty() ? 0 : title_width;
    parts_->chart->setGeometry(QRectF(left, top,
                                      std::max(1.0, look.size.width() - look.right_margin - left),
                                      std::max(1.0, look.size.height() - top)));
    parts_->chart->layout()->activate();
    plot_area_ = parts_->chart->plotArea().translated(left, top);
  };
  layOut();
  const QString x_title = fittingTitle(look.x_title, look.font, plot_area_.width());
  const QString y_title = fittingTitle(look.y_title, look.font, plot_area_.height());
  // Qt Charts cuts a title that is as wide as the plot.
  const QFont x_font = shrunk(x_title, look.font, plot_area_.width() - 4);
  if (x_font != parts_->x->titleFont()) parts_->x->setTitleFont(x_font);
  if (x_title == look.x_title && y_title == look.y_title) return;
  parts_->x->setTitleText(x_title.toHtmlEscaped());
  parts_->x->setTitleVisible(!x_title.isEmpty());
  y_title_ = y_title;
  layOut();
}

void ChartFrame::draw(QPainter& painter, QPointF top_left) {
  if (look_.grid) {
    QColor colour = theme(look_.dark).grid;
    colour.setAlphaF(0.55f);
    painter.setPen(QPen(colour, 1));
    const QRectF plot = plot_area_.translated(top_left);
    for (const Tick& tick : look_.x_ticks) {
      const double x = plot.left() + tick.place * plot.width();
      if (tick.label.isEmpty()) painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    }
    for (const Tick& tick : look_.y_ticks) {
      const double y = plot.bottom() - tick.place * plot.height();
      if (tick.label.isEmpty()) painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }
  }
  const QRectF source(QPointF(0, 0), look_.size);
  parts_->scene.render(&painter, QRectF(top_left, look_.size), source, Qt::IgnoreAspectRatio);
  if (y_title_.isEmpty()) return;
  const QFont font = shrunk(y_title_, look_.font, plot_area_.height());
  const QFontMetricsF metrics(font);
  painter.save();
  painter.translate(top_left.x(), top_left.y() + plot_area_.center().y());
  painter.rotate(-90);
  painter.setFont(font);
  painter.setPen(theme(look_.dark).text);
  painter.drawText(QPointF(-metrics.horizontalAdvance(y_title_) / 2, metrics.ascent()), y_title_);
  painter.restore();
}

}  // namespace viva
