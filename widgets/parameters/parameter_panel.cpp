// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/parameter_panel.h"

#include <QCoreApplication>
#include <QEvent>
#include <QPainter>
#include <QPointer>
#include <QScrollBar>
#include <algorithm>

#include "widgets/parameters/claim_parameters.h"
#include "widgets/parameters/parameter_title.h"

namespace viva {
namespace {

constexpr std::size_t kFew = 6;  // that need no fold
constexpr int kBetweenControls = 10;

/// A group for those who listen, a heading and a line for those who look.
class Section : public QGroupBox {
 public:
  using QGroupBox::QGroupBox;

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawLine(0, 0, width(), 0);
  }
};

}  // namespace

ParameterPanel::ParameterPanel(const ExperimentSpec& spec, QWidget* parent)
    : QScrollArea(parent), spec_(spec), values_(spec.parameters), baseline_(spec.parameters) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* content = new QWidget;
  setWidget(content);
  title_ = new WrappedLabel(content);
  reset_all_ = new QPushButton(content);
  fold_ = new FoldButton(content);
  others_ = new QWidget(content);
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(6, 6, 6, 6);
  layout->setSpacing(kBetweenControls);
  head_ = new QBoxLayout(QBoxLayout::LeftToRight);
  head_->addWidget(title_, 1);
  head_->addWidget(reset_all_);
  layout->addLayout(head_);
  first_rows_ = new QVBoxLayout;
  first_rows_->setSpacing(kBetweenControls);
  layout->addLayout(first_rows_);
  layout->addWidget(fold_);
  layout->addWidget(others_);
  layout->addStretch(1);
  others_rows_ = new QVBoxLayout(others_);
  others_rows_->setContentsMargins(0, 0, 0, 0);
  others_rows_->setSpacing(kBetweenControls);

  connect(reset_all_, &QPushButton::clicked, this, [this] {
    const Parameters values = resetValues();
    setValues(values);
    Q_EMIT resetAllPressed(values);
  });
  connect(fold_, &QAbstractButton::clicked, this, [this](bool unfolded) {
    showRelevant();
    Q_EMIT unfoldedChanged(unfolded);
  });
  for (const ParameterSpec& parameter : spec.parameters) {
    group(parameter.group);
    auto* control = new ParameterControl(parameter, spec.id, content);
    controls_.push_back(control);
    connect(control, &ParameterControl::edited, this,
            [this](const QString& name, const Value& value, bool finished) {
              values_.set(name.toStdString(), value);
              showRelevant();
              Q_EMIT edited(name, value, finished);
            });
  }
  first_ = claimParameters(spec_, {});
  place();
}

ParameterPanel::Group& ParameterPanel::group(const std::string& name) {
  const auto place = std::find_if(groups_.begin(), groups_.end(),
                                  [&](const Group& known) { return known.name == name; });
  if (place != groups_.end()) return *place;
  auto* box = new Section(others_);
  auto* title = new WrappedLabel(box);
  auto* rows = new QVBoxLayout(box);
  rows->setContentsMargins(0, 6, 0, 0);
  rows->setSpacing(kBetweenControls);
  rows->addWidget(title);
  title->setForegroundRole(QPalette::PlaceholderText);
  others_rows_->addWidget(box);
  groups_.push_back({name, box, title, rows});
  return groups_.back();
}

bool ParameterPanel::isFoldable() const { return spec_.parameters.size() > kFew; }

void ParameterPanel::setPreset(std::string_view preset) {
  std::vector<std::string> first = claimParameters(spec_, preset);
  if (first == first_) return;
  first_ = std::move(first);
  place();
}

/// Every control is in one place; Tab visits them as they are seen.
void ParameterPanel::place() {
  QWidget* before = reset_all_;
  const auto visit = [&](QWidget* stop) {
    QWidget::setTabOrder(before, stop);
    before = stop;
  };
  for (ParameterControl* control : controls_) {
    const bool first = std::count(first_.begin(), first_.end(), control->spec().name) > 0;
    control->setApart(first);
    (first ? first_rows_ : group(control->spec().group).rows)->addWidget(control);
    if (first)
      for (QWidget* stop : control->stops()) visit(stop);
  }
  visit(fold_);
  for (const Group& known : groups_)
    for (ParameterControl* control : controls_)
      if (control->parentWidget() == known.box)
        for (QWidget* stop : control->stops()) visit(stop);
  showRelevant();
}

ParameterControl* ParameterPanel::control(std::string_view name) const {
  for (ParameterControl* control : controls_)
    if (control->spec().name == name) return control;
  return nullptr;
}

void ParameterPanel::reveal(std::string_view name) {
  ParameterControl* wanted = control(name);
  if (!wanted || wanted->isHidden()) return;
  if (others_->isAncestorOf(wanted)) setUnfolded(true);
  wanted->stops().front()->setFocus(Qt::OtherFocusReason);
  // Once now, and once when what has just been unfolded has its place.
  QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
  ensureWidgetVisible(wanted);
  QMetaObject::invokeMethod(
      this,
      [this, still = QPointer(wanted)] {
        if (still) ensureWidgetVisible(still);
      },
      Qt::QueuedConnection);
}

