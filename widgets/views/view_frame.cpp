// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/view_frame.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QShortcut>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWidgetAction>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/data_table_dialog.h"
#include "widgets/views/legend.h"
#include "widgets/views/picture.h"
#include "widgets/views/text.h"

namespace viva {
namespace {

enum class Sign { Maximise, Restore, Menu, Hero, Smooth, Export };

QIcon iconOf(Sign sign, const QColor& colour) {
  constexpr int kSize = 16, kDensity = 3;
  QPixmap picture(kSize * kDensity, kSize * kDensity);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.scale(kDensity, kDensity);
  painter.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  if (sign == Sign::Menu) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    for (double y : {3.5, 8.0, 12.5}) painter.drawEllipse(QPointF(8, y), 1.5, 1.5);
    return QIcon(picture);
  }
  if (sign == Sign::Hero) {
    // A small frame becomes a large one.
    painter.drawRect(QRectF(2, 2, 12, 12));
    painter.setBrush(colour);
    painter.drawRect(QRectF(8.5, 8.5, 5.5, 5.5));
    return QIcon(picture);
  }
  if (sign == Sign::Export) {
    // An arrow out of a tray.
    painter.drawPolyline(QPolygonF{QPointF(2, 9), QPointF(2, 14), QPointF(14, 14), QPointF(14, 9)});
    painter.drawLine(QPointF(8, 10.5), QPointF(8, 2));
    painter.drawPolyline(QPolygonF{QPointF(4.8, 5.2), QPointF(8, 2), QPointF(11.2, 5.2)});
    return QIcon(picture);
  }
  if (sign == Sign::Smooth) {
    QPainterPath curve(QPointF(1.5, 12));
    curve.cubicTo(5, 1, 9, 1, 14.5, 6);
    painter.drawPath(curve);
    painter.setPen(QPen(colour, 1));
    painter.drawPolyline(QPolygonF{QPointF(1.5, 13.5), QPointF(3.5, 5), QPointF(5.5, 10.5),
                                   QPointF(7.5, 2), QPointF(9.5, 8), QPointF(11.5, 2.5),
                                   QPointF(14.5, 8.5)});
    return QIcon(picture);
  }
  for (double x : {1.0, -1.0})
    for (double y : {1.0, -1.0}) {
      const double far = sign == Sign::Maximise ? 5.5 : 2.0,
                   near = sign == Sign::Maximise ? 2.0 : 5.5;
      const QPointF corner(8 + x * far, 8 + y * far);
      painter.drawLine(corner, QPointF(8 + x * near, corner.y()));
      painter.drawLine(corner, QPointF(corner.x(), 8 + y * near));
    }
  return QIcon(picture);
}

/// Without the other runs, which the panel lists above all views.
std::vector<LegendEntry> legendOf(const View& view) {
  std::vector<LegendEntry> entries = view.legend();
  std::erase_if(entries, [](const LegendEntry& entry) { return entry.run; });
  return entries;
}

}  // namespace

