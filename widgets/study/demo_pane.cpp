// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/demo_pane.h"

#include <QButtonGroup>
#include <QEvent>
#include <QFontInfo>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>
#include <initializer_list>

#include "lessons/core/number_text.h"
#include "widgets/study/calibration_text.h"
#include "widgets/study/sketch_pad.h"
#include "widgets/text/notes_view.h"
#include "widgets/views/axis.h"
#include "widgets/views/colours.h"

namespace viva {
namespace {

constexpr int kConfidences[] = {50, 60, 70, 80, 90, 100};

/// Of the type in front of a class, where nobody scrolls: the first in which everything fits.
constexpr double kTypes[] = {1, 0.92, 0.85, 0.78, 0.72};
constexpr double kTextScale = 0.85;  ///< of notes, in a column as narrow as the parameters

/// Notes as high as what they say: the pane scrolls, not each text in it.
void fitHeight(NotesView* notes) {
  const int width = std::max(200, notes->width());
  notes->setFixedHeight(notes->image(width).height() + 2 * notes->browser()->frameWidth() + 2);
}

}  // namespace

DemoPane::DemoPane(ExperimentPanel& panel, const QString& lesson, Study& study,
                   const Appearance& appearance)
    : QFrame(&panel),
      panel_(panel),
      study_(study),
      lesson_(lesson),
      appearance_(appearance),
      rules_(demoRules(lesson)),
      texts_(demoTexts(lesson, appearance.language)) {
  hide();
  build();
  setTextAppearance();
  retranslate();
  connect(&panel_, &ExperimentPanel::shown, this, &DemoPane::follow);
}

DemoPane::~DemoPane() = default;

void DemoPane::build() {
  title_ = new QLabel(this);
  close_ = new QPushButton(this);
  question_ = new NotesView(this);
  options_box_ = new QWidget(this);
  options_ = new QVBoxLayout(options_box_);
  options_->setContentsMargins(0, 0, 0, 0);
  number_ = new QLineEdit(this);
  number_problem_ = new QLabel(this);
  number_problem_->setWordWrap(true);
  sketch_hint_ = new QLabel(this);
  sketch_hint_->setWordWrap(true);
  confidence_label_ = new QLabel(this);
  confidence_label_->setWordWrap(true);
  confidence_box_ = new QWidget(this);
  auto* confidence = new QHBoxLayout(confidence_box_);
  confidence->setContentsMargins(0, 0, 0, 0);
  confidence->setSpacing(2);
  confidences_ = new QButtonGroup(this);
  for (const int percent : kConfidences) {
    auto* button = new QToolButton(confidence_box_);
    button->setText(QString::number(percent));
    button->setCheckable(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    confidences_->addButton(button, percent);
    confidence->addWidget(button);
  }
  progress_ = new QProgressBar(this);
  result_ = new QLabel(this);
  result_->setWordWrap(true);
  result_->setTextFormat(Qt::RichText);
  explanation_ = new NotesView(this);
  for (NotesView* notes : {question_, explanation_})
    notes->browser()->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  for (NotesView* notes : {question_, explanation_})
    connect(notes, &NotesView::linkActivated, this, &DemoPane::linkActivated);
  calibration_ = new QLabel(this);
  calibration_->setWordWrap(true);
  act_ = new QPushButton(this);
  act_->setDefault(true);
  again_ = new QPushButton(this);
  sketch_ = new SketchPad(this);
  sketch_->hide();

  auto* head = new QHBoxLayout;
  head->addWidget(title_, 1);
  head->addWidget(close_);
  auto* foot = new QHBoxLayout;
  foot->addWidget(again_);
  foot->addWidget(act_, 1);
  auto* content = new QWidget(this);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(question_);
  column->addWidget(options_box_);
  column->addWidget(number_);
  column->addWidget(number_problem_);
  column->addWidget(sketch_hint_);
  column->addWidget(confidence_label_);
  column->addWidget(confidence_box_);
  column->addWidget(progress_);
  column->addWidget(result_);
  column->addWidget(explanation_, 1);
  column->addWidget(calibration_);
  column->addStretch();
  scroll_ = new QScrollArea(this);
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setWidget(content);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 4, 4, 4);
  layout->addLayout(head);
  layout->addWidget(scroll_, 1);
  layout->addLayout(foot);

  connect(close_, &QPushButton::clicked, this, &DemoPane::leave);
  connect(act_, &QPushButton::clicked, this, &DemoPane::goOn);
  connect(again_, &QPushButton::clicked, this, [this] { begin(preset_); });
  connect(number_, &QLineEdit::textChanged, this, &DemoPane::showWhetherReady);
  connect(number_, &QLineEdit::returnPressed, this, [this] {
    if (act_->isEnabled()) goOn();
  });
  connect(sketch_, &SketchPad::sketched, this, &DemoPane::showWhetherReady);
  // Toggled, not clicked: a screen reader toggles.
  connect(confidences_, &QButtonGroup::idToggled, this, [this](int percent, bool on) {
    if (on) confidence_ = percent / 100.0;
    showWhetherReady();
  });
}

QString DemoPane::text(const Message& message) const {
  return QString::fromStdString(Words::in(appearance_.language)(message));
}

bool DemoPane::has(const QString& preset) const { return ruleOf(preset) && textOf(preset); }

const DemoText* DemoPane::textOf(const QString& preset) const {
  return demoOf(texts_, QString::fromStdString(panel_.spec().id), preset);
}

const DemoRule* DemoPane::ruleOf(const QString& preset) const {
  return demoOf(rules_, QString::fromStdString(panel_.spec().id), preset);
}

void DemoPane::begin(const QString& preset) {
  if (!has(preset)) return;
  preset_ = preset;
  expected_.reset();
  outcome_.reset();
  confidence_ = 0;
  number_->clear();
  if (auto* checked = confidences_->checkedButton()) {
    confidences_->setExclusive(false);
    checked->setChecked(false);
    confidences_->setExclusive(true);
  }
  panel_.openPreset(preset.toStdString());
  open_ = true;
  panel_.setAside(this);
  fillOptions();
  if (rule().kind == DemoRule::Kind::Curve)
    sketch_->begin(rule(), panel_.recordTitle(rule().record), panel_.settings().steps);
  setStage(Stage::Predict);
}

void DemoPane::leave() {
  if (!open_) return;
  open_ = false;
  panel_.setCover(nullptr);
  panel_.setAside(nullptr);
  panel_.setClaimShown(true);
  Q_EMIT left();
}

void DemoPane::fillOptions() {
  for (const OptionRow& row : rows_) delete row.button->parentWidget();
  rows_.clear();
  for (const DemoOption& option : demo()->options) {
    auto* holder = new QWidget(options_box_);
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(0, 2, 0, 2);
    OptionRow row{new QRadioButton(holder), new QLabel(option.text, holder), new QLabel(holder)};
    row.text->setWordWrap(true);
    row.text->setTextFormat(Qt::PlainText);
    row.text->setBuddy(row.button);
    row.button->setAccessibleName(option.text);
    line->addWidget(row.button, 0, Qt::AlignTop);
    line->addWidget(row.text, 1);
    line->addWidget(row.mark, 0, Qt::AlignTop);
    // A radio button cannot break its text into lines; its label is as good to click on.
    row.text->installEventFilter(this);
    connect(row.button, &QRadioButton::toggled, this, &DemoPane::showWhetherReady);
    options_->addWidget(holder);
    rows_.push_back(row);
  }
  auto* group = new QButtonGroup(options_box_);
  for (const OptionRow& row : rows_) group->addButton(row.button);
}

bool DemoPane::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::MouseButtonRelease)
    for (const OptionRow& row : rows_)
      if (watched == row.text && row.button->isEnabled()) row.button->click();
  return QFrame::eventFilter(watched, event);
}

