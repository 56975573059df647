// SPDX-License-Identifier: GPL-3.0-or-later
// Play, pause, step, reset, speed and seed.
#pragma once

#include <QWidget>
#include <cstdint>

#include "lessons/core/words.h"

class QLabel;
class QLineEdit;
class QSlider;
class QToolButton;

namespace viva {

class TransportBar : public QWidget {
  Q_OBJECT

 public:
  explicit TransportBar(QWidget* parent = nullptr);

  void setWords(const Words& words);
  void setPlaying(bool playing);
  void setSeed(std::uint64_t seed);
  void setSeedMatters(bool matters);
  /// For whoever wants it in another place than in the bar.
  QWidget* playButton() const;
  /// Steps a second; Runner::kUnlimited stands at the right end.
  void setSpeed(double steps_per_second);
  double speed() const;
  /// What the run really does, shown while it plays; 0 for nothing.
  void setMeasuredSpeed(double steps_per_second);
  void setCanStepBack(bool can);
  /// The button of the five seeds stops them while they are made.
  void setSeedsRunning(bool running);

 Q_SIGNALS:
  void playPressed();
  void pausePressed();
  void stepForwardPressed();
  void stepBackPressed();
  void resetPressed();
  void speedChanged(double steps_per_second);
  void seedChanged(quint64 seed);
  void newSeedPressed();
  void fiveSeedsPressed();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void name(QWidget* part, const char* key);
  void fitPlay();
  void refreshIcons();
  void refreshSpeed();

  const Words* words_;
  QToolButton *play_, *step_back_, *step_forward_, *reset_, *new_seed_, *five_seeds_;
  QSlider* speed_;
  QLabel *speed_label_, *seed_label_;
  QLineEdit* seed_;
  bool playing_ = false, seeds_running_ = false;
  double measured_ = 0;
  std::uint64_t seed_value_ = 1;
};

}  // namespace viva