ViewFrame::ViewFrame(std::unique_ptr<View> view, QWidget* parent)
    : QFrame(parent),
      view_(view.release()),
      title_(new QLabel(this)),
      legend_(new Legend(this)),
      smooth_button_(new QToolButton(this)),
      export_button_(new QToolButton(this)),
      hero_button_(new QToolButton(this)),
      maximise_button_(new QToolButton(this)),
      menu_button_(new QToolButton(this)),
      menu_(new QMenu(this)) {
  view_->setParent(this);
  setFrameShape(QFrame::NoFrame);
  setAutoFillBackground(true);
  title_->setTextFormat(Qt::PlainText);
  title_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  title_->installEventFilter(this);
  for (QToolButton* button :
       {smooth_button_, export_button_, hero_button_, maximise_button_, menu_button_}) {
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
  }
  menu_button_->setMenu(menu_);
  menu_button_->setPopupMode(QToolButton::InstantPopup);
  menu_button_->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));

  auto* head = new QHBoxLayout;
  head->setContentsMargins(4, 0, 0, 0);
  head->setSpacing(0);
  head->addWidget(title_, 1);
  head->addWidget(smooth_button_);
  head->addWidget(export_button_);
  head->addWidget(hero_button_);
  head->addWidget(maximise_button_);
  head->addWidget(menu_button_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(6, 4, 6, 6);
  column->setSpacing(1);
  column->addLayout(head);
  column->addWidget(legend_);
  column->addWidget(view_, 1);

  // A letter, because it is wanted by those who use the plot by keyboard; only inside the card.
  auto* table = new QShortcut(QKeySequence(Qt::Key_T), this);
  table->setContext(Qt::WidgetWithChildrenShortcut);
  connect(table, &QShortcut::activated, this, &ViewFrame::showData);
  auto* hero = new QShortcut(QKeySequence(Qt::Key_H), this);
  hero->setContext(Qt::WidgetWithChildrenShortcut);
  connect(hero, &QShortcut::activated, this, [this] {
    if (can_be_hero_) Q_EMIT heroWanted();
  });
  connect(hero_button_, &QToolButton::clicked, this, &ViewFrame::heroWanted);
  hero_button_->hide();
  connect(export_button_, &QToolButton::clicked, this,
          [this] { Q_EMIT exportRequested(QStringLiteral("png")); });
  auto* smoothing = new QMenu(smooth_button_);
  smooth_button_->setMenu(smoothing);
  smooth_button_->setPopupMode(QToolButton::InstantPopup);
  smooth_button_->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
  connect(smoothing, &QMenu::aboutToShow, this, [this, smoothing] {
    smoothing->clear();
    addSmoothing(*smoothing);
  });
  connect(maximise_button_, &QToolButton::clicked, this,
          [this] { Q_EMIT maximiseRequested(!maximised_); });
  connect(menu_, &QMenu::aboutToShow, this, &ViewFrame::buildMenu);
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(view_, &QWidget::customContextMenuRequested, this, [this](const QPoint& position) {
    buildMenu();
    menu_->popup(view_->mapToGlobal(position));
  });
  connect(view_, &View::legendChanged, this, [this] {
    legend_->setEntries(legendOf(*view_), view_->appearance());
    showLegend();
  });
  connect(view_, &View::stateChanged, this, [this] {
    showSmoothing();
    fitTitle();
    title_->setToolTip(view_->title());
    setAccessibleName(view_->title());
  });
  connect(legend_, &Legend::toggled, this,
          [this](const QString& id, bool shown) { view_->setShown(id.toStdString(), shown); });
  connect(legend_, &Legend::strengthened, this,
          [this](const QString& id) { view_->strengthen(id.toStdString()); });
  buildMenu();
  refresh();
}

ViewFrame::~ViewFrame() = default;

void ViewFrame::setAppearance(const Appearance& appearance) {
  view_->setAppearance(appearance);
  refresh();
}

void ViewFrame::setMaximised(bool maximised) {
  maximised_ = maximised;
  refresh();
}

