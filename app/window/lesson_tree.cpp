// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lesson_tree.h"

#include <QSignalBlocker>
#include <QTreeWidgetItemIterator>

#include "lessons/core/catalog.h"

namespace viva {
namespace {

constexpr int kKind = Qt::UserRole;  // `place`, `section`, `lesson`, `experiment`
constexpr int kId = Qt::UserRole + 1;
constexpr int kOpens = Qt::UserRole + 2;  // the experiment that choosing the row opens

QTreeWidgetItem* row(const char* kind, const std::string& id, const std::string& opens) {
  auto* item = new QTreeWidgetItem;
  item->setData(0, kKind, kind);
  item->setData(0, kId, QString::fromStdString(id));
  item->setData(0, kOpens, QString::fromStdString(opens));
  return item;
}

}  // namespace

LessonTree::LessonTree(QWidget* parent) : QTreeWidget(parent) {
  setHeaderHidden(true);
  setColumnCount(1);
  setWordWrap(true);
  setIndentation(14);
  addTopLevelItem(row("place", "home", ""));
  addTopLevelItem(row("place", "cards", ""));
  QTreeWidgetItem* section = nullptr;
  for (const LessonEntry& lesson : lessonList()) {
    if (!section || section->data(0, kId).toString().toStdString() != lesson.section) {
      section = row("section", lesson.section, "");
      section->setFlags(Qt::ItemIsEnabled);
      addTopLevelItem(section);
    }
    auto* item =
        row("lesson", lesson.id, lesson.experiments.empty() ? "" : lesson.experiments.front());
    section->addChild(item);
    for (const std::string& experiment : lesson.experiments)
      item->addChild(row("experiment", experiment, experiment));
  }
  expandAll();
  connect(this, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
    if (!item) return;
    if (item->data(0, kKind) == "place") Q_EMIT placeChosen(item->data(0, kId).toString());
    const QString experiment = item->data(0, kOpens).toString();
    if (!experiment.isEmpty()) Q_EMIT experimentChosen(experiment);
  });
}

void LessonTree::setWords(const Words& words) {
  setAccessibleName(QString::fromStdString(words("window.lessons")));
  for (QTreeWidgetItemIterator item(this); *item; ++item) {
    const std::string kind = (*item)->data(0, kKind).toString().toStdString();
    const std::string id = (*item)->data(0, kId).toString().toStdString();
    const std::string text = words(kind == "experiment" ? id + ".title" : kind + "." + id);
    (*item)->setText(0, QString::fromStdString(text));
    QFont font = this->font();
    font.setBold(kind != "experiment");
    (*item)->setFont(0, font);
  }
}

void LessonTree::selectRow(const char* kind, const QString& id) {
  const QSignalBlocker blocker(this);
  for (QTreeWidgetItemIterator item(this); *item; ++item)
    if ((*item)->data(0, kKind) == kind && (*item)->data(0, kId) == id) setCurrentItem(*item);
}

void LessonTree::select(const QString& experiment) { selectRow("experiment", experiment); }
void LessonTree::selectPlace(const QString& place) { selectRow("place", place); }

}  // namespace viva
