// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/open_window.h"

#include <QApplication>
#include <clocale>
#include <cstdlib>
#include <optional>

#include "app/commands/arguments.h"
#include "app/commands/console.h"
#include "app/window/main_window.h"

namespace viva {
namespace {

/// What Qt says while it looks for a display. Where it finds none it aborts: one line says so
/// instead, and the exit status is that of a wrong request.
class WhileLookingForADisplay {
 public:
  explicit WhileLookingForADisplay(const Words& words) {
    words_ = &words;
    said_.clear();
    before_ = qInstallMessageHandler(hear);
  }
  ~WhileLookingForADisplay() {
    qInstallMessageHandler(before_);
    for (const QString& text : said_) qWarning("%s", qUtf8Printable(text));
  }
  WhileLookingForADisplay(const WhileLookingForADisplay&) = delete;
  WhileLookingForADisplay& operator=(const WhileLookingForADisplay&) = delete;

 private:
  static void hear(QtMsgType type, const QMessageLogContext& /*context*/, const QString& text) {
    if (type != QtFatalMsg) {
      said_.append(text);
      return;
    }
    QStringList set;
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
      if (const QString value = qEnvironmentVariable(name); !value.isEmpty())
        set << QString("%1=%2").arg(name, value);
    note({"command.error.display_not_reached", {{"settings", set.join(", ").toStdString()}}},
         *words_);
    std::_Exit(kWrongRequest);
  }

  static inline const Words* words_ = nullptr;
  static inline QStringList said_;
  static inline QtMessageHandler before_ = nullptr;
};

}  // namespace

int openWindow(const WindowRequest& request, int argc, char** argv) {
  std::optional<WhileLookingForADisplay> looking(Words::in(languageOf(argc, argv)));
  QApplication application(argc, argv);
  looking.reset();
  std::setlocale(LC_NUMERIC, "C");  // Qt took the user's, whose libraries may then write 0,5
  QApplication::setOrganizationName("viva");
  QApplication::setApplicationName("viva");
  QApplication::setApplicationDisplayName("Viva");
  QApplication::setApplicationVersion(VIVA_VERSION);
  QApplication::setDesktopFileName("viva");
  MainWindow window(request);
  window.show();
  return QApplication::exec();
}

}  // namespace viva