void ViewFrame::setCanBeHero(bool can) {
  can_be_hero_ = can;
  hero_button_->setVisible(can);
  showSmoothing();
  export_button_->setVisible(!isLine() && !can);  // in a strip the title needs the room
  fitHeight();
  title_->setCursor(can ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void ViewFrame::refresh() {
  const Appearance& appearance = view_->appearance();
  const Theme& colours = theme(appearance.dark);
  const Words& words = Words::in(appearance.language);
  const auto word = [&](const char* key) { return QString::fromStdString(words(key)); };
  QPalette palette = this->palette();
  palette.setColor(QPalette::Window, colours.background);
  palette.setColor(QPalette::WindowText, colours.text);
  setPalette(palette);
  fitTitle();
  for (QWidget* part : {static_cast<QWidget*>(title_), static_cast<QWidget*>(maximise_button_),
                        static_cast<QWidget*>(menu_button_)})
    part->setVisible(!isLine());
  fitHeight();
  title_->setToolTip(view_->title());
  maximise_button_->setIcon(
      iconOf(maximised_ ? Sign::Restore : Sign::Maximise, colours.muted_text));
  menu_button_->setIcon(iconOf(Sign::Menu, colours.muted_text));
  const QString maximise = word(maximised_ ? "views.restore" : "views.maximise");
  maximise_button_->setToolTip(maximise);
  // Which view is meant is not seen by those who only hear the button's name.
  const auto named = [&](const QString& action) {
    return view_->title() + QStringLiteral(": ") + action;
  };
  maximise_button_->setAccessibleName(named(maximise));
  smooth_button_->setIcon(iconOf(Sign::Smooth, colours.muted_text));
  smooth_button_->setToolTip(word("views.smoothing"));
  showSmoothing();
  export_button_->setVisible(!isLine() && !can_be_hero_);
  export_button_->setIcon(iconOf(Sign::Export, colours.muted_text));
  export_button_->setToolTip(word("views.export"));
  export_button_->setAccessibleName(named(word("views.export")));
  hero_button_->setIcon(iconOf(Sign::Hero, colours.muted_text));
  hero_button_->setToolTip(word("views.hero"));
  hero_button_->setAccessibleName(named(word("views.hero")));
  menu_button_->setToolTip(word("views.menu"));
  menu_button_->setAccessibleName(named(word("views.menu")));
  legend_->setEntries(legendOf(*view_), appearance);
  showLegend();
  setAccessibleName(view_->title());
  update();
}

/// That a curve is smoothed, and how much, is seen beside the sign.
void ViewFrame::showSmoothing() {
  const QString name =
      QString::fromStdString(Words::in(view_->appearance().language)("views.smoothing"));
  const double amount = view_->smoothing();
  const QString shown = amount > 0 ? QString::number(amount) : QString();
  smooth_button_->setText(shown);
  smooth_button_->setToolButtonStyle(amount > 0 ? Qt::ToolButtonTextBesideIcon
                                                : Qt::ToolButtonIconOnly);
  smooth_button_->setAccessibleName(
      (view_->title() + QStringLiteral(": ") + name + u' ' + shown).trimmed());
  // In a strip the title needs the room.
  smooth_button_->setVisible(view_->canBeSmoothed() && !can_be_hero_);
}

/// Lower, and a plot has no room for its axes; one in a strip only reminds of what it could show.
void ViewFrame::fitHeight() {
  const auto pixels = [&](int usual) {
    return static_cast<int>(std::lround(usual * view_->appearance().font_scale));
  };
  if (isLine())
    setFixedHeight(pixels(44));
  else
    setMinimumHeight(pixels(can_be_hero_ ? 96 : 140));
}

/// In smaller letters before any of it is cut.
void ViewFrame::fitTitle() {
  const QString text = view_->title();
  QFont font = viewFont(view_->appearance().font_scale * 1.08);
  font.setBold(true);
  const double room = std::max(0, title_->width() - 2);
  const double needed = QFontMetricsF(font).horizontalAdvance(text);
  if (needed > room)
    font.setPixelSize(
        std::max(6, static_cast<int>(font.pixelSize() * std::max(0.76, room / needed))));
  if (title_->font() != font) title_->setFont(font);
  title_->setText(QFontMetricsF(font).elidedText(text, Qt::ElideRight, room + 1));
}

void ViewFrame::addSmoothing(QMenu& menu) {
  const QString name =
      QString::fromStdString(Words::in(view_->appearance().language)("views.smoothing"));
  auto* row = new QWidget(&menu);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(12, 4, 12, 4);
  auto* label = new QLabel(name, row);
  auto* slider = new QSlider(Qt::Horizontal, row);
  auto* value = new QLabel(row);
  slider->setRange(0, 99);
  slider->setValue(static_cast<int>(std::lround(view_->smoothing() * 100)));
  slider->setMinimumWidth(120);
  slider->setAccessibleName(name);
  const auto show = [value](int hundredths) {
    value->setText(QString::number(hundredths / 100.0, 'f', 2));
  };
  show(slider->value());
  connect(slider, &QSlider::valueChanged, view_, [this, show](int hundredths) {
    show(hundredths);
    view_->setSmoothing(hundredths / 100.0);
  });
  layout->addWidget(label);
  layout->addWidget(slider, 1);
  layout->addWidget(value);
  auto* action = new QWidgetAction(&menu);
  action->setDefaultWidget(row);
  menu.addAction(action);
  QAction* automatic = menu.addAction(
      QString::fromStdString(Words::in(view_->appearance().language)("views.smoothing_automatic")));
  automatic->setCheckable(true);
  automatic->setChecked(!view_->chosenSmoothing());
  connect(automatic, &QAction::toggled, view_, [this](bool on) {
    if (on)
      view_->smoothAutomatically();
    else
      view_->setSmoothing(view_->smoothing());
  });
}

void ViewFrame::buildMenu() {
  menu_->clear();
  const Words& words = Words::in(view_->appearance().language);
  const auto word = [&](const char* key) { return QString::fromStdString(words(key)); };
  QAction* picture = menu_->addAction(word("views.copy_picture"));
  QAction* data = menu_->addAction(word("views.copy_data"));
  connect(picture, &QAction::triggered, this, &ViewFrame::copyPicture);
  connect(data, &QAction::triggered, this, &ViewFrame::copyData);
  connect(menu_->addAction(word("views.show_data")), &QAction::triggered, this,
          &ViewFrame::showData);
  QMenu* exports = menu_->addMenu(word("views.export"));
  // Without a run there is nothing to copy or to write.
  for (QAction* action : {picture, data, exports->menuAction()})
    action->setEnabled(!view_->isEmpty());
  for (const char* format : {"png", "svg", "pdf", "csv"}) {
    const QString name = QString::fromLatin1(format);
    connect(exports->addAction(name.toUpper()), &QAction::triggered, this,
            [this, name] { Q_EMIT exportRequested(name); });
  }
  if (view_->canZoom()) {
    menu_->addSeparator();
    QAction* reset = menu_->addAction(word("views.reset_zoom"));
    reset->setEnabled(view_->isZoomed());
    connect(reset, &QAction::triggered, view_, &View::resetZoom);
  }
  for (auto [axis, key] :
       {std::pair{View::Axis::X, "views.log_x"}, {View::Axis::Y, "views.log_y"}}) {
    if (!view_->canBeLogarithmic(axis)) continue;
    QAction* toggle = menu_->addAction(word(key));
    toggle->setCheckable(true);
    toggle->setChecked(view_->isLogarithmic(axis));
    connect(toggle, &QAction::toggled, view_,
            [this, axis = axis](bool on) { view_->setLogarithmic(axis, on); });
  }
  if (view_->canBeSmoothed()) addSmoothing(*menu_);
  view_->extendMenu(*menu_);
  Q_EMIT menuOpens(menu_);
}

void ViewFrame::setLegendWanted(bool wanted) {
  legend_wanted_ = wanted;
  showLegend();
}

void ViewFrame::showLegend() {
  // In a small cell the plot needs the room; the colours are those of the larger views.
  const int least = can_be_hero_ ? 170 : 130;
  legend_->setVisible((legend_wanted_ || maximised_) && !legendOf(*view_).empty() &&
                      height() >= least * view_->appearance().font_scale);
}

void ViewFrame::copyPicture() {
  PictureSettings settings;
  settings.size = view_->size().expandedTo({320, 200}) + QSize(0, 60);
  settings.scale = 2;
  settings.appearance = view_->appearance();
  QApplication::clipboard()->setImage(pictureImage(*view_, settings));
}

void ViewFrame::copyData() {
  QApplication::clipboard()->setText(
      QString::fromUtf8(dataText(view_->dataTable(), '\t', view_->appearance().language)));
}

void ViewFrame::showData() { (new DataTableDialog(*view_, window()))->open(); }

bool ViewFrame::eventFilter(QObject* watched, QEvent* event) {
  if (watched == title_ && event->type() == QEvent::Resize) fitTitle();
  // A press that becomes a drag moves the view; one that does not makes it the hero.
  if (watched == title_ && event->type() == QEvent::MouseButtonPress)
    pressed_at_ = static_cast<QMouseEvent*>(event)->pos();
  if (watched == title_ && event->type() == QEvent::MouseButtonRelease && can_be_hero_ &&
      (static_cast<QMouseEvent*>(event)->pos() - pressed_at_).manhattanLength() <
          QApplication::startDragDistance()) {
    // Not now: the title that is clicked would be moved away under the pointer's event.
    QMetaObject::invokeMethod(
        this, [this] { Q_EMIT heroWanted(); }, Qt::QueuedConnection);
    return true;
  }
  if (watched == title_ && event->type() == QEvent::MouseButtonDblClick) {
    Q_EMIT maximiseRequested(!maximised_);
    return true;
  }
  return QFrame::eventFilter(watched, event);
}

void ViewFrame::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Theme& colours = theme(view_->appearance().dark);
  painter.setPen(QPen(colours.grid, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
}

void ViewFrame::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  showLegend();
}

}  // namespace viva
