// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lesson_tree.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>
#include <QVBoxLayout>
#include <algorithm>

#include "lessons/core/catalog.h"
#include "widgets/search/search_index.h"

namespace viva {
namespace {

constexpr int kKind = Qt::UserRole;  // `place`, `section`, `lesson`, `experiment`
constexpr int kId = Qt::UserRole + 1;
constexpr int kOpens = Qt::UserRole + 2;  // the experiment that choosing the row opens
constexpr int kFound = Qt::UserRole + 3;  // folded: what the filter finds it by
constexpr int kIndentation = 14;

QTreeWidgetItem* row(const char* kind, const std::string& id, const std::string& opens) {
  auto* item = new QTreeWidgetItem;
  item->setData(0, kKind, kind);
  item->setData(0, kId, QString::fromStdString(id));
  item->setData(0, kOpens, QString::fromStdString(opens));
  return item;
}

std::string keyOf(const QTreeWidgetItem& item) {
  const std::string kind = item.data(0, kKind).toString().toStdString();
  const std::string id = item.data(0, kId).toString().toStdString();
  return kind == "experiment" ? id + ".title" : kind + "." + id;
}

int depthOf(const QModelIndex& index) {
  int depth = 0;
  for (QModelIndex above = index.parent(); above.isValid(); above = above.parent()) ++depth;
  return depth;
}

/// A tree view asks for the size of a row before it knows its width, and would cut long names.
class WrappedRows : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyleOptionViewItem row = option;
    initStyleOption(&row, index);
    const auto* tree = qobject_cast<const QTreeWidget*>(option.widget);
    const int margin = 8;
    const int width =
        (tree ? tree->viewport()->width() : 200) - margin - kIndentation * (depthOf(index) + 1);
    const QRect text = QFontMetrics(row.font).boundingRect(QRect(0, 0, std::max(width, 60), 10000),
                                                           Qt::TextWordWrap, row.text);
    return {text.width(), text.height() + 6};
  }
};

}  // namespace

LessonTree::LessonTree(QWidget* parent)
    : QWidget(parent),
      filter_(new QLineEdit(this)),
      nothing_(new QLabel(this)),
      tree_(new QTreeWidget(this)) {
  filter_->setClearButtonEnabled(true);
  nothing_->setWordWrap(true);
  nothing_->setMargin(6);
  nothing_->hide();
  tree_->setHeaderHidden(true);
  tree_->setColumnCount(1);
  tree_->setWordWrap(true);
  tree_->setIndentation(kIndentation);
  tree_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  tree_->setItemDelegate(new WrappedRows(tree_));
  tree_->header()->setStretchLastSection(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addWidget(filter_);
  column->addWidget(nothing_);
  column->addWidget(tree_, 1);
  setFocusProxy(tree_);
  addRows();
  fold();
  filter_->installEventFilter(this);
  tree_->viewport()->installEventFilter(this);
  connect(filter_, &QLineEdit::textChanged, this, &LessonTree::applyFilter);
  connect(tree_, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
    if (item) open(*item);
  });
}

void LessonTree::addRows() {
  tree_->addTopLevelItem(row("place", "home", ""));
  tree_->addTopLevelItem(row("place", "cards", ""));
  QTreeWidgetItem* section = nullptr;
  for (const LessonEntry& lesson : lessonList()) {
    if (!section || section->data(0, kId).toString().toStdString() != lesson.section) {
      section = row("section", lesson.section, "");
      section->setFlags(Qt::ItemIsEnabled);
      tree_->addTopLevelItem(section);
    }
    auto* item =
        row("lesson", lesson.id, lesson.experiments.empty() ? "" : lesson.experiments.front());
    section->addChild(item);
    for (const std::string& experiment : lesson.experiments)
      item->addChild(row("experiment", experiment, experiment));
  }
}

void LessonTree::open(const QTreeWidgetItem& item) {
  if (item.data(0, kKind) == "place") Q_EMIT placeChosen(item.data(0, kId).toString());
  const QString experiment = item.data(0, kOpens).toString();
  if (!experiment.isEmpty()) Q_EMIT experimentChosen(experiment);
}

