// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/review_view.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "lessons/core/catalog.h"
#include "widgets/text/notes_view.h"

namespace viva {
namespace {

constexpr const char* kGradeKeys[] = {"cards.again", "cards.hard", "cards.good", "cards.easy"};

constexpr int kMore = 10;

/// Who studies late is still at today's cards.
QDate dayOf(const QDateTime& moment) { return moment.toLocalTime().addSecs(-4 * 3600).date(); }

QString sectionOf(const QString& lesson) {
  for (const LessonEntry& entry : lessonList())
    if (entry.id == lesson.toStdString()) return QString::fromStdString(entry.section);
  return {};
}

}  // namespace

ReviewView::ReviewView(Study& study, const Appearance& appearance, QWidget* parent)
    : QWidget(parent),
      study_(study),
      appearance_(appearance),
      clock_([] { return QDateTime::currentDateTimeUtc(); }) {
  build();
  retranslate();
}

ReviewView::~ReviewView() = default;

void ReviewView::build() {
  place_ = new QLabel(this);
  clock_label_ = new QLabel(this);
  page_ = new NotesView(this);
  reveal_ = new QPushButton(this);
  undo_ = new QPushButton(this);
  suspend_ = new QPushButton(this);
  prove_ = new QPushButton(this);
  grades_box_ = new QWidget(this);
  auto* grades = new QHBoxLayout(grades_box_);
  grades->setContentsMargins(0, 0, 0, 0);
  for (int i = 1; i <= 4; ++i) {
    auto* button = new QPushButton(grades_box_);
    connect(button, &QPushButton::clicked, this, [this, i] { grade(i); });
    grades->addWidget(button, 1);
    grades_.push_back(button);
  }
  reveal_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  auto* head = new QHBoxLayout;
  head->addWidget(place_, 1);
  head->addWidget(clock_label_);
  head->addWidget(prove_);
  head->addWidget(undo_);
  head->addWidget(suspend_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 8, 12, 8);
  layout->addLayout(head);
  layout->addWidget(page_, 1);
  layout->addWidget(reveal_);
  layout->addWidget(grades_box_);
  buildNext();
  layout->addWidget(next_box_);
  connect(reveal_, &QPushButton::clicked, this, [this] { announced_ ? beginMock() : reveal(); });
  connect(undo_, &QPushButton::clicked, this, &ReviewView::undo);
  connect(suspend_, &QPushButton::clicked, this, &ReviewView::suspend);
  connect(prove_, &QPushButton::clicked, this, &ReviewView::prove);
  connect(page_, &NotesView::linkActivated, this, [this](const QString& link) {
    const CardText* card = library().find(card_);
    Q_EMIT linkActivated(card ? card->lesson : QString(), link);
  });
  second_.setInterval(1000);
  connect(&second_, &QTimer::timeout, this, &ReviewView::tick);
}

void ReviewView::buildNext() {
  next_box_ = new QWidget(this);
  // Narrower than its buttons side by side: then they stand one below the other.
  next_box_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  next_ = new QBoxLayout(QBoxLayout::LeftToRight, next_box_);
  next_->setContentsMargins(0, 0, 0, 0);
  const auto add = [&](auto work) {
    auto* button = new QPushButton(next_box_);
    next_->addWidget(button);
    connect(button, &QPushButton::clicked, this, work);
    return button;
  };
  missed_button_ = add([this] { startPractice(std::vector<QString>(missed_)); });
  today_ = add([this] { resumeToday(); });
  more_ = add([this] { startMore(); });
  mock_ = add([this] { Q_EMIT mockWanted(); });
  home_ = add([this] { Q_EMIT homeWanted(); });
  lessons_ = add([this] { Q_EMIT lessonsWanted(); });
}

QString ReviewView::text(const Message& message) const {
  return QString::fromStdString(Words::in(appearance_.language)(message));
}

void ReviewView::setAppearance(const Appearance& appearance) {
  const bool other_language = appearance.language != appearance_.language;
  appearance_ = appearance;
  if (other_language) library_.reset();
  Appearance page = appearance;
  page.font_scale *= 1.2;  // a card is read at arm's length, and by a class
  page_->setAppearance(page);
  retranslate();
  if (isVisible()) fill();
}

void ReviewView::reload() {
  library_.reset();
  if (isVisible()) fill();
}

const CardLibrary& ReviewView::library() {
  if (!library_) library_ = std::make_unique<CardLibrary>(study_, appearance_.language);
  return *library_;
}

void ReviewView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  fill();
}

void ReviewView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  layOutNext();
}