void ParameterPanel::setUnfolded(bool unfolded) {
  fold_->setChecked(unfolded);
  showRelevant();
}

void ParameterPanel::setValues(const Parameters& parameters) {
  values_ = parameters;
  for (ParameterControl* control : controls_)
    control->setValue(parameters.value(control->spec().name));
  showRelevant();
}

void ParameterPanel::setBaseline(const Parameters& parameters) {
  baseline_ = parameters;
  for (ParameterControl* control : controls_)
    control->setBaseline(parameters.value(control->spec().name));
  showDifferences();
}

void ParameterPanel::setWords(const Words& words) {
  words_ = &words;
  const auto word = [&](const char* key) { return QString::fromStdString(words(key)); };
  title_->setText(word("panel.parameters"));
  reset_all_->setText(word("panel.reset_all"));
  reset_all_->setAccessibleName(reset_all_->text());
  reset_all_->setToolTip(word("panel.reset_all_meaning"));
  reset_all_->setAccessibleDescription(word("panel.reset_all_meaning"));
  for (const Group& known : groups_) {
    known.title->setText(known.name.empty()
                             ? QString()
                             : QString::fromStdString(words.of(spec_.id, "group", known.name)));
    known.title->setVisible(!known.name.empty());
    known.box->setAccessibleName(known.title->text());
  }
  for (ParameterControl* control : controls_)
    control->setWords(words, parameterTitle(spec_, control->spec(), words));
  showDifferences();
  arrangeHead();
  updateGeometry();
}

void ParameterPanel::setHidden(const std::vector<std::string>& names) {
  hidden_ = names;
  showRelevant();
}

bool ParameterPanel::isHiddenByTeacher(const std::string& name) const {
  return std::find(hidden_.begin(), hidden_.end(), name) != hidden_.end();
}

void ParameterPanel::showRelevant() {
  for (ParameterControl* control : controls_)
    control->setVisible(values_.isRelevant(control->spec()) &&
                        !isHiddenByTeacher(control->spec().name));
  bool any_other = false;
  for (const Group& known : groups_) {
    const bool any = std::any_of(controls_.begin(), controls_.end(), [&](auto* control) {
      return control->parentWidget() == known.box && !control->isHidden();
    });
    known.box->setVisible(any);
    any_other |= any;
  }
  fold_->setVisible(isFoldable() && any_other);
  others_->setVisible(any_other && (!isFoldable() || fold_->isChecked()));
  showDifferences();
}

/// What "Reset all" gives: what a teacher has hidden stays.
Parameters ParameterPanel::resetValues() const {
  Parameters values = values_;
  for (const ParameterSpec& parameter : spec_.parameters)
    if (!isHiddenByTeacher(parameter.name))
      values.set(parameter.name, baseline_.value(parameter.name));
  return values;
}

/// A change that is folded away is told by the fold.
void ParameterPanel::showDifferences() {
  reset_all_->setEnabled(!(resetValues() == values_));
  std::int64_t others = 0, changed = 0;
  for (const ParameterControl* control : controls_) {
    if (control->isHidden() || !others_->isAncestorOf(control)) continue;
    ++others;
    if (control->differs()) ++changed;
  }
  QFont font = fold_->font();
  font.setBold(changed > 0);
  fold_->setFont(font);
  const QString name = QString::fromStdString((*words_)("panel.all_parameters"));
  fold_->setText(changed > 0 ? QStringLiteral("• ") + name : name);
  fold_->setAccessibleName(name);
  fold_->setToolTip(QString::fromStdString((*words_)(
      Message{"panel.all_parameters_meaning", {{"count", others}, {"changed", changed}}})));
  fold_->setAccessibleDescription(fold_->toolTip());
}

void ParameterPanel::arrangeHead() {
  const int needed = title_->sizeHint().width() + head_->spacing() + reset_all_->sizeHint().width();
  head_->setDirection(needed > room() ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

QSize ParameterPanel::minimumSizeHint() const {
  const QSize usual = QScrollArea::minimumSizeHint();
  const int bar = verticalScrollBar()->sizeHint().width();
  return {std::max(usual.width(), widget()->minimumSizeHint().width() + bar), usual.height()};
}

void ParameterPanel::resizeEvent(QResizeEvent* event) {
  arrangeHead();
  for (ParameterControl* control : controls_) control->setRoom(room());
  QScrollArea::resizeEvent(event);
}

/// The width of a control with a scroll bar beside it, whether or not it is there.
int ParameterPanel::room() const {
  constexpr int kMargins = 20;  // of the content and of a section
  return width() - verticalScrollBar()->sizeHint().width() - kMargins;
}

void ParameterPanel::changeEvent(QEvent* event) {
  QScrollArea::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) arrangeHead();
}

}  // namespace viva
