// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the lab that work wherever its focus is.
#pragma once

#include <QObject>
#include <functional>

class QWidget;

namespace viva {

/// Space starts and stops the run, also from a button, a list or the tree: where it would press
/// what has the focus elsewhere, Enter does. Not where text is typed.
class LabKeys : public QObject {
 public:
  /// `apply` says whether the lab is what the user looks at, with the focus on this widget. Listens
  /// to the keys of `window` while it lives.
  LabKeys(QWidget& window, std::function<bool(const QWidget& focus)> apply,
          std::function<void()> toggle);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget& window_;
  std::function<bool(const QWidget&)> apply_;
  std::function<void()> toggle_;
};

}  // namespace viva