void DemoPane::setStage(Stage stage) {
  stage_ = stage;
  const bool curve = rule().kind == DemoRule::Kind::Curve;
  panel_.setCover(curve && stage != Stage::Run ? sketch_ : nullptr);
  // The preset's claim is the answer.
  panel_.setClaimShown(stage == Stage::Reveal);
  fill();
  if (stage == Stage::Predict) {
    if (!rows_.empty())
      rows_.front().button->setFocus();
    else if (curve)
      sketch_->setFocus();
    else
      number_->setFocus();
  } else {
    act_->setFocus();
  }
  if (stage == Stage::Reveal)
    // Laid out first; with large type the result would be below the fold.
    QTimer::singleShot(0, this, [this] { scroll_->verticalScrollBar()->setValue(result_->y()); });
  else
    scroll_->verticalScrollBar()->setValue(0);
  Q_EMIT stageChanged();
}

void DemoPane::fill() {
  if (!open_ || !demo()) return;
  const bool predicting = stage_ == Stage::Predict, revealed = stage_ == Stage::Reveal;
  const DemoRule::Kind kind = rule().kind;
  question_->setDocument(demo()->question);
  options_box_->setVisible(kind == DemoRule::Kind::Choice);
  for (const OptionRow& row : rows_) row.button->setEnabled(predicting);
  number_->setVisible(kind == DemoRule::Kind::Number);
  number_->setEnabled(predicting);
  sketch_hint_->setVisible(kind != DemoRule::Kind::Choice && predicting);
  confidence_label_->setVisible(!revealed && !aloud_);
  confidence_box_->setVisible(!revealed && !aloud_);
  confidence_box_->setEnabled(predicting);
  progress_->setVisible(stage_ == Stage::Run);
  result_->setVisible(revealed);
  explanation_->setVisible(revealed);
  calibration_->setVisible(revealed && !aloud_);
  again_->setVisible(revealed);
  for (const OptionRow& row : rows_) {
    row.mark->clear();
    row.text->setFont(result_->font());
  }
  if (revealed) {
    explanation_->setDocument(demo()->explanation);
    for (std::size_t i = 0; i < rows_.size() && outcome_; ++i)
      if (const auto* option = std::get_if<QString>(&*outcome_);
          option && *option == demo()->options[i].key)
        emphasise(rows_[i]);
    calibration_->setText(calibrationText(study_.calibration(), Words::in(appearance_.language)));
  }
  fitTexts();
  retranslate();
  showWhetherReady();
}

