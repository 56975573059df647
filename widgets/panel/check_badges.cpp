// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/check_badges.h"

#include <QLabel>
#include <QVBoxLayout>

#include "widgets/views/colours.h"

namespace viva {

CheckBadges::CheckBadges(std::string experiment, QWidget* parent)
    : QWidget(parent),
      experiment_(std::move(experiment)),
      words_(&Words::in(Language::English)),
      layout_(new QVBoxLayout(this)) {
  layout_->setContentsMargins(6, 0, 6, 0);
}

void CheckBadges::setWords(const Words& words, bool dark) {
  words_ = &words;
  dark_ = dark;
  refresh();
}

void CheckBadges::setChecks(const std::vector<CheckResult>& checks) {
  const auto same = [](const CheckResult& a, const CheckResult& b) {
    return a.id == b.id && a.difference == b.difference && a.tolerance == b.tolerance;
  };
  if (std::equal(checks.begin(), checks.end(), checks_.begin(), checks_.end(), same)) return;
  checks_ = checks;
  refresh();
}

void CheckBadges::refresh() {
  while (badges_.size() > checks_.size()) {
    delete badges_.back();
    badges_.pop_back();
  }
  while (badges_.size() < checks_.size()) {
    auto* badge = new QLabel(this);
    badge->setTextFormat(Qt::PlainText);
    badge->setWordWrap(true);
    badge->setFocusPolicy(Qt::TabFocus);
    layout_->addWidget(badge);
    badges_.push_back(badge);
  }
  const Theme& colours = theme(dark_);
  for (std::size_t i = 0; i < checks_.size(); ++i) {
    const CheckResult& check = checks_[i];
    const Message text{check.failed() ? "panel.check_fails" : "panel.check_holds",
                       {{"check", (*words_).of(experiment_, "check", check.id)},
                        {"difference", check.difference}}};
    const Message meaning{"panel.check_meaning",
                          {{"check", (*words_).of(experiment_, "check", check.id)},
                           {"difference", check.difference},
                           {"tolerance", check.tolerance}}};
    badges_[i]->setText(QString::fromStdString((*words_)(text)));
    badges_[i]->setToolTip(QString::fromStdString((*words_)(meaning)));
    badges_[i]->setAccessibleName(badges_[i]->text());
    badges_[i]->setAccessibleDescription(badges_[i]->toolTip());
    const QColor colour = check.failed() ? colours.bad : colours.good;
    badges_[i]->setStyleSheet(
        QStringLiteral(
            "QLabel { color: %1; border: 1px solid %1; border-radius: 8px; padding: 1px 7px; }")
            .arg(colour.name()));
  }
}

}  // namespace viva