void LessonTree::setWords(const Words& words) {
  const auto text = [&](const char* key) { return QString::fromStdString(words(key)); };
  tree_->setAccessibleName(text("window.lessons"));
  filter_->setAccessibleName(text("window.filter"));
  filter_->setPlaceholderText(text("window.filter"));
  nothing_->setText(text("window.filter_nothing"));
  for (QTreeWidgetItemIterator item(tree_); *item; ++item) {
    const std::string key = keyOf(**item);
    (*item)->setText(0, QString::fromStdString(words(key)));
    (*item)->setData(0, kFound,
                     folded(QString::fromStdString(Words::in(Language::English)(key) + '\n' +
                                                   Words::in(Language::Chinese)(key))) +
                         '\n' + (*item)->data(0, kId).toString());
    const QString kind = (*item)->data(0, kKind).toString();
    QFont font = this->font();
    font.setBold(kind == "section" || kind == "place");
    (*item)->setFont(0, font);
  }
}

/// What the row and those above it are called: `optimizers race` finds the race.
QString LessonTree::calledOf(const QTreeWidgetItem* item) {
  QString called;
  for (; item; item = item->parent()) called += item->data(0, kFound).toString() + '\n';
  return called;
}

bool LessonTree::fits(const QTreeWidgetItem* item, const QStringList& parts) {
  const QString called = calledOf(item);
  return std::all_of(parts.begin(), parts.end(),
                     [&](const QString& part) { return called.contains(part); });
}

QStringList LessonTree::wanted() const {
  return folded(filter_->text()).split(' ', Qt::SkipEmptyParts);
}

bool LessonTree::show(QTreeWidgetItem* item, const QStringList& parts) {
  bool shown = fits(item, parts);
  for (int i = 0; i < item->childCount(); ++i) shown = show(item->child(i), parts) || shown;
  item->setHidden(!shown);
  return shown;
}

void LessonTree::applyFilter() {
  const QStringList parts = wanted();
  const QSignalBlocker blocker(tree_);
  bool any = false;
  for (int i = 0; i < tree_->topLevelItemCount(); ++i)
    any = show(tree_->topLevelItem(i), parts) || any;
  nothing_->setVisible(!any);
  if (parts.isEmpty())
    fold();
  else
    tree_->expandAll();
}

/// Sections with their lessons; of the open lesson the experiments.
void LessonTree::fold() {
  const QTreeWidgetItem* current = tree_->currentItem();
  for (QTreeWidgetItemIterator item(tree_); *item; ++item) {
    const bool is_open = current && (*item == current || *item == current->parent());
    (*item)->setExpanded((*item)->data(0, kKind) == "section" || is_open);
  }
  if (current) tree_->scrollToItem(current);
}

/// Not a lesson that stays only for one of its experiments.
QTreeWidgetItem* LessonTree::firstFound() const {
  const QStringList parts = wanted();
  for (QTreeWidgetItemIterator item(tree_, QTreeWidgetItemIterator::NotHidden); *item; ++item)
    if ((*item)->data(0, kKind) != "section" && fits(*item, parts)) return *item;
  return nullptr;
}

bool LessonTree::eventFilter(QObject* watched, QEvent* event) {
  if (watched == tree_->viewport() && event->type() == QEvent::Resize)
    tree_->doItemsLayout();  // names are broken at the new width
  if (watched == filter_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    QTreeWidgetItem* first = filter_->text().isEmpty() ? nullptr : firstFound();
    if (key == Qt::Key_Down) {
      if (first) {
        const QSignalBlocker blocker(tree_);  // looked at, not yet opened
        tree_->setCurrentItem(first);
      }
      tree_->setFocus();
      return true;
    }
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && first) {
      open(*first);
      filter_->clear();
      return true;
    }
    if (key == Qt::Key_Escape && !filter_->text().isEmpty()) {
      filter_->clear();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void LessonTree::selectRow(const char* kind, const QString& id) {
  const QSignalBlocker blocker(tree_);
  for (QTreeWidgetItemIterator item(tree_); *item; ++item)
    if ((*item)->data(0, kKind) == kind && (*item)->data(0, kId) == id)
      tree_->setCurrentItem(*item);
}

void LessonTree::select(const QString& experiment) {
  // The row of a lesson opens its first experiment: whoever walks up to it stays there.
  const QTreeWidgetItem* current = tree_->currentItem();
  if (!current || current->data(0, kOpens) != experiment) selectRow("experiment", experiment);
  if (filter_->text().isEmpty()) fold();
}

void LessonTree::selectPlace(const QString& place) { selectRow("place", place); }

}  // namespace viva