/// Whether the prediction came true, and what was measured.
void DemoPane::fillResult() {
  const Theme& colours = theme(appearance_.dark);
  QString words;
  if (!outcome_ || expected_) {
    const QString verdict = text(!outcome_ ? "demo.undecided"
                                 : right_  ? "demo.right"
                                           : "demo.wrong");
    const QColor colour = !outcome_ ? colours.text : right_ ? colours.good : colours.bad;
    words = QStringLiteral("<p style='font-size:%1px; color:%2'><b>%3 %4</b></p>")
                .arg(std::lround(19 * appearance_.font_scale * type_))
                .arg(colour.name(),
                     !outcome_ ? "?"
                     : right_  ? "✓"
                               : "✗",
                     verdict.toHtmlEscaped());
  }
  if (expected_)
    words += "<p>" +
             text({"demo.you_said", {{"expected", describe(*expected_).toStdString()}}})
                 .toHtmlEscaped() +
             "</p>";
  if (outcome_)
    words +=
        "<p><b>" +
        text({"demo.it_was", {{"outcome", describe(*outcome_).toStdString()}}}).toHtmlEscaped() +
        "</b></p>";
  result_->setText(words);
}

/// The option that came true.
void DemoPane::emphasise(const OptionRow& row) {
  QFont bold = result_->font();
  bold.setBold(true);
  row.text->setFont(bold);
  row.mark->setFont(bold);
  row.mark->setText(text("demo.happened"));
}

