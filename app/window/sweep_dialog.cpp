// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/sweep_dialog.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QCryptographicHash>
#include <QFileDialog>
#include <QFormLayout>
#include <QGroupBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>
#include <cmath>
#include <limits>

#include "app/commands/sweep_request.h"
#include "app/commands/terminal_line.h"
#include "app/export/command_text.h"
#include "app/export/shell_words.h"
#include "app/sweep/cell_words.h"
#include "app/sweep/kept_sweeps.h"
#include "app/sweep/map.h"
#include "app/window/background.h"
#include "app/window/sweep_axis.h"
#include "lessons/core/error.h"
#include "lessons/core/number_text.h"
#include "lessons/core/record_label.h"
#include "widgets/views/legend.h"
#include "widgets/views/plot_view.h"

namespace viva {
namespace {

constexpr Statistic kStatistics[] = {Statistic::Last, Statistic::Minimum, Statistic::Maximum,
                                     Statistic::Mean};

QString shown(double number) {
  return isAbsent(number) ? QStringLiteral("–") : QString::fromStdString(readableNumber(number));
}

}  // namespace

SweepDialog::SweepDialog(const ExperimentSpec& spec, RunSettings settings, const Catalog& catalog,
                         const Appearance& appearance, const QString& program, const QString& home,
                         QWidget* parent)
    : QDialog(parent, Qt::Window),
      spec_(spec),
      settings_(std::move(settings)),
      catalog_(catalog),
      appearance_(appearance),
      words_(Words::in(appearance.language)),
      program_(program),
      home_(home),
      first_(new SweepAxis(spec, settings_.parameters, false, words_)),
      second_(new SweepAxis(spec, settings_.parameters, true, words_)),
      record_(new QComboBox),
      statistic_(new QComboBox),
      goal_(new QComboBox),
      seeds_(new QSpinBox),
      steps_(new QSpinBox),
      start_(new QPushButton),
      copy_(new QPushButton(text("sweep.window.copy"))),
      export_(new QPushButton(text("sweep.window.export"))),
      sentence_(new QLabel(text("sweep.window.help"))),
      progress_text_(new QLabel),
      progress_(new QProgressBar),
      place_(new QStackedWidget),
      legend_(new Legend(this)),
      table_(new QTableWidget) {
  setWindowTitle(text({"sweep.window.title", {{"experiment", words_(spec.id + ".title")}}}));
  for (const Statistic statistic : kStatistics)
    statistic_->addItem(text({"sweep.statistic." + std::string(nameOf(statistic)), {}}));
  for (const char* key : {"sweep.window.lowest", "sweep.window.highest"}) goal_->addItem(text(key));
  seeds_->setRange(1, 100);
  seeds_->setEnabled(!spec.uses_randomness || spec.uses_randomness(settings_.parameters));
  steps_->setRange(0, std::numeric_limits<int>::max());
  steps_->setValue(
      static_cast<int>(std::min<std::int64_t>(settings_.steps, std::numeric_limits<int>::max())));
  fillMetrics();

  const auto group = [&](const char* key, QWidget* inside) {
    auto* box = new QGroupBox(text(key));
    auto* column = new QVBoxLayout(box);
    column->addWidget(inside);
    return box;
  };
  auto* what = new QGroupBox(text("sweep.window.metric"));
  auto* form = new QFormLayout(what);
  const auto add = [&](const char* key, QWidget* field) {
    form->addRow(text(key), field);
    field->setAccessibleName(text(key));
  };
  add("sweep.window.record", record_);
  add("sweep.window.statistic", statistic_);
  add("sweep.window.best", goal_);
  add("sweep.window.seeds", seeds_);
  add("sweep.window.steps", steps_);
  auto* left = new QWidget;
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins({});
  column->addWidget(group("sweep.window.first", first_));
  column->addWidget(group("sweep.window.second", second_));
  column->addWidget(what);
  column->addWidget(start_);
  column->addWidget(progress_);
  column->addWidget(progress_text_);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(copy_);
  buttons->addWidget(export_);
  column->addLayout(buttons);
  column->addStretch();

  sentence_->setWordWrap(true);
  sentence_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  QFont large = sentence_->font();
  large.setPixelSize(static_cast<int>(std::lround(16 * appearance.font_scale)));
  sentence_->setFont(large);
  place_->addWidget(new QWidget);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setAlternatingRowColors(true);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->setAccessibleName(text("sweep.window.cells"));
  auto* drawing = new QWidget;
  auto* drawing_column = new QVBoxLayout(drawing);
  drawing_column->setContentsMargins({});
  drawing_column->addWidget(place_, 1);
  drawing_column->addWidget(legend_);
  connect(legend_, &Legend::toggled, this,
          [this](const QString& id, bool shown) { map_->setShown(id.toStdString(), shown); });
  auto* pictures = new QSplitter(Qt::Vertical);
  pictures->addWidget(drawing);
  pictures->addWidget(table_);
  pictures->setSizes({430, 170});
  pictures->setChildrenCollapsible(false);
  auto* right = new QWidget;
  auto* right_column = new QVBoxLayout(right);
  right_column->setContentsMargins({});
  right_column->addWidget(sentence_);
  right_column->addWidget(pictures, 1);
  auto* row = new QHBoxLayout(this);
  row->addWidget(left);
  row->addWidget(right, 1);
  left->setFixedWidth(static_cast<int>(std::lround(320 * std::min(1.6, appearance.font_scale))));
  resize(1120, 720);

  for (QPushButton* button : {start_, copy_, export_}) button->setAutoDefault(false);
  connect(start_, &QPushButton::clicked, this, [this] { isRunning() ? stop() : start(); });
  connect(copy_, &QPushButton::clicked, this, &SweepDialog::copyCommand);
  connect(export_, &QPushButton::clicked, this, &SweepDialog::exportResults);
  connect(table_, &QTableWidget::cellActivated, this,
          [this](int index) { openCell(static_cast<std::size_t>(index)); });
  showProgress();
}

SweepDialog::~SweepDialog() {
  if (reading_) reading_->request_stop();
}

QString SweepDialog::text(const Message& message) const {
  return QString::fromStdString(words_(message));
}

QString SweepDialog::sentence() const { return sentence_->text(); }

void SweepDialog::setMetric(const std::string& record, Statistic statistic, Goal goal) {
  record_->setCurrentIndex(std::max(0, record_->findData(QString::fromStdString(record))));
  statistic_->setCurrentIndex(static_cast<int>(statistic));
  goal_->setCurrentIndex(goal == Goal::Lowest ? 0 : 1);
}

void SweepDialog::setSeeds(int count) { seeds_->setValue(count); }
void SweepDialog::setSteps(int steps) { steps_->setValue(steps); }

void SweepDialog::fillMetrics() {
  for (const RecordSpec& record : spec_.records(settings_.parameters))
    record_->addItem(QString::fromStdString(recordLabel(words_, spec_.id, record.name)),
                     QString::fromStdString(record.name));
}

SweepRequest SweepDialog::request() const {
  SweepRequest request;
  RunRequest& run = request.run;
  run.experiment = spec_.id;
  run.preset = settings_.preset;
  for (const SweepAxis* axis : {first_, second_})
    if (const auto grid = axis->grid()) request.grids.push_back(*grid);
  for (auto& setting : settingsBeyondPreset(settings_.parameters, settings_.preset, spec_))
    if (setting.first != first_->parameter() && setting.first != second_->parameter())
      run.settings.push_back(std::move(setting));
  run.seed = settings_.seed;
  run.steps = steps_->value();
  run.device = settings_.device;
  run.threads = settings_.threads;
  request.metric = record_->currentData().toString().toStdString() + ":" +
                   std::string(nameOf(kStatistics[std::max(0, statistic_->currentIndex())]));
  request.goal = goal_->currentIndex() == 0 ? Goal::Lowest : Goal::Highest;
  request.repeat = seeds_->isEnabled() ? seeds_->value() : 1;
  return request;
}

void SweepDialog::start() {
  if (isRunning()) return;
  try {
    const SweepRequest wanted = request();
    Sweep sweep = sweepWithoutInputs(wanted, spec_, catalog_.runtime());
    requireRecord(readMetric(wanted.metric), sweep);
    const auto files = filesOf(sweep);
    files.empty() ? begin(wanted, std::move(sweep)) : readFirst(wanted, std::move(sweep), files);
  } catch (const Error& error) {
    sentence_->setText(text(error.message()));
  }
}

/// What is in its files is part of a sweep. They may be large, and lie on a slow disk.
void SweepDialog::readFirst(const SweepRequest& wanted, Sweep sweep,
                            const std::vector<std::pair<std::string, std::string>>& files) {
  reading_.emplace();
  auto inputs = std::make_shared<std::optional<std::vector<InputFile>>>();
  inBackground(
      this,
      [files, inputs, stop = reading_->get_token()] {
        try {
          *inputs = inputsAt(files, stop);
        } catch (const Stopped&) {
          // Then there are none.
        }
      },
      [this, wanted, inputs, sweep = std::move(sweep)](const std::optional<Message>& problem) {
        reading_.reset();
        if (!problem && *inputs) {
          Sweep complete = sweep;
          complete.base.inputs = std::move(**inputs);
          return begin(wanted, std::move(complete));
        }
        sentence_->setText(text(problem.value_or(Message{"sweep.window.help", {}})));
        showProgress();
        Q_EMIT ended();
      });
  process_.reset();
  sentence_->setText(text("sweep.window.reading"));
  showProgress();
}

void SweepDialog::begin(SweepRequest wanted, Sweep sweep) {
  // The same sweep has the same folder: what was done before is there at once.
  const QByteArray hash = QCryptographicHash::hash(QByteArray::fromStdString(toJson(sweep)),
                                                   QCryptographicHash::Sha256);
  wanted.run.output.folder = (home_ + "/" + QString::fromStdString(spec_.id) + "-" +
                              QString::fromLatin1(hash.toHex().left(12)))
                                 .toStdString();
  process_.reset();
  sweep_ = std::make_unique<Sweep>(std::move(sweep));
  process_ = std::make_unique<SweepProcess>(program_, wanted, *sweep_, catalog_, nullptr);
  connect(process_.get(), &SweepProcess::grown, this, [this] {
    showMap();
    showCells();
    showProgress();
  });
  connect(process_.get(), &SweepProcess::ended, this, [this](const QString& problem) {
    showProgress();
    sentence_->setText(problem.isEmpty() ? text(bestInWords(*sweep_, process_->results(), words_))
                                         : problem);
    Q_EMIT ended();
  });
  sentence_->setText(text("sweep.window.running"));
  map_.reset();
  fillTable();
  process_->start();
  showMap();
  showCells();
  showProgress();
}

void SweepDialog::stop() {
  if (reading_) reading_->request_stop();
  if (process_) process_->stop();
}

void SweepDialog::showProgress() {
  start_->setText(text(isRunning() ? "sweep.window.stop" : "sweep.window.start"));
  const bool any = process_ && !process_->results().rows.empty();
  export_->setEnabled(any && !isRunning());
  progress_->setVisible(process_ != nullptr);
  progress_text_->setVisible(process_ != nullptr);
  if (!process_) return;
  const SweepResults& results = process_->results();
  const auto all = static_cast<int>(sweep_->points());
  progress_->setRange(0, all);
  progress_->setValue(static_cast<int>(results.rows.size()));
  const auto left = process_->secondsLeft();
  const auto diverged = std::count_if(results.rows.begin(), results.rows.end(),
                                      [](const SweepRow& row) { return row.diverged(); });
  progress_text_->setText(
      text({"sweep.progress",
            {{"done", static_cast<std::int64_t>(results.rows.size())},
             {"points", std::int64_t{all}},
             {"diverged", static_cast<std::int64_t>(diverged)},
             {"left", left ? readableDuration(*left) : std::string(isRunning() ? "?" : "0:00")}}}));
}

void SweepDialog::showMap() {
  auto map = mapOf(*sweep_, process_->results(), words_);
  if (!map) return;
  // A logarithmic height may be decided by the first points only: then it is another view.
  if (!map_ || map_->spec().y.logarithmic != map->spec.y.logarithmic) {
    if (map_) place_->removeWidget(map_.get());
    map_ = makeView(map->spec, spec_.id, appearance_);
    map_->installEventFilter(this);
    connect(map_.get(), &View::legendChanged, legend_,
            [this] { legend_->setEntries(map_->legend(), appearance_); });
    place_->addWidget(map_.get());
  }
  map_->setTitle(QString::fromStdString(map->title));
  map_->setFrame(std::make_shared<const Frame>(std::move(map->frame)));
  place_->setCurrentWidget(map_.get());
  legend_->setEntries(map_->legend(), appearance_);
  legend_->setVisible(!map_->legend().empty());
}

void SweepDialog::fillTable() {
  QStringList headings;
  for (std::size_t axis = 0; axis < sweep_->axes.size(); ++axis)
    headings << QString::fromStdString(axisInWords(*sweep_, axis, words_));
  headings << QString::fromStdString(metricInWords(*sweep_, process_->results().metric, words_))
           << "±" << text("sweep.window.seeds_done") << text("sweep.window.diverged");
  table_->clear();
  table_->setColumnCount(static_cast<int>(headings.size()));
  table_->setHorizontalHeaderLabels(headings);
  table_->setRowCount(static_cast<int>(sweep_->cells()));
  for (int row = 0; row < table_->rowCount(); ++row)
    for (int column = 0; column < table_->columnCount(); ++column) {
      auto* item = new QTableWidgetItem;
      if (static_cast<std::size_t>(column) < sweep_->axes.size())
        item->setText(QString::fromStdString(valueInWords(
            *sweep_, static_cast<std::size_t>(column),
            sweep_->valueOf(static_cast<std::size_t>(row), static_cast<std::size_t>(column)),
            words_)));
      else
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
      table_->setItem(row, column, item);
    }
  table_->resizeColumnsToContents();
}

void SweepDialog::showCells() {
  const SweepResults& results = process_->results();
  const auto first = static_cast<int>(sweep_->axes.size());
  for (std::size_t i = 0; i < results.cells.size(); ++i) {
    const SweepCell& cell = results.cells[i];
    const auto row = static_cast<int>(i);
    const bool best = results.best == i;
    table_->item(row, first)->setText((best ? QStringLiteral("★ ") : QString()) + shown(cell.mean));
    table_->item(row, first + 1)->setText(shown(cell.deviation));
    table_->item(row, first + 2)
        ->setText(QStringLiteral("%1/%2").arg(sweep_->repeat - cell.missing).arg(sweep_->repeat));
    table_->item(row, first + 3)
        ->setText(cell.broken() == 0 ? QString() : QStringLiteral("✗ %1").arg(cell.broken()));
  }
  // They were as narrow as their headings while they were empty.
  for (int column = first; column < table_->columnCount(); ++column)
    table_->resizeColumnToContents(column);
}

/// Where the pointer or the keyboard's read-out stands on the map.
std::optional<std::size_t> SweepDialog::cellAt(QPointF position) const {
  const auto* view = dynamic_cast<const PlotView*>(map_.get());
  if (!view || !sweep_) return std::nullopt;
  const Plot plot = view->plot();
  if (!plot.shows(position)) return std::nullopt;
  const std::vector<GridAxis>& axes = sweep_->axes;
  if (axes.size() == 2) {
    const auto column = std::lround(plot.xOf(position.x()));
    const auto row = std::lround(-plot.yOf(position.y()));
    const auto columns = static_cast<long>(axes[1].values.size());
    if (row < 0 || column < 0 || column >= columns ||
        row >= static_cast<long>(axes[0].values.size()))
      return std::nullopt;
    return static_cast<std::size_t>(row * columns + column);
  }
  std::size_t nearest = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < axes[0].values.size(); ++i) {
    const double x = isNumeric(axes[0]) ? numberOf(axes[0].values[i]) : static_cast<double>(i);
    const double distance = std::abs(plot.horizontal(x) - position.x());
    if (distance < least) nearest = i, least = distance;
  }
  return nearest;
}

