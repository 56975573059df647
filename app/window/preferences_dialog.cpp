// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/preferences_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>
#include <cmath>

#include "app/phases/phase_store.h"

namespace viva {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;

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
                                     PhaseStore& phases, QWidget* parent)
    : QDialog(parent),
      preferences_(preferences),
      phase_store_(phases),
      language_(new QComboBox),
      theme_(new QComboBox),
      size_(spin(80, 200, static_cast<int>(std::lround(100 * preferences.font_scale)), " %")),
      retention_(spin(70, 97, static_cast<int>(std::lround(100 * plan.retention)), " %")),
      new_(spin(0, 1000, plan.new_a_day)),
      reviews_(spin(0, 10000, plan.reviews_a_day)),
      runs_(spin(10, 100000, preferences.megabytes_of_runs, " MB")),
      phases_(spin(0, 100000, static_cast<int>(phases.limit() / kMegabyte), " MB")),
      kept_phases_(new QLabel),
      has_exam_(new QCheckBox),
      still_(new QCheckBox),
      carry_run_(new QCheckBox),
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
  carry_run_->setText(text("figure.carries_run"));
  carry_run_->setToolTip(text("figure.carries_run_meaning"));
  carry_run_->setChecked(preferences.figures_carry_run);
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
  look_form->addRow(carry_run_);
  auto* runs = new QGroupBox(text("preferences.runs"));
  auto* runs_form = new QFormLayout(runs);
  runs_->setSingleStep(100);
  runs_->setToolTip(text("preferences.runs_meaning"));
  runs_form->addRow(text("preferences.runs_limit"), runs_);
  phases_->setSingleStep(100);
  phases_->setToolTip(text("preferences.phases_meaning"));
  runs_form->addRow(text("preferences.phases_limit"), phases_);
  auto* clear = new QPushButton(text("preferences.phases_clear"));
  clear->setToolTip(text("preferences.phases_meaning"));
  connect(clear, &QPushButton::clicked, this, [this] {
    phase_store_.clear();
    showPhases();
  });
  runs_form->addRow(kept_phases_, clear);
  showPhases();
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
  layout->addWidget(runs);
  layout->addWidget(buttons);
}

/// Their place is said too: it is the user's disk.
void PreferencesDialog::showPhases() {
  const double megabytes = static_cast<double>(phase_store_.bytes()) / kMegabyte;
  kept_phases_->setText(QString::fromStdString(Words::in(preferences_.language)(
      Message{"preferences.phases_kept", {{"megabytes", std::round(10 * megabytes) / 10}}})));
  kept_phases_->setToolTip(QString::fromStdString(phase_store_.folder().string()));
}

std::uint64_t PreferencesDialog::limitOfPhases() const {
  return static_cast<std::uint64_t>(phases_->value()) * kMegabyte;
}

Preferences PreferencesDialog::preferences() const {
  Preferences chosen = preferences_;
  chosen.language = static_cast<Language>(language_->currentIndex());
  chosen.theme = kThemes[std::max(0, theme_->currentIndex())];
  chosen.font_scale = size_->value() / 100.0;
  chosen.reduced_motion = still_->isChecked();
  chosen.figures_carry_run = carry_run_->isChecked();
  chosen.megabytes_of_runs = runs_->value();
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
