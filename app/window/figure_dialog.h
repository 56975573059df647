// SPDX-License-Identifier: GPL-3.0-or-later
// A figure of a view for a paper, a slide or a poster, seen as it will be before it is written.
#pragma once

#include <QDialog>
#include <QTimer>
#include <QVariantMap>
#include <memory>

#include "widgets/views/picture.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QListWidget;
class QSpinBox;

namespace viva {

class WrittenLine;

class FigureDialog : public QDialog {
  Q_OBJECT

 public:
  /// Takes a copy of `view` as it is now; the run may go on. `format` is one of formats().
  FigureDialog(const View& view, const QString& format, bool carries_run, QWidget* parent);
  ~FigureDialog() override;

  /// `png`, `svg`, `pdf`, `csv`, `tex`, `py`.
  static QStringList formats();
  QString format() const;
  /// How the picture is drawn: sizes in units of 1/96 inch.
  PictureSettings settings() const;
  bool carriesRun() const;
  const View& view() const { return *view_; }
  /// The pixels that a PNG will have.
  QSize pixels() const;

  void setPreset(int preset);
  /// The figure is in a file now.
  void sayWritten(const QString& sentence, const QString& path);
  /// The size, the type and what is drawn along with the plot: to be restored next time. Whatever
  /// in `choices` makes no sense is as if it were not there.
  QVariantMap choices() const;
  void restore(const QVariantMap& choices);

 Q_SIGNALS:
  /// The user wants the figure in a file.
  void saveRequested();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build(const QString& format);
  void fillCurves();
  void applyPreset();
  /// A size that is set by hand is none of the presets.
  void leavePreset();
  void changeUnit();
  void changed();
  void draw();
  void copyPicture() const;
  void copySvg() const;
  void copyTable() const;
  QString word(const char* key) const;

  Language shown_in_;  ///< the dialog itself; the figure may be in another language
  std::unique_ptr<View> view_;
  QComboBox *format_, *preset_, *unit_, *theme_, *language_;
  QDoubleSpinBox *width_, *height_, *font_, *line_;
  QSpinBox* resolution_;
  QCheckBox *title_, *legend_, *handles_, *outlines_, *carries_run_;
  QListWidget* curves_;
  QLabel *preview_, *facts_;
  WrittenLine* written_;
  QTimer redraw_;
  int last_unit_ = 0;
  bool filling_ = false;
};

}  // namespace viva
