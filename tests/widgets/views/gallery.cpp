// SPDX-License-Identifier: GPL-3.0-or-later
// Writes every view in both themes, both languages and several sizes.
#include <QApplication>
#include <QDir>
#include <QFile>

#include "tests/widgets/views/fake_race.h"
#include "widgets/views/picture.h"
#include "widgets/views/view_frame.h"

using namespace viva;

int main(int count, char** arguments) {
  QApplication application(count, arguments);
  const QDir folder(count > 1 ? QString::fromLocal8Bit(arguments[1]) : QStringLiteral("."));
  folder.mkpath(QStringLiteral("."));
  fakes::FakeRace race;
  race.advance(count > 2 ? std::atoi(arguments[2]) : 300);
  for (const bool dark : {false, true})
    for (const Language language : {Language::English, Language::Chinese})
      for (const QSize size : {QSize(360, 240), QSize(640, 420), QSize(1280, 760)})
        for (const ViewSpec& spec : fakes::FakeRace::views()) {
          const Appearance appearance{dark, language, size.width() > 1000 ? 1.5 : 1.0};
          auto view = makeView(spec, "view-gallery", appearance);
          auto styles = std::make_shared<StyleTable>();
          for (const std::string& id : fakes::FakeRace::ids()) styles->learn(id);
          view->setStyles(styles);
          view->setRecords(race.records());
          view->setFrame(race.frame());
          view->setParameters(Parameters(fakes::FakeRace::parameters()));
          PictureSettings settings;
          settings.size = spec.kind == ViewKind::Verdict ? QSize(size.width(), 80) : size;
          settings.appearance = appearance;
          const QString name = QStringLiteral("%1-%2-%3-%4")
                                   .arg(QString::fromStdString(spec.id))
                                   .arg(size.width())
                                   .arg(dark ? QStringLiteral("dark") : QStringLiteral("light"))
                                   .arg(QLatin1String(codeOf(language).data()));
          for (const char* format : {"png", "svg", "pdf"}) {
            if (format[0] != 'p' && size.width() != 640) continue;
            QFile file(folder.filePath(name + u'.' + QLatin1String(format)));
            if (file.open(QIODevice::WriteOnly))
              file.write(picture(*view, QLatin1String(format), settings));
          }
        }
  return 0;
}
