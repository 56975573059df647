// SPDX-License-Identifier: GPL-3.0-or-later
// The card around a view: title, legend, and what can be done with a view.
#pragma once

#include <QFrame>
#include <memory>

#include "widgets/views/view.h"

class QLabel;
class QMenu;
class QToolButton;

namespace viva {

class Legend;

/// Owns its view. A sentence is a line without a title.
class ViewFrame : public QFrame {
  Q_OBJECT

 public:
  explicit ViewFrame(std::unique_ptr<View> view, QWidget* parent = nullptr);
  ~ViewFrame() override;

  View& view() const { return *view_; }
  /// Of the frame and its view.
  void setAppearance(const Appearance& appearance);
  /// Shows the button as "restore" while the panel shows this view alone.
  void setMaximised(bool maximised);
  bool isMaximised() const { return maximised_; }
  /// Offers to change places with the view that has most of the panel.
  void setCanBeHero(bool can);
  /// What the menu button opens. It is made anew each time: add to it when menuOpens is emitted.
  QMenu& menu() const { return *menu_; }
  /// A panel whose views share their curves shows one legend for all; a maximised view has its own.
  void setLegendWanted(bool wanted);

 public Q_SLOTS:
  void copyPicture();
  /// Tab-separated, for spreadsheets.
  void copyData();
  /// The numbers in a table (key T).
  void showData();

 Q_SIGNALS:
  /// The button (or double click on the title) asks for the whole panel, or back.
  void maximiseRequested(bool maximised);
  /// The button, a click on the title or the key H.
  void heroWanted();
  void menuOpens(QMenu* menu);
  /// By the button of a view that is not in a strip (png), or the menu. `format` is png, svg, pdf
  /// or csv; whoever owns the window asks for a file name.
  void exportRequested(const QString& format);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  bool isLine() const { return view_->spec().kind == ViewKind::Verdict; }
  void fitTitle();
  void fitHeight();
  void buildMenu();
  void addSmoothing(QMenu& menu);
  void showSmoothing();
  void refresh();
  void showLegend();

  View* view_;
  QLabel* title_;
  Legend* legend_;
  QToolButton *smooth_button_, *export_button_, *hero_button_, *maximise_button_;
  QToolButton* menu_button_;
  QMenu* menu_;
  bool maximised_ = false, legend_wanted_ = true, can_be_hero_ = false;
  QPoint pressed_at_;
};

}  // namespace viva