void DemoPane::setTextAppearance() {
  Appearance small = appearance_;
  small.font_scale *= kTextScale * type_;
  for (NotesView* notes : {question_, explanation_}) notes->setAppearance(small);
  sketch_->setAppearance(appearance_);
}

void DemoPane::setType(double type) {
  type_ = type;
  QFont sized = font();
  if (type != 1)
    sized.setPixelSize(static_cast<int>(std::lround(QFontInfo(sized).pixelSize() * type)));
  for (QWidget* part :
       std::initializer_list<QWidget*>{number_, number_problem_, sketch_hint_, result_})
    part->setFont(sized);
  for (const OptionRow& row : rows_)
    for (QLabel* label : {row.text, row.mark}) {
      QFont own = sized;
      own.setBold(label->font().bold());
      label->setFont(own);
    }
  setTextAppearance();
  if (open_ && stage_ == Stage::Reveal) fillResult();
  fitHeight(question_);
  fitHeight(explanation_);
}

void DemoPane::fitTexts() {
  if (!aloud_) return setType(1);
  for (const double type : kTypes) {
    setType(type);
    QLayout* column = scroll_->widget()->layout();
    column->invalidate();
    const int width = scroll_->viewport()->width();
    const int height = column->hasHeightForWidth() ? column->totalHeightForWidth(width)
                                                   : column->sizeHint().height();
    if (height <= scroll_->viewport()->height()) break;
  }
}

void DemoPane::setAloud(bool aloud) {
  if (aloud == aloud_) return;
  aloud_ = aloud;
  fitTexts();
  fill();
}

void DemoPane::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  fitTexts();
}

void DemoPane::retranslate() {
  title_->setText("<b>" + text("demo.title").toHtmlEscaped() + "</b>");
  close_->setText(text("demo.close"));
  number_->setPlaceholderText(text("demo.number"));
  number_->setAccessibleName(text("demo.number"));
  sketch_hint_->setText(tolerance());
  confidence_label_->setText(text("demo.how_sure"));
  for (const int percent : kConfidences)
    confidences_->button(percent)->setAccessibleName(
        text({"demo.sure", {{"percent", std::int64_t{percent}}}}));
  progress_->setAccessibleName(text("demo.running"));
  again_->setText(text("demo.again"));
  setAccessibleName(text("demo.title"));
  scroll_->setAccessibleName(text("demo.title"));
  question_->setAccessibleName(text("demo.question"));
  explanation_->setAccessibleName(text("demo.explanation"));
  switch (stage_) {
    case Stage::Predict:
      act_->setText(text("demo.run"));
      break;
    case Stage::Run:
      act_->setText(text("demo.skip"));
      break;
    case Stage::Reveal:
      act_->setText(text(nextPreset().isEmpty() ? "demo.close" : "demo.next"));
      break;
  }
}

void DemoPane::setAppearance(const Appearance& appearance) {
  const bool other_language = appearance.language != appearance_.language;
  appearance_ = appearance;
  setTextAppearance();
  if (other_language) texts_ = demoTexts(lesson_, appearance.language);
  if (open_ && demo())
    for (std::size_t i = 0; i < rows_.size() && i < demo()->options.size(); ++i) {
      rows_[i].text->setText(demo()->options[i].text);
      rows_[i].button->setAccessibleName(demo()->options[i].text);
    }
  retranslate();
  fill();
}

std::optional<Expectation> DemoPane::expectation() const {
  switch (rule().kind) {
    case DemoRule::Kind::Choice:
      for (std::size_t i = 0; i < rows_.size(); ++i)
        if (rows_[i].button->isChecked()) return demo()->options[i].key;
      return {};
    case DemoRule::Kind::Number: {
      bool is_number = false;
      const double number = number_->text().trimmed().replace(',', '.').toDouble(&is_number);
      if (!is_number || !std::isfinite(number)) return {};
      return number;
    }
    case DemoRule::Kind::Curve: {
      SketchedCurve sketch = sketch_->sketch();
      // Over at least four fifths of the run: what is not drawn cannot be right.
      if (sketch.empty() || sketch.back().x() - sketch.front().x() < 0.8) return {};
      return sketch;
    }
  }
  return {};
}

