// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/desktop_theme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QPalette>

namespace viva {
namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kSpace = QStringLiteral("org.freedesktop.appearance");
const QString kKey = QStringLiteral("color-scheme");

bool paletteIsDark() {
  const QPalette palette = QApplication::palette();
  return palette.color(QPalette::Window).lightness() <
         palette.color(QPalette::WindowText).lightness();
}

/// `Read` answers with a variant in a variant, `SettingChanged` brings one.
QVariant inner(QVariant value) {
  while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
  return value;
}

}  // namespace

DesktopTheme::DesktopTheme(QObject* parent) : QObject(parent), dark_(paletteIsDark()) {
  QDBusConnection bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return;
  QDBusMessage question =
      QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
  question << kSpace << kKey;
  auto* answer = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
  connect(answer, &QDBusPendingCallWatcher::finished, this, [this, bus, answer]() mutable {
    const QDBusPendingReply<QDBusVariant> reply = *answer;
    if (reply.isValid()) take(inner(reply.value().variant()));
    answer->deleteLater();
    // Not before the first message: only from then on Qt knows QDBusVariant, which the slot takes.
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
  });
}

void DesktopTheme::settingChanged(const QString& space, const QString& key,
                                  const QDBusVariant& value) {
  if (space == kSpace && key == kKey) take(inner(value.variant()));
}

/// 1 asks for dark, 2 for light, 0 has no preference: light, as desktops show it.
void DesktopTheme::take(const QVariant& scheme) {
  const bool dark = scheme.toUInt() == 1;
  if (dark == dark_) return;
  dark_ = dark;
  Q_EMIT changed();
}

}  // namespace viva
