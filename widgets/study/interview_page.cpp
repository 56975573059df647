// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/interview_page.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/study/review_view.h"

namespace viva {
namespace {

constexpr int kId = Qt::UserRole;

}  // namespace

InterviewPage::InterviewPage(Study& study, const Appearance& appearance, QWidget* parent)
    : QWidget(parent),
      study_(study),
      appearance_(appearance),
      list_(new QTreeWidget(this)),
      splitter_(new QSplitter(Qt::Horizontal, this)),
      review_(new ReviewView(study, appearance, this)),
      today_(new QPushButton(this)),
      mock_(new QPushButton(this)),
      practise_(new QPushButton(this)),
      edit_(new QPushButton(this)) {
  list_->setColumnCount(2);
  list_->setRootIsDecorated(false);
  list_->setWordWrap(true);
  list_->setUniformRowHeights(false);
  list_->header()->setStretchLastSection(false);
  list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  list_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  splitter_->addWidget(list_);
  splitter_->addWidget(review_);
  splitter_->setStretchFactor(0, 0);
  splitter_->setStretchFactor(1, 1);
  splitter_->setSizes({380, 700});
  auto* head = new QHBoxLayout;
  head->addWidget(today_);
  head->addWidget(practise_);
  head->addWidget(mock_);
  head->addStretch();
  head->addWidget(edit_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(6, 6, 6, 6);
  layout->addLayout(head);
  layout->addWidget(splitter_, 1);

  connect(today_, &QPushButton::clicked, this, &InterviewPage::todayWanted);
  connect(mock_, &QPushButton::clicked, this, &InterviewPage::mockWanted);
  connect(edit_, &QPushButton::clicked, this, [this] {
    const QString id = review_->card();
    Q_EMIT editWanted(lesson_, !id.isEmpty() && study_.card(id).own ? id : QString());
  });
  connect(practise_, &QPushButton::clicked, this, [this] {
    std::vector<StudyCard> cards = study_.cardsOf(lesson_);
    const QDateTime never = QDateTime::fromSecsSinceEpoch(0).addYears(500);
    std::stable_sort(cards.begin(), cards.end(), [&](const StudyCard& a, const StudyCard& b) {
      return (a.memory.due.isValid() ? a.memory.due : never) <
             (b.memory.due.isValid() ? b.memory.due : never);
    });
    std::vector<QString> ids;
    for (const StudyCard& card : cards)
      if (!card.suspended) ids.push_back(card.key.id);
    review_->startPractice(std::move(ids));
  });
  connect(list_, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
    if (item) review_->startPractice({item->data(0, kId).toString()});
  });
  connect(review_, &ReviewView::answered, this, &InterviewPage::fill);
  connect(review_, &ReviewView::cardShown, this, &InterviewPage::mark);
  retranslate();
}

QString InterviewPage::text(const Message& message) const {
  return QString::fromStdString(Words::in(appearance_.language)(message));
}

void InterviewPage::setAppearance(const Appearance& appearance) {
  appearance_ = appearance;
  review_->setAppearance(appearance);
  retranslate();
  fill();
  layOut();
}

void InterviewPage::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  layOut();
}

/// The questions stand beside the card, or above it where both would be too narrow.
void InterviewPage::layOut() {
  const auto wanted = width() < 700 * appearance_.font_scale ? Qt::Vertical : Qt::Horizontal;
  if (splitter_->orientation() == wanted) return;
  splitter_->setOrientation(wanted);
  // Beside the card the list keeps its width; above it both grow.
  splitter_->setStretchFactor(0, wanted == Qt::Vertical ? 3 : 0);
  splitter_->setStretchFactor(1, wanted == Qt::Vertical ? 7 : 1);
  splitter_->setSizes(wanted == Qt::Vertical ? QList<int>{300, 700} : QList<int>{380, 700});
}

void InterviewPage::retranslate() {
  today_->setText(text({"cards.today", {}}));
  practise_->setText(text({"cards.practise", {}}));
  mock_->setText(text({"cards.mock", {}}));
  list_->setHeaderLabels({text({"cards.question", {}}), text({"cards.state", {}})});
  list_->setAccessibleName(text({"cards.list", {}}));
}

void InterviewPage::reload() {
  review_->reload();
  fill();
}

void InterviewPage::setLesson(const QString& lesson) {
  if (lesson == lesson_) return;
  lesson_ = lesson;
  review_->startPractice({});
  fill();
  if (list_->topLevelItemCount() > 0) list_->setCurrentItem(list_->topLevelItem(0));
}

QString InterviewPage::stateOf(const StudyCard& card) const {
  if (card.suspended) return text({"cards.state_suspended", {}});
  if (card.memory.phase == CardPhase::New) return text({"cards.state_new", {}});
  const QDateTime now = QDateTime::currentDateTimeUtc();
  if (isDue(card.memory, now)) return text({"cards.state_due", {}});
  return waitText(card.memory, now, Words::in(appearance_.language));
}

void InterviewPage::fill() {
  const QSignalBlocker blocker(list_);
  list_->clear();
  if (lesson_.isEmpty()) return;
  for (const CardText* card : review_->library().of(lesson_))
    if (auto* item = new QTreeWidgetItem(list_)) {
      item->setText(0, lineOf(*card));
      item->setToolTip(0, item->text(0));
      item->setData(0, kId, card->id);
      item->setText(1, stateOf(study_.card(card->id)));
    }
  mark(review_->card());
}

void InterviewPage::mark(const QString& id) {
  const QSignalBlocker blocker(list_);
  for (int i = 0; i < list_->topLevelItemCount(); ++i)
    if (list_->topLevelItem(i)->data(0, kId) == id) list_->setCurrentItem(list_->topLevelItem(i));
  const bool own = !id.isEmpty() && study_.card(id).own;
  edit_->setText(text({own ? "cards.edit" : "cards.new", {}}));
}

void InterviewPage::showCard(const QString& id) {
  for (int i = 0; i < list_->topLevelItemCount(); ++i)
    if (list_->topLevelItem(i)->data(0, kId) == id) list_->setCurrentItem(list_->topLevelItem(i));
  if (review_->card() != id) review_->startPractice({id});
}

}  // namespace viva
