// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel/view_export.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QSaveFile>

#include "widgets/views/picture.h"

namespace viva {

QString exportView(View& view, const QString& format, const QString& suggested_name,
                   QWidget* parent) {
  const Words& words = Words::in(view.appearance().language);
  const QString title = QString::fromStdString(words("panel.export_title"));
  const QString path =
      QFileDialog::getSaveFileName(parent, title, suggested_name + "." + format,
                                   QStringLiteral("%1 (*.%2)").arg(format.toUpper(), format));
  if (path.isEmpty()) return {};
  PictureSettings settings;
  settings.size = view.size().expandedTo({480, 320});
  settings.scale = format == "png" ? 2 : 1;
  settings.appearance = view.appearance();
  const QByteArray bytes = format == "csv"
                               ? dataText(view.dataTable(), ',', view.appearance().language)
                               : picture(view, format, settings);
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
    const Message problem{
        "panel.export_failed",
        {{"path", path.toStdString()}, {"reason", file.errorString().toStdString()}}};
    QMessageBox::warning(parent, title, QString::fromStdString(words(problem)));
    return {};
  }
  return path;
}

}  // namespace viva
