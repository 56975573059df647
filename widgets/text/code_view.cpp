// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/code_view.h"

#include <QScrollBar>
#include <QShortcut>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "lessons/core/words.h"
#include "widgets/text/find_bar.h"

namespace viva {
namespace {

QWidget* side(QWidget* name, CodePane* pane, QWidget* parent) {
  auto* widget = new QWidget(parent);
  auto* layout = new QVBoxLayout(widget);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  layout->addWidget(name);
  layout->addWidget(pane, 1);
  return widget;
}

}  // namespace

CodeView::CodeView(QWidget* parent)
    : QWidget(parent),
      splitter_(new QSplitter(Qt::Horizontal, this)),
      source_name_(new QComboBox),
      equivalent_name_(new QLabel),
      source_(new CodePane),
      equivalent_(new CodePane),
      find_bar_(new FindBar(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(splitter_, 1);
  layout->addWidget(find_bar_);
  splitter_->addWidget(side(source_name_, source_, this));
  equivalent_side_ = side(equivalent_name_, equivalent_, this);
  splitter_->addWidget(equivalent_side_);
  splitter_->setChildrenCollapsible(false);
  equivalent_name_->setMargin(4);
  equivalent_name_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  source_name_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  setFocusProxy(source_);

  connect(source_name_, &QComboBox::currentIndexChanged, this, &CodeView::showSource);
  connect(find_bar_, &FindBar::foundChanged, this, [this] {
    if (searched_) searched_->showFinds(find_bar_->found(), find_bar_->current());
  });
  connect(find_bar_, &FindBar::closed, this, [this] {
    if (searched_) searched_->setFocus();
  });
  const auto shortcut = [this](QKeySequence keys, auto&& action) {
    connect(new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut),
            &QShortcut::activated, this, action);
  };
  shortcut(QKeySequence::Find, [this] { find(); });
  shortcut(QKeySequence::FindNext, [this] { find_bar_->next(); });
  shortcut(QKeySequence::FindPrevious, [this] { find_bar_->previous(); });
  setAppearance({});
}

void CodeView::setFiles(std::vector<CodeFile> sources, const CodeFile& equivalent) {
  find_bar_->setDocument(nullptr);
  sources_ = std::move(sources);
  {
    const QSignalBlocker quiet(source_name_);
    source_name_->clear();
    for (const CodeFile& file : sources_) source_name_->addItem(file.name);
    source_name_->setEnabled(sources_.size() > 1);
  }
  showSource(0);
  equivalent_side_->setVisible(!equivalent.text.isEmpty());
  equivalent_name_->setText(equivalent.name);
  equivalent_->setSource(equivalent.name, equivalent.text);
}

void CodeView::showSource(int number) {
  if (searched_ == source_) find_bar_->setDocument(nullptr);
  const bool known = number >= 0 && number < int(sources_.size());
  const CodeFile file = known ? sources_[std::size_t(number)] : CodeFile{};
  source_->setSource(file.name, file.text);
  if (searched_ == source_) find_bar_->setDocument(source_->document());
}

void CodeView::setAppearance(const Appearance& appearance) {
  appearance_ = appearance;
  const TextStyle style(appearance);
  for (CodePane* pane : {source_, equivalent_}) {
    const int line = pane->verticalScrollBar()->value();
    pane->setStyle(style);
    pane->verticalScrollBar()->setValue(line);
  }
  QFont font = style.heading;
  font.setPixelSize(std::max(1, qRound(12 * appearance.font_scale)));
  source_name_->setFont(font);
  equivalent_name_->setFont(font);
  const Words& words = Words::in(appearance.language);
  const auto word = [&](const char* key) { return QString::fromStdString(words(key)); };
  source_->setAccessibleName(word("text.code_source"));
  equivalent_->setAccessibleName(word("text.code_equivalent"));
  source_name_->setAccessibleName(word("text.code_file"));
  source_name_->setToolTip(word("text.code_file"));
  find_bar_->setAppearance(appearance);
}

CodePane* CodeView::searched() const { return equivalent_->hasFocus() ? equivalent_ : source_; }

void CodeView::find() {
  CodePane* pane =
      find_bar_->isVisible() && searched_ && !equivalent_->hasFocus() && !source_->hasFocus()
          ? searched_
          : searched();
  if (searched_ && searched_ != pane) searched_->showFinds({}, -1);
  searched_ = pane;
  find_bar_->setDocument(pane->document());
  find_bar_->open(pane->textCursor().selectedText(), pane->textCursor().selectionStart());
}

void CodeView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const double line = 60 * source_->fontMetrics().horizontalAdvance(QLatin1Char('x'));
  splitter_->setOrientation(width() < 2 * line ? Qt::Vertical : Qt::Horizontal);
}

}  // namespace viva