void DemoPane::showWhetherReady() {
  if (!open_) return;
  const bool nonsense =
      rule().kind == DemoRule::Kind::Number && !number_->text().isEmpty() && !expectation();
  number_problem_->setVisible(nonsense);
  number_problem_->setText(nonsense ? text("demo.not_a_number") : QString());
  act_->setEnabled(stage_ != Stage::Predict || aloud_ || (expectation() && confidence_ > 0));
  act_->setToolTip(act_->isEnabled() ? QString() : text("demo.predict_first"));
}

void DemoPane::goOn() {
  if (open_ && (stage_ != Stage::Predict || act_->isEnabled())) goOnFrom(stage_);
}

void DemoPane::goOnAloud() {
  if (open_) goOnFrom(stage_);
}

void DemoPane::goOnFrom(Stage stage) {
  switch (stage) {
    case Stage::Predict:
      run();
      return;
    case Stage::Run:
      panel_.runner().setSpeed(Runner::kUnlimited);
      return;
    case Stage::Reveal: {
      const QString next = nextPreset();
      if (next.isEmpty())
        leave();
      else
        begin(next);
      return;
    }
  }
}

void DemoPane::run() {
  expected_ = expectation();
  generation_ = panel_.runner().newestGeneration();
  setStage(Stage::Run);
  panel_.play();
}

/// Whatever starts another run while one is being watched makes that one the demo's run; it is the
/// preset's all the same, for the parameters are not in reach.
void DemoPane::follow() {
  if (!open_ || stage_ != Stage::Run) return;
  const RunState& state = panel_.runner().state();
  generation_ = std::max(generation_, panel_.runner().newestGeneration());
  if (state.generation != generation_) return;
  progress_->setRange(0, 1000);
  progress_->setValue(
      static_cast<int>(1000 * state.step / std::max<std::int64_t>(1, state.length)));
  if (state.status != RunStatus::Running) reveal();
}

void DemoPane::reveal() {
  const RunState& state = panel_.runner().state();
  outcome_ = outcomeOf(rule(), state.records);
  right_ = outcome_ && expected_ && isRight(rule(), *expected_, *outcome_);
  if (outcome_ && expected_ && confidence_ > 0) {
    Prediction prediction;
    prediction.lesson = lesson_;
    prediction.experiment = QString::fromStdString(panel_.spec().id);
    prediction.preset = preset_;
    prediction.time = QDateTime::currentDateTimeUtc();
    prediction.expected = toText(*expected_);
    prediction.confidence = confidence_;
    prediction.outcome = toText(*outcome_);
    prediction.right = right_;
    study_.predicted(prediction);
  }
  if (outcome_)
    if (const auto* curve = std::get_if<SketchedCurve>(&*outcome_)) sketch_->reveal(*curve);
  setStage(Stage::Reveal);
}

QString DemoPane::describe(const Expectation& expectation) const {
  if (const auto* number = std::get_if<double>(&expectation)) return readoutNumber(*number);
  if (const auto* key = std::get_if<QString>(&expectation))
    for (const DemoOption& option : demo()->options)
      if (option.key == *key) return option.text;
  return text("demo.the_curve");
}

QString DemoPane::tolerance() const {
  if (!open_) return {};
  if (rule().factor > 0)
    return text({"demo.within_factor", {{"factor", readableNumber(rule().factor)}}});
  return text({"demo.within", {{"tolerance", readableNumber(rule().absolute)}}});
}

QString DemoPane::nextPreset() const {
  bool passed = false;
  for (const Preset& preset : panel_.spec().presets) {
    const QString name = QString::fromStdString(preset.name);
    if (passed && has(name)) return name;
    passed = passed || name == preset_;
  }
  return {};
}

}  // namespace viva
