// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/open_window.h"

#include <QApplication>
#include <clocale>

#include "app/window/main_window.h"

namespace viva {

int openWindow(const WindowRequest& request, int argc, char** argv) {
  QApplication application(argc, argv);
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
