// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the desktop is dark, now and when that changes.
#pragma once

#include <QDBusVariant>
#include <QObject>
#include <QString>

namespace viva {

/// The `color-scheme` of the desktop portal, which GNOME, KDE and others keep; until it answers, or
/// where there is none, whether the palette that Qt found is a dark one. Make it before the
/// application's palette is set.
class DesktopTheme : public QObject {
  Q_OBJECT

 public:
  explicit DesktopTheme(QObject* parent = nullptr);
  bool isDark() const { return dark_; }

 Q_SIGNALS:
  void changed();

 private Q_SLOTS:
  void settingChanged(const QString& space, const QString& key, const QDBusVariant& value);

 private:
  void take(const QVariant& scheme);

  bool dark_;
};

}  // namespace viva
