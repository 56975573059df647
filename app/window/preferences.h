// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers between starts.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVariantMap>

#include "lessons/core/words.h"

namespace viva {

struct Preferences {
  enum class ThemeChoice { System, Light, Dark };

  Language language = Language::English;
  ThemeChoice theme = ThemeChoice::System;
  double font_scale = 1.0;  ///< 0.8 to 2
  bool notes_beside = false;
  bool notes_beside_chosen = false;  ///< the user has said so; before, the window's width decides
  bool reduced_motion =
      false;                 ///< views are drawn four times a second, and nothing plays by itself
  bool handle_used = false;  ///< a handle has been dragged: none asks for it any more
  bool figures_carry_run = true;  ///< in their metadata
  int megabytes_of_runs = 500;    ///< on disk, 10 to 100000
  QByteArray geometry, columns, lab_columns;
  QString experiment;  ///< the one last open
  QString tab;         ///< `notes`, `lab`, `code`, `interview` or `own`

  /// What was saved; whatever in it makes no sense is as if it had not been. The language of a
  /// first start is the system's.
  static Preferences load();
  /// Two windows may save at once: the last one wins, and the file is never half-written. Answers
  /// whether it is kept: not on a full or read-only disk.
  bool save() const;
  /// The file in which they are.
  static QString path();

  /// The arrangement of an experiment's views, as ViewArrangement saves it; empty: as at first.
  /// (`arrangement/` in older files was written for every experiment that had been open.)
  static QByteArray arrangement(const QString& experiment);
  static void saveArrangement(const QString& experiment, const QByteArray& arrangement);
  /// What was opened by the search, SearchItem::target, the newest first; at most eight.
  static QStringList recentlyFound();
  static void rememberFound(const QString& target);
  /// Whether the parameters that the claim is not about are unfolded.
  static bool allParameters();
  static void saveAllParameters(bool unfolded);
  /// What was chosen for the last figure, as FigureDialog has it.
  static QVariantMap figure();
  static void saveFigure(const QVariantMap& choices);
};

QString nameOf(Preferences::ThemeChoice choice);
/// System for anything that is not `light` or `dark`.
Preferences::ThemeChoice themeFromName(const QString& name);

}  // namespace viva
