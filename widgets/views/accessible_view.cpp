// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/accessible_view.h"

#include <QAccessibleWidget>

#include "widgets/views/view.h"

namespace viva {
namespace {

class AccessibleView : public QAccessibleWidget {
 public:
  explicit AccessibleView(View* view) : QAccessibleWidget(view, QAccessible::Chart) {}

  QString text(QAccessible::Text kind) const override {
    const auto* view = qobject_cast<const View*>(widget());
    if (!view) return {};
    if (kind == QAccessible::Name) return view->title();
    if (kind != QAccessible::Description && kind != QAccessible::Value)
      return QAccessibleWidget::text(kind);
    const auto& readout = view->readout();
    if (kind == QAccessible::Value) return readout ? readout->text() : QString();
    return readout ? readout->text() + u'\n' + view->summary() : view->summary();
  }
};

QAccessibleInterface* makeAccessible(const QString& class_name, QObject* object) {
  if (class_name != QLatin1String("viva::View")) return nullptr;
  auto* view = qobject_cast<View*>(object);
  return view ? new AccessibleView(view) : nullptr;
}

}  // namespace

void installAccessibleViews() {
  static const bool installed = [] {
    QAccessible::installFactory(&makeAccessible);
    return true;
  }();
  Q_UNUSED(installed);
}

}  // namespace viva