bool SweepDialog::eventFilter(QObject* watched, QEvent* event) {
  if (watched != map_.get()) return QDialog::eventFilter(watched, event);
  std::optional<std::size_t> cell;
  if (event->type() == QEvent::MouseButtonRelease) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    if (mouse->button() == Qt::LeftButton) cell = cellAt(mouse->position());
  } else if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && map_->readout())
      cell = cellAt(map_->readout()->position);
  }
  if (cell) {
    table_->setCurrentCell(static_cast<int>(*cell), 0);
    openCell(*cell);
  }
  return QDialog::eventFilter(watched, event);
}

/// The first of its seeds that is there.
void SweepDialog::openCell(std::size_t cell) {
  if (!process_) return;
  for (const SweepRow& row : process_->results().rows)
    if (sweep_->cellOf(row.point) == cell) {
      Q_EMIT openWanted(QString::fromStdString(process_->folder().pointPath(row.point).string()));
      return;
    }
  sentence_->setText(text("sweep.window.not_yet"));
}

void SweepDialog::copyCommand() {
  std::string command = "viva";
  for (const std::string& argument : argumentsOf(request())) command += " " + shellQuoted(argument);
  command += " --out sweep";
  QApplication::clipboard()->setText(QString::fromStdString(command));
  sentence_->setText(text({"window.copied", {{"command", command}}}));
}

void SweepDialog::exportResults() {
  const QString name = QString::fromStdString(spec_.id) + "-sweep";
  const QString path = QFileDialog::getSaveFileName(this, text("sweep.window.export"), name);
  if (path.isEmpty()) return;
  const std::filesystem::path from = process_->folder().path(), to = path.toStdString();
  inBackground(
      this, [from, to] { copySweep(from, to); },
      [this, path](const std::optional<Message>& problem) {
        sentence_->setText(problem ? text(*problem)
                                   : text({"panel.exported", {{"path", path.toStdString()}}}));
      });
}

}  // namespace viva
