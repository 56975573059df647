// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/card_editor.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>

#include "lessons/core/catalog.h"
#include "widgets/study/card_library.h"
#include "widgets/text/notes_view.h"

namespace viva {

CardEditor::CardEditor(const OwnCard& card, const Appearance& appearance, QWidget* parent)
    : QDialog(parent),
      card_(card),
      appearance_(appearance),
      lesson_(new QComboBox(this)),
      question_(new QPlainTextEdit(card.question, this)),
      answer_(new QPlainTextEdit(card.answer, this)),
      explanation_(new QPlainTextEdit(card.explanation, this)),
      follow_ups_(new QPlainTextEdit(card.follow_ups, this)),
      markdown_(new QCheckBox(this)),
      preview_(new NotesView(this)),
      buttons_(new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this)) {
  const Words& words = Words::in(appearance.language);
  const auto text = [&](const std::string& key) { return QString::fromStdString(words(key)); };
  setWindowTitle(text(card.id.isEmpty() ? "cards.new_title" : "cards.edit_title"));
  lesson_->addItem(text("cards.own"), QString());
  for (const LessonEntry& lesson : lessonList())
    lesson_->addItem(text("lesson." + lesson.id), QString::fromStdString(lesson.id));
  lesson_->setCurrentIndex(std::max(0, lesson_->findData(card.lesson)));
  auto* form = new QFormLayout;
  form->addRow(text("window.lesson"), lesson_);
  form->addRow(text("cards.question"), question_);
  form->addRow(text("cards.answer"), answer_);
  form->addRow(text("cards.explanation"), explanation_);
  form->addRow(text("cards.follow_ups"), follow_ups_);
  auto* meant = new QLabel(text("cards.markdown_hint"), this);
  meant->setTextFormat(Qt::PlainText);
  meant->setWordWrap(true);
  form->addRow(meant);
  form->addRow(QString(), markdown_);
  form->addRow(buttons_);
  for (QPlainTextEdit* edit : {question_, answer_, explanation_, follow_ups_}) {
    edit->setTabChangesFocus(true);
    connect(edit, &QPlainTextEdit::textChanged, this, &CardEditor::showPreview);
  }
  markdown_->setText(text("cards.markdown"));
  markdown_->setToolTip(text("cards.markdown_meaning"));
  markdown_->setChecked(!card.plain);
  connect(markdown_, &QCheckBox::toggled, this, &CardEditor::showPreview);
  question_->setAccessibleName(text("cards.question"));
  answer_->setAccessibleName(text("cards.answer"));
  explanation_->setAccessibleName(text("cards.explanation"));
  follow_ups_->setAccessibleName(text("cards.follow_ups"));
  preview_->setAccessibleName(text("cards.preview"));
  preview_->setAppearance(appearance);
  auto* layout = new QHBoxLayout(this);
  layout->addLayout(form, 1);
  layout->addWidget(preview_, 1);
  resize(900, 560);
  if (!card.id.isEmpty()) {
    QPushButton* remove =
        buttons_->addButton(text("cards.remove"), QDialogButtonBox::DestructiveRole);
    connect(remove, &QPushButton::clicked, this, [this] {
      Q_EMIT removeWanted(card_.id);
      QDialog::reject();
    });
  }
  connect(buttons_, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons_, &QDialogButtonBox::rejected, this, &CardEditor::reject);
  before_ = this->card();
  showPreview();
}

/// Escape and the window's own button end here as well.
void CardEditor::reject() {
  if (card() == before_) return QDialog::reject();
  const Words& words = Words::in(appearance_.language);
  const auto text = [&](const char* key) { return QString::fromStdString(words(key)); };
  auto* box = new QMessageBox(QMessageBox::Question, windowTitle(), text("cards.throw_away"),
                              QMessageBox::NoButton, this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* on = box->addButton(text("cards.keep_writing"), QMessageBox::RejectRole);
  QPushButton* away = box->addButton(text("cards.discard"), QMessageBox::DestructiveRole);
  box->setDefaultButton(on);
  box->setEscapeButton(on);
  connect(away, &QPushButton::clicked, this, [this] { QDialog::reject(); });
  box->open();
}

OwnCard CardEditor::card() const {
  OwnCard card = card_;
  card.lesson = lesson_->currentData().toString();
  card.question = question_->toPlainText().trimmed();
  card.answer = answer_->toPlainText().trimmed();
  card.explanation = explanation_->toPlainText().trimmed();
  card.follow_ups = follow_ups_->toPlainText().trimmed();
  card.plain = !markdown_->isChecked();
  return card;
}

void CardEditor::showPreview() {
  const OwnCard now = card();
  buttons_->button(QDialogButtonBox::Save)
      ->setEnabled(!now.question.isEmpty() && !now.answer.isEmpty());
  preview_->setDocument(pageOf(textOf(now), true, Words::in(appearance_.language)));
}

}  // namespace viva
