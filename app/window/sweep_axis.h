// SPDX-License-Identifier: GPL-3.0-or-later
// One axis of a sweep: which parameter, and its values, dragged or typed.
#pragma once

#include <QWidget>
#include <memory>
#include <optional>
#include <string>

#include "lessons/core/experiment.h"
#include "lessons/core/words.h"
#include "widgets/parameters/number_scale.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace viva {

class RangeSlider;

class SweepAxis : public QWidget {
  Q_OBJECT

 public:
  /// Offers the parameters that matter with the present `values`. `optional`: it may be none.
  SweepAxis(const ExperimentSpec& spec, const Parameters& values, bool optional, const Words& words,
            QWidget* parent = nullptr);

  /// Empty: none.
  std::string parameter() const;
  void setParameter(const std::string& name);
  /// As `--grid` takes it; unset for none.
  std::optional<std::string> grid() const;
  void setRange(const QString& from, const QString& to, int count, bool logarithmic);

 Q_SIGNALS:
  void changed();

 private:
  void showParameter();
  void takeDragged(int low, int high);
  void placeHandles();

  const ExperimentSpec& spec_;
  const Parameters values_;
  const Words& words_;
  std::unique_ptr<NumberScale> scale_;
  QComboBox* parameter_;
  RangeSlider* slider_;
  QLineEdit *from_, *to_;
  QSpinBox* count_;
  QCheckBox* logarithmic_;
  QLabel* all_;
  QWidget* numbers_;
};

}  // namespace viva