void ReviewView::layOutNext() {
  int wide = 0;
  for (const QPushButton* button : {missed_button_, today_, more_, mock_, home_, lessons_})
    if (!button->isHidden()) wide += button->sizeHint().width() + 8;
  next_->setDirection(wide > width() - 24 ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void ReviewView::retranslate() {
  today_->setText(text("cards.today"));
  more_->setText(text({"cards.more", {{"count", std::int64_t{kMore}}}}));
  mock_->setText(text("cards.mock"));
  home_->setText(text("home.title"));
  lessons_->setText(text("window.lessons"));
  next_box_->setAccessibleName(text("cards.what_next"));
  undo_->setText(text("cards.undo"));
  suspend_->setText(text("cards.suspend"));
  suspend_->setToolTip(text("cards.suspend_meaning"));
  prove_->setText(text("cards.prove"));
  prove_->setToolTip(text("cards.prove_meaning"));
  page_->setAccessibleName(text("cards.card"));
  grades_box_->setAccessibleName(text("cards.how_well"));
  setAccessibleName(text("cards.review"));
}

void ReviewView::begin(Mode mode, std::vector<QString> cards) {
  if (mode_ == Mode::Today && mode != Mode::Today && day_.isValid())
    left_ = Left{tally_, card_, day_};
  mode_ = mode;
  tally_ = {};
  announced_ = false;
  waiting_.assign(cards.begin(), cards.end());
  second_.stop();
}

void ReviewView::startToday() {
  begin(Mode::Today, {});
  day_ = dayOf(clock_());
  left_.reset();
  next();
}

/// Whether the card is still to be answered: not in another window, nor set aside.
bool ReviewView::isAsBefore() const {
  const StudyCard now = study_.card(card_);
  return !card_.isEmpty() && !now.suspended && now.memory == memory_;
}

void ReviewView::resumeToday() {
  const QDate today = dayOf(clock_());
  if (mode_ == Mode::Today && day_ == today) {
    if (!isAsBefore()) return next();
    fill();
    (revealed_ ? grades_[2] : reveal_)->setFocus();
    return;
  }
  if (mode_ == Mode::Today || !left_ || left_->day != today) return startToday();
  const Left left = *std::exchange(left_, {});
  begin(Mode::Today, {});
  tally_ = left.tally;
  day_ = left.day;
  card_ = left.card;
  // Another card has been looked at meanwhile: this one is asked anew, unless it was answered.
  if (!card_.isEmpty() && library().find(card_) && !study_.card(card_).suspended &&
      (study_.card(card_).memory.phase == CardPhase::New ||
       study_.card(card_).memory.due <= clock_()))
    return show(card_);
  next();
}

void ReviewView::startPractice(std::vector<QString> cards) {
  begin(Mode::Practice, std::move(cards));
  next();
}

void ReviewView::startMore() {
  std::vector<QString> ids;
  for (const StudyCard& card : study_.moreCards(clock_(), kMore)) ids.push_back(card.key.id);
  startPractice(std::move(ids));
}

void ReviewView::startMock(std::vector<QString> cards, int seconds) {
  begin(Mode::Mock, std::move(cards));
  seconds_ = seconds;
  by_section_.clear();
  missed_.clear();
  card_.clear();
  revealed_ = false;
  std::erase_if(waiting_, [this](const QString& id) { return !library().find(id); });
  if (waiting_.empty()) return finish();
  announced_ = true;
  fill();
  reveal_->setFocus();
  Q_EMIT cardShown({});
}

void ReviewView::beginMock() {
  announced_ = false;
  next();
}

void ReviewView::next() {
  if (mode_ == Mode::Today) {
    for (const StudyCard& card : study_.session(clock_()).cards)
      if (library().find(card.key.id)) return show(card.key.id);
    return finish();
  }
  while (!waiting_.empty()) {
    const QString id = waiting_.front();
    waiting_.pop_front();
    if (library().find(id)) return show(id);
  }
  finish();
}

void ReviewView::show(const QString& id) {
  card_ = id;
  memory_ = study_.card(id).memory;
  revealed_ = false;
  thinking_.start();
  if (mode_ == Mode::Mock) {
    remaining_ = seconds_;
    second_.start();
  }
  fill();
  reveal_->setFocus();
  Q_EMIT cardShown(id);
}

void ReviewView::finish() {
  card_.clear();
  revealed_ = false;
  second_.stop();
  fill();
  setFocus();
  Q_EMIT cardShown({});
}

/// Those that the waiting cards are from, each once.
std::vector<QString> ReviewView::sections() {
  std::vector<QString> sections;
  for (const QString& id : waiting_) {
    const CardText* card = library().find(id);
    const QString section = card ? sectionOf(card->lesson) : QString();
    if (!section.isEmpty() && std::count(sections.begin(), sections.end(), section) == 0)
      sections.push_back(section);
  }
  return sections;
}

QString ReviewView::announcement() {
  const Words& words = Words::in(appearance_.language);
  const auto count = static_cast<std::int64_t>(waiting_.size());
  QString page = "## " + text("cards.mock") + "\n\n";
  page += text({"cards.mock_length",
                {{"count", count},
                 {"seconds", std::int64_t{seconds_}},
                 {"minutes", std::int64_t{(count * seconds_ + 59) / 60}}}}) +
          "\n\n";
  page += text("cards.mock_topics") + "\n\n";
  for (const QString& section : sections())
    page += "- " + QString::fromStdString(words("section." + section.toStdString())) + "\n";
  return page + "\n" + text("cards.mock_rules") + "\n";
}

QString ReviewView::mockResult() {
  const Words& words = Words::in(appearance_.language);
  QString page = "## " + text("cards.mock_done") + "\n\n";
  page += "| " + text("cards.section") + " | " + text("cards.remembered") + " |\n|:--|--:|\n";
  for (const auto& [section, result] : by_section_)
    page += QStringLiteral("| %1 | %2 / %3 |\n")
                .arg(QString::fromStdString(words("section." + section.toStdString())))
                .arg(result.first)
                .arg(result.second);
  page += QStringLiteral("| **%1** | **%2 / %3** |\n\n")
              .arg(text("cards.all"))
              .arg(tally_.remembered)
              .arg(tally_.answered);
  if (missed_.empty()) return page;
  page += "### " + text("cards.mock_missed") + "\n\n";
  for (const QString& id : missed_)
    if (const CardText* card = library().find(id)) {
      const QString lesson = QString::fromStdString(words("lesson." + card->lesson.toStdString()));
      page += "- " + QString(card->question).simplified() + " (" + lesson + ")\n";
    }
  return page;
}

QString ReviewView::summary() {
  const Words& words = Words::in(appearance_.language);
  if (announced_) return announcement();
  if (mode_ == Mode::Mock) return mockResult();
  QString page =
      "## " + text(mode_ == Mode::Today ? "cards.done_today" : "cards.done_practice") + "\n\n";
  if (tally_.answered > 0)
    page += text({"cards.done_count",
                  {{"count", std::int64_t{tally_.answered}},
                   {"remembered", std::int64_t{tally_.remembered}}}}) +
            "\n\n";
  if (mode_ == Mode::Today) {
    const QDateTime now = clock_();
    const StudySession session = study_.session(now);
    if (session.held_back > 0)
      page += text({"cards.held_back", {{"count", std::int64_t{session.held_back}}}}) + "\n\n";
    CardMemory soonest;
    for (const LessonEntry& lesson : lessonList())
      for (const StudyCard& card : study_.cardsOf(QString::fromStdString(lesson.id)))
        if (card.memory.due.isValid() && !card.suspended && !isDue(card.memory, now) &&
            (!soonest.due.isValid() || card.memory.due < soonest.due))
          soonest = card.memory;
    if (soonest.due.isValid())
      page += text({"cards.next_in", {{"interval", waitText(soonest, now, words).toStdString()}}}) +
              "\n\n";
  }
  return page;
}

/// What there is to do when all is answered.
void ReviewView::offerNext() {
  const bool offers = offers_next_ && card_.isEmpty() && !announced_;
  next_box_->setVisible(offers);
  if (!offers) return;
  missed_button_->setText(
      text({"cards.practise_missed", {{"count", std::int64_t(missed_.size())}}}));
  missed_button_->setVisible(mode_ == Mode::Mock && !missed_.empty());
  today_->setVisible(mode_ != Mode::Today && !study_.session(clock_()).cards.empty());
  more_->setVisible(mode_ != Mode::Mock && !study_.moreCards(clock_(), 1).empty());
  layOutNext();
}

void ReviewView::fill() {
  const Words& words = Words::in(appearance_.language);
  const CardText* card = card_.isEmpty() ? nullptr : library().find(card_);
  page_->setDocument(card ? pageOf(*card, revealed_, words) : summary());
  reveal_->setText(text(announced_ ? "cards.mock_begin" : "cards.reveal"));
  reveal_->setVisible((card && !revealed_) || announced_);
  grades_box_->setVisible(card && revealed_);
  prove_->setVisible(card && !card->proof.isEmpty() && mode_ != Mode::Mock);
  suspend_->setVisible(card && mode_ != Mode::Mock);
  undo_->setVisible(mode_ != Mode::Mock);
  undo_->setEnabled(!tally_.passed.empty());
  offerNext();
  QString place;
  if (card) {
    place = QString::fromStdString(words("lesson." + card->lesson.toStdString()));
    if (card->lesson.isEmpty()) place = text("cards.own");
    if (mode_ == Mode::Today) {
      const StudySession session = study_.session(clock_());
      place += " · " +
               text({"cards.left",
                     {{"due", std::int64_t{session.due}}, {"fresh", std::int64_t{session.fresh}}}});
    } else {
      place +=
          " · " + text({"cards.position",
                        {{"number", std::int64_t(tally_.answered + 1)},
                         {"count", std::int64_t(tally_.answered + 1 + int(waiting_.size()))}}});
    }
  }
  place_->setText(place);
  clock_label_->setVisible(card && mode_ == Mode::Mock);
  showClock();
  clock_label_->setAccessibleName(text("cards.time_left"));
  if (!card || !revealed_) return;
  const QDateTime now = clock_();
  const std::vector<CardMemory> outlook =
      mode_ == Mode::Mock ? std::vector<CardMemory>() : study_.outlook(card_, now);
  for (int i = 0; i < 4; ++i) {
    QString label = QStringLiteral("&%1  %2").arg(i + 1).arg(text(kGradeKeys[i]));
    if (outlook.size() == 4)
      label += "  ·  " + waitText(outlook[static_cast<std::size_t>(i)], now, words);
    grades_[static_cast<std::size_t>(i)]->setText(label);
  }
}

void ReviewView::showClock() {
  clock_label_->setText(QStringLiteral("⏱ %1:%2")
                            .arg(std::max(0, remaining_) / 60)
                            .arg(std::max(0, remaining_) % 60, 2, 10, QLatin1Char('0')));
}

void ReviewView::tick() {
  --remaining_;
  if (remaining_ <= 0 && !revealed_) reveal();
  if (remaining_ <= 0) second_.stop();
  showClock();
}

void ReviewView::reveal() {
  if (card_.isEmpty() || revealed_) return;
  revealed_ = true;
  second_.stop();
  fill();
  grades_[2]->setFocus();
}

void ReviewView::grade(int grade) {
  if (card_.isEmpty() || !revealed_ || grade < 1 || grade > 4) return;
  ++tally_.answered;
  const bool remembered = grade > 1;
  tally_.remembered += remembered;
  if (mode_ == Mode::Mock) {
    const CardText* card = library().find(card_);
    auto& [known, asked] = by_section_[card ? sectionOf(card->lesson) : QString()];
    known += remembered;
    ++asked;
    if (!remembered) missed_.push_back(card_);
  } else {
    const qint64 longest = 10 * 60 * 1000;  // who leaves the desk is not thinking
    study_.review(card_, static_cast<Grade>(grade), clock_(),
                  static_cast<int>(std::min(thinking_.elapsed(), longest)));
    tally_.passed.push_back(card_);
  }
  next();
  Q_EMIT answered();
}

void ReviewView::undo() {
  if (mode_ == Mode::Mock || tally_.passed.empty()) return;
  const QString id = study_.undoReview();
  if (id.isEmpty()) return;
  tally_.passed.pop_back();
  tally_.answered = std::max(0, tally_.answered - 1);
  tally_.remembered = std::min(tally_.remembered, tally_.answered);
  if (mode_ == Mode::Practice && !card_.isEmpty()) waiting_.push_front(card_);
  show(id);
  Q_EMIT answered();
}

void ReviewView::suspend() {
  if (card_.isEmpty() || mode_ == Mode::Mock) return;
  study_.setSuspended(card_, true);
  next();
  Q_EMIT answered();
}

void ReviewView::prove() {
  if (mode_ == Mode::Mock) return;
  const CardText* card = library().find(card_);
  if (card && !card->proof.isEmpty()) Q_EMIT proofWanted(card->lesson, card->proof);
}

void ReviewView::goOn() {
  if (announced_) return beginMock();
  if (card_.isEmpty()) return;
  revealed_ ? grade(static_cast<int>(Grade::Good)) : reveal();
}

void ReviewView::keyPressEvent(QKeyEvent* event) {
  // Digits need Shift on some keyboards.
  if (event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier))
    return QWidget::keyPressEvent(event);
  switch (event->key()) {
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter:
      return announced_ ? beginMock() : reveal();
    case Qt::Key_1:
    case Qt::Key_2:
    case Qt::Key_3:
    case Qt::Key_4:
      return grade(event->key() - Qt::Key_0);
    case Qt::Key_P:
      return prove();
    case Qt::Key_U:
      return undo();
    case Qt::Key_S:
      return suspend();
    default:
      QWidget::keyPressEvent(event);
  }
}

}  // namespace viva
