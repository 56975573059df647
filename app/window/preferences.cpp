// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/preferences.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSettings>
#include <algorithm>
#include <cmath>

namespace viva {
namespace {

constexpr qsizetype kMostFound = 8;

/// QSettings writes the name of its holder into a lock that it has just made. Of a Viva that was
/// killed in between an empty one is left, and QSettings would wait for half a minute.
void removeNobodysLock(const QString& settings_file) {
  const QFileInfo lock(settings_file + ".lock");
  if (lock.exists() && lock.size() == 0 &&
      lock.lastModified().msecsTo(QDateTime::currentDateTime()) >= 100)
    QFile::remove(lock.filePath());
}

QSettings settings() {
  removeNobodysLock(Preferences::path());
  return QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva");
}

}  // namespace

QString nameOf(Preferences::ThemeChoice choice) {
  switch (choice) {
    case Preferences::ThemeChoice::Light:
      return "light";
    case Preferences::ThemeChoice::Dark:
      return "dark";
    case Preferences::ThemeChoice::System:
      break;
  }
  return "system";
}

Preferences::ThemeChoice themeFromName(const QString& name) {
  if (name == "light") return Preferences::ThemeChoice::Light;
  if (name == "dark") return Preferences::ThemeChoice::Dark;
  return Preferences::ThemeChoice::System;
}

Preferences Preferences::load() {
  const QSettings saved = settings();
  Preferences preferences;
  const QString language = saved.value("language", QLocale::system().name()).toString();
  preferences.language = languageFromCode(language.toStdString());
  preferences.theme = themeFromName(saved.value("theme").toString());
  const double scale = saved.value("font_scale", 1.0).toDouble();
  if (std::isfinite(scale) && scale != 0) preferences.font_scale = std::clamp(scale, 0.8, 2.0);
  preferences.notes_beside = saved.value("notes_beside").toBool();
  preferences.notes_beside_chosen = saved.contains("notes_beside");
  preferences.reduced_motion = saved.value("reduced_motion").toBool();
  preferences.handle_used = saved.value("handle_used").toBool();
  preferences.figures_carry_run = saved.value("figures_carry_run", true).toBool();
  preferences.megabytes_of_runs = std::clamp(
      saved.value("megabytes_of_runs", preferences.megabytes_of_runs).toInt(), 10, 100000);
  preferences.geometry = saved.value("geometry").toByteArray();
  preferences.columns = saved.value("columns").toByteArray();
  preferences.lab_columns = saved.value("lab_columns").toByteArray();
  preferences.experiment = saved.value("experiment").toString();
  preferences.tab = saved.value("tab", "lab").toString();
  return preferences;
}

bool Preferences::save() const {
  QSettings saved = settings();
  saved.setValue("language", QString::fromUtf8(codeOf(language).data()));
  saved.setValue("theme", nameOf(theme));
  saved.setValue("font_scale", font_scale);
  if (notes_beside_chosen) saved.setValue("notes_beside", notes_beside);
  saved.setValue("reduced_motion", reduced_motion);
  saved.setValue("handle_used", handle_used);
  saved.setValue("figures_carry_run", figures_carry_run);
  saved.setValue("megabytes_of_runs", megabytes_of_runs);
  saved.setValue("geometry", geometry);
  saved.setValue("columns", columns);
  saved.setValue("lab_columns", lab_columns);
  saved.setValue("experiment", experiment);
  saved.setValue("tab", tab);
  saved.sync();
  return saved.status() == QSettings::NoError;
}

QString Preferences::path() {
  return QSettings(QSettings::IniFormat, QSettings::UserScope, "viva", "viva").fileName();
}

QByteArray Preferences::arrangement(const QString& experiment) {
  return settings().value("arranged/" + experiment).toByteArray();
}

void Preferences::saveArrangement(const QString& experiment, const QByteArray& arrangement) {
  arrangement.isEmpty() ? settings().remove("arranged/" + experiment)
                        : settings().setValue("arranged/" + experiment, arrangement);
}

QStringList Preferences::recentlyFound() {
  return settings().value("found").toStringList().mid(0, kMostFound);
}

void Preferences::rememberFound(const QString& target) {
  QStringList targets = recentlyFound();
  targets.removeAll(target);
  targets.prepend(target);
  settings().setValue("found", targets.mid(0, kMostFound));
}

bool Preferences::allParameters() { return settings().value("all_parameters").toBool(); }

void Preferences::saveAllParameters(bool unfolded) {
  settings().setValue("all_parameters", unfolded);
}

QVariantMap Preferences::figure() {
  QSettings saved = settings();
  saved.beginGroup("figure");
  QVariantMap choices;
  for (const QString& name : saved.childKeys()) choices[name] = saved.value(name);
  return choices;
}

void Preferences::saveFigure(const QVariantMap& choices) {
  QSettings saved = settings();
  saved.beginGroup("figure");
  for (auto choice = choices.begin(); choice != choices.end(); ++choice)
    saved.setValue(choice.key(), choice.value());
}

}  // namespace viva
