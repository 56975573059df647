// SPDX-License-Identifier: GPL-3.0-or-later
// The lesson's C++ beside the same in PyTorch.
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QSplitter>
#include <QWidget>
#include <vector>

#include "widgets/text/code_pane.h"

namespace viva {

class FindBar;

struct CodeFile {
  QString name;  ///< relative to the project, shown above the text
  QString text;
};

/// Two panes on a splitter, side by side or, where it is narrow, one above the other. Ctrl+F
/// searches the pane that has the focus.
class CodeView : public QWidget {
  Q_OBJECT

 public:
  explicit CodeView(QWidget* parent = nullptr);

  /// The sources of the experiment, the one with the loop first, and the PyTorch equivalent (no
  /// text: there is none, and the sources have all the room).
  void setFiles(std::vector<CodeFile> sources, const CodeFile& equivalent);
  void setAppearance(const Appearance& appearance);
  void find();

  CodePane* source() const { return source_; }
  CodePane* equivalent() const { return equivalent_; }
  QSplitter* splitter() const { return splitter_; }
  FindBar* findBar() const { return find_bar_; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showSource(int number);
  CodePane* searched() const;

  std::vector<CodeFile> sources_;
  Appearance appearance_;
  QSplitter* splitter_;
  QComboBox* source_name_;
  QLabel* equivalent_name_;
  QWidget* equivalent_side_;
  CodePane *source_, *equivalent_;
  CodePane* searched_ = nullptr;
  FindBar* find_bar_;
};

}  // namespace viva
