// SPDX-License-Identifier: GPL-3.0-or-later
// An animation of the run so far, in which curves and paths grow as they did: of the frames that
// are kept for the timeline, so that nothing is computed again and the run goes on.
#pragma once

#include <QDialog>
#include <memory>

#include "widgets/views/view.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace viva {

class ExperimentPanel;
class WrittenLine;

class AnimationDialog : public QDialog {
  Q_OBJECT

 public:
  AnimationDialog(ExperimentPanel& panel, const Appearance& appearance, QWidget* parent);
  ~AnimationDialog() override;

  QString format() const;
  /// A view of the panel by its id; the whole panel is the first choice.
  void chooseView(const QString& id);
  /// Makes the animation and writes it; `ended` tells. A problem is said in the dialog.
  void start(const QString& path);

 public Q_SLOTS:
  /// While an animation is made, gives it up and writes nothing.
  void reject() override;

 Q_SIGNALS:
  void ended(const QString& path, bool whole);

 private:
  struct Work;
  void build();
  void save();
  void changed();
  /// As many steps between frames as make it about as long as is wanted.
  void changeLength();
  void next(const std::shared_ptr<Work>& work);
  void draw(const std::shared_ptr<Work>& work, std::size_t view);
  void finish(const std::shared_ptr<Work>& work);
  void stop(const QString& sentence, const QString& path, bool whole);
  std::int64_t frameCount() const;
  QString text(const Message& message) const;

  ExperimentPanel& panel_;
  Appearance appearance_;
  QComboBox *format_, *view_, *size_;
  QSpinBox *every_, *frames_per_second_;
  QDoubleSpinBox* length_;
  QCheckBox* loop_;
  QLabel* facts_;
  WrittenLine* said_;
  QProgressBar* progress_;
  QPushButton *save_, *close_;
  std::shared_ptr<Work> work_;
};

}  // namespace viva
