// SPDX-License-Identifier: GPL-3.0-or-later
// A picture of each lesson for Home: what the hero of its first preset shows after a run.
#pragma once

#include <QElapsedTimer>
#include <QImage>
#include <QObject>
#include <QSet>
#include <QTimer>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/runner/runner.h"
#include "widgets/views/view.h"

namespace viva {

/// The view that shows the claim of the experiment's first preset.
const ViewSpec& heroOf(const ExperimentSpec& spec);
/// What `view` shows of the experiment after a run, as large as a card of Home needs it. To be
/// called on the GUI thread; what it returns makes the picture, on any.
std::function<QImage()> lessonPicture(const ExperimentSpec& spec, const ViewSpec& view,
                                      const Parameters& parameters, const Records& records,
                                      const std::shared_ptr<const Frame>& frame,
                                      const Appearance& appearance);

/// Each lesson is run once, while nothing else is, and drawn in both themes and languages; the
/// pictures are kept in a folder until there is another build of the program.
class LessonPictures : public QObject {
  Q_OBJECT

 public:
  struct Subject {
    QString lesson;
    const ExperimentSpec* experiment;
  };

  /// Without a folder (an empty path) nothing is kept.
  explicit LessonPictures(const QString& folder, QObject* parent = nullptr);
  ~LessonPictures() override;
  /// `pictures` in the user's cache.
  static QString folderOfTheUser();

  /// A run waits while this answers false.
  void setMayCompute(std::function<bool()> may_compute) { may_compute_ = std::move(may_compute); }
  /// A run that is not at its preset's end by then is drawn as it is.
  void setLongest(int milliseconds) { longest_ = milliseconds; }
  /// Hands over those of these looks that are there, and those to come.
  void setAppearance(const Appearance& appearance);
  /// Makes those that are missing. `runtime`, the experiments and `phases` must outlive this.
  void begin(std::vector<Subject> subjects, Runtime& runtime, PhaseCache* phases);
  bool isDone() const { return begun_ && waiting_.empty() && !present_; }

 Q_SIGNALS:
  void made(const QString& lesson, const QImage& picture);
  /// All that were missing are made.
  void done();

 private:
  void lookIn();
  void next();
  void watch();
  void take();
  void draw(std::shared_ptr<const Frame> frame, std::shared_ptr<const Records> records);
  void keep(const QString& lesson, const Appearance& appearance, const QImage& picture);
  QString pathOf(const QString& lesson, const Appearance& appearance) const;

  const QString folder_;
  std::function<bool()> may_compute_ = [] { return true; };
  int longest_;
  Appearance appearance_;
  std::vector<Subject> subjects_;
  std::deque<Subject> waiting_;
  std::optional<Subject> present_;
  Runtime* runtime_ = nullptr;
  PhaseCache* phases_ = nullptr;
  std::unique_ptr<Runner> runner_;
  std::optional<Parameters> parameters_;  ///< of the present run
  QElapsedTimer elapsed_;
  QTimer look_;
  bool begun_ = false, taking_ = false, held_ = false;
};

}  // namespace viva
