// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/preferences_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>
#include <cmath>

namespace viva {
namespace {

constexpr Preferences::ThemeChoice kThemes[] = {Preferences::ThemeChoice::System,
                                                Preferences::ThemeChoice::Light,
                                                Preferences::ThemeChoice::Dark};

QSpinBox* spin(int low, int high, int value, const QString& suffix = {}) {
  auto* box = new QSpinBox;
  box->setRange(low, high);
  box->setValue(value);
  box->setSuffix(suffix);
  return box;
}

}  // namespace

PreferencesDialog::PreferencesDialog(const Preferences& preferences, const StudyPlan& plan,
                                     QWidget* parent)
    : QDialog(parent),
      preferences_(preferences),
      language_(new QComboBox),
      theme_(new QComboBox),
      size_(spin(80, 200, static_cast<int>(std::lround(100 * preferences.font_scale)), " %")),
      retention_(spin(70, 97, static_cast<int>(std::lround(100 * plan.retention)), " %")),
      new_(spin(0, 1000, plan.new_a_day)),
      reviews_(spin(0, 10000, plan.reviews_a_day)),
      has_exam_(new QCheckBox),
      still_(new QCheckBox),
      exam_(new QDateEdit) {
  const Words& words = Words::in(preferences.language);
  const auto text = [&](const std::string& key) { return QString::fromStdString(words(key)); };
  setWindowTitle(text("preferences.title"));
  for (const Language language : {Language::English, Language::Chinese})
    language_->addItem(QString::fromStdString(Words::in(language)("language.name")));
  language_->setCurrentIndex(static_cast<int>(preferences.language));
  for (const auto choice : kThemes)
    // Chinese words have the letter of the menu in brackets behind them.
    theme_->addItem(text("menu.theme_" + nameOf(choice).toStdString())
                        .remove(QRegularExpression(QStringLiteral("\\(&.\\)|&"))));
  theme_->setCurrentIndex(static_cast<int>(preferences.theme));
  size_->setSingleStep(10);
  still_->setText(text("preferences.still"));
  still_->setToolTip(text("preferences.still_meaning"));
  still_->setChecked(preferences.reduced_motion);
  has_exam_->setText(text("preferences.has_exam"));
  has_exam_->setChecked(plan.exam.isValid());
  exam_->setCalendarPopup(true);
  exam_->setMinimumDate(QDate::currentDate());
  exam_->setDate(plan.exam.isValid() ? plan.exam : QDate::currentDate().addDays(30));
  exam_->setEnabled(plan.exam.isValid());
  connect(has_exam_, &QCheckBox::toggled, exam_, &QWidget::setEnabled);
  retention_->setToolTip(text("preferences.retention_meaning"));

  auto* look = new QGroupBox(text("preferences.look"));
  auto* look_form = new QFormLayout(look);
  look_form->addRow(text("preferences.language"), language_);
  look_form->addRow(text("preferences.theme"), theme_);
  look_form->addRow(text("preferences.size"), size_);
  look_form->addRow(still_);
  auto* study = new QGroupBox(text("preferences.study"));
  auto* form = new QFormLayout(study);
  form->addRow(text("preferences.retention"), retention_);
  form->addRow(text("preferences.new"), new_);
  form->addRow(text("preferences.reviews"), reviews_);
  form->addRow(has_exam_, exam_);
  exam_->setAccessibleName(text("preferences.has_exam"));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(look);
  layout->addWidget(study);
  layout->addWidget(buttons);
}

Preferences PreferencesDialog::preferences() const {
  Preferences chosen = preferences_;
  chosen.language = static_cast<Language>(language_->currentIndex());
  chosen.theme = kThemes[std::max(0, theme_->currentIndex())];
  chosen.font_scale = size_->value() / 100.0;
  chosen.reduced_motion = still_->isChecked();
  return chosen;
}

StudyPlan PreferencesDialog::plan() const {
  StudyPlan plan;
  plan.retention = retention_->value() / 100.0;
  plan.new_a_day = new_->value();
  plan.reviews_a_day = reviews_->value();
  if (has_exam_->isChecked()) plan.exam = exam_->date();
  return plan;
}

}  // namespace viva
