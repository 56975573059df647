// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/figure_dialog.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/window/written_line.h"
#include "widgets/text/mnemonic.h"

namespace viva {
namespace {

constexpr double kUnitsPerInch = 96;
/// A font of scale 1 has 13 units.
constexpr double kPointsOfFont = 13 * 72 / kUnitsPerInch;
/// Thicker lines come from enlarging a figure with smaller type, down to this scale: below, whole
/// pixels of type are too coarse.
constexpr double kSmallestType = 0.6;

enum Unit { Millimetres, Inches, Pixels };
constexpr const char* kUnits[] = {"figure.mm", "figure.inch", "figure.pixels"};

struct FigurePreset {
  const char* key;
  Unit unit;
  double width, height;
  int resolution;
  double font;  // points
  double line;  // of the width on the screen with type of the usual size
  bool title;   // and what can be dragged: in a paper the caption says what it is
};
/// The first is what the user sets, beginning with this. Widths of the columns as most publishers
/// give them.
constexpr FigurePreset kPresets[] = {
    {"figure.custom", Pixels, 960, 600, 96, kPointsOfFont, 1, true},
    {"figure.column", Millimetres, 85, 60, 600, 7, 0.5, false},
    {"figure.two_columns", Millimetres, 175, 90, 600, 8, 0.6, false},
    {"figure.slide", Pixels, 1920, 1080, 144, 18, 1.8, true},
    {"figure.poster", Millimetres, 400, 260, 200, 30, 3.5, true}};

template <typename Box>
Box* spin(double low, double high, double value, const QString& suffix) {
  auto* box = new Box;
  box->setRange(low, high);
  box->setValue(value);
  box->setSuffix(suffix);
  return box;
}

}  // namespace

QStringList FigureDialog::formats() { return {"png", "svg", "pdf", "csv", "tex", "py"}; }

FigureDialog::FigureDialog(const View& view, const QString& format, bool carries_run,
                           QWidget* parent)
    : QDialog(parent),
      shown_in_(view.appearance().language),
      view_(makeView(view.spec(), view.experiment(), view.appearance())),
      format_(new QComboBox),
      preset_(new QComboBox),
      unit_(new QComboBox),
      theme_(new QComboBox),
      language_(new QComboBox),
      width_(spin<QDoubleSpinBox>(1, 8192, 960, {})),
      height_(spin<QDoubleSpinBox>(1, 8192, 600, {})),
      font_(spin<QDoubleSpinBox>(3, 100, kPointsOfFont, " pt")),
      line_(spin<QDoubleSpinBox>(0.3, 10, 1, " ×")),
      resolution_(spin<QSpinBox>(36, 2400, 96, " dpi")),
      title_(new QCheckBox),
      legend_(new QCheckBox),
      handles_(new QCheckBox),
      outlines_(new QCheckBox),
      carries_run_(new QCheckBox),
      curves_(new QListWidget),
      preview_(new QLabel),
      facts_(new QLabel),
      written_(new WrittenLine(shown_in_)) {
  view_->copyStateFrom(view);
  title_->setChecked(true);
  legend_->setChecked(true);
  handles_->setChecked(true);
  carries_run_->setChecked(carries_run);
  theme_->setCurrentIndex(view.appearance().dark);
  build(format);
  redraw_.setSingleShot(true);
  redraw_.setInterval(0);
  connect(&redraw_, &QTimer::timeout, this, &FigureDialog::draw);
  resize(940, 620);
  changed();
}

FigureDialog::~FigureDialog() = default;

QString FigureDialog::word(const char* key) const {
  return QString::fromStdString(Words::in(shown_in_)(key));
}

void FigureDialog::build(const QString& format) {
  setWindowTitle(word("figure.title") + ": " + view_->title());
  for (const QString& name : formats())
    format_->addItem(word(("figure.format_" + name.toStdString()).c_str()), name);
  format_->setCurrentIndex(static_cast<int>(std::max<qsizetype>(0, formats().indexOf(format))));
  for (const FigurePreset& preset : kPresets) preset_->addItem(word(preset.key));
  for (const char* unit : kUnits) unit_->addItem(word(unit));
  unit_->setCurrentIndex(Pixels);
  last_unit_ = Pixels;
  theme_->addItem(withoutMnemonic(word("menu.theme_light")));
  theme_->addItem(withoutMnemonic(word("menu.theme_dark")));
  theme_->setCurrentIndex(view_->appearance().dark);
  for (const Language language : {Language::English, Language::Chinese})
    language_->addItem(QString::fromStdString(Words::in(language)("language.name")));
  language_->setCurrentIndex(static_cast<int>(shown_in_));
  title_->setText(word("figure.with_title"));
  legend_->setText(word("figure.with_legend"));
  handles_->setText(word("figure.with_handles"));
  handles_->setToolTip(word("figure.with_handles_meaning"));
  outlines_->setText(word("figure.outlines"));
  outlines_->setToolTip(word("figure.outlines_meaning"));
  carries_run_->setText(word("figure.carries_run"));
  carries_run_->setToolTip(word("figure.carries_run_meaning"));
  line_->setSingleStep(0.1);
  line_->setDecimals(1);  // the font has two: that of the screen has 9.75 points
  fillCurves();

  auto* size = new QHBoxLayout;
  size->addWidget(width_);
  size->addWidget(new QLabel("×"));
  size->addWidget(height_);
  size->addWidget(unit_);
  width_->setAccessibleName(word("figure.width"));
  height_->setAccessibleName(word("figure.height"));
  unit_->setAccessibleName(word("figure.unit"));
  preview_->setAccessibleName(word("figure.preview"));
  auto* form = new QFormLayout;
  form->addRow(word("figure.format"), format_);
  form->addRow(word("figure.preset"), preset_);
  form->addRow(word("figure.size"), size);
  form->addRow(word("figure.resolution"), resolution_);
  form->addRow(word("figure.font"), font_);
  form->addRow(word("figure.line"), line_);
  form->addRow(word("preferences.theme"), theme_);
  form->addRow(word("preferences.language"), language_);
  form->addRow(title_);
  form->addRow(legend_);
  if (!view_->spec().drags.empty()) form->addRow(handles_);
  if (curves_->count() > 0) form->addRow(word("figure.curves"), curves_);
  form->addRow(outlines_);
  form->addRow(carries_run_);

  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  QPushButton* save = buttons->addButton(word("figure.save"), QDialogButtonBox::AcceptRole);
  save->setObjectName("save");
  QPushButton* copy = buttons->addButton(word("figure.copy"), QDialogButtonBox::ActionRole);
  auto* copies = new QMenu(copy);
  copies->addAction(word("figure.copy_picture"), this, &FigureDialog::copyPicture);
  copies->addAction(word("figure.copy_svg"), this, &FigureDialog::copySvg);
  copies->addAction(word("figure.copy_table"), this, &FigureDialog::copyTable);
  copy->setMenu(copies);
  connect(save, &QPushButton::clicked, this, &FigureDialog::saveRequested);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

  preview_->setAlignment(Qt::AlignCenter);
  preview_->setMinimumSize(360, 260);
  facts_->setAlignment(Qt::AlignCenter);
  auto* seen = new QVBoxLayout;
  seen->addWidget(preview_, 1);
  seen->addWidget(facts_);
  auto* columns = new QHBoxLayout;
  columns->addLayout(seen, 1);
  columns->addLayout(form);
  format_->setFocus();
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(columns, 1);
  layout->addWidget(written_);
  layout->addWidget(buttons);

  connect(preset_, &QComboBox::currentIndexChanged, this, &FigureDialog::applyPreset);
  connect(unit_, &QComboBox::currentIndexChanged, this, &FigureDialog::changeUnit);
  for (QComboBox* box : {format_, theme_, language_})
    connect(box, &QComboBox::currentIndexChanged, this, &FigureDialog::changed);
  for (QDoubleSpinBox* box : {width_, height_, font_, line_})
    connect(box, &QDoubleSpinBox::valueChanged, this, &FigureDialog::leavePreset);
  connect(resolution_, &QSpinBox::valueChanged, this, &FigureDialog::leavePreset);
  for (QCheckBox* box : {title_, legend_, handles_, outlines_})
    connect(box, &QCheckBox::toggled, this, &FigureDialog::changed);
}

void FigureDialog::fillCurves() {
  for (const LegendEntry& entry : view_->legend()) {
    if (!entry.checkable) continue;
    auto* item = new QListWidgetItem(entry.label, curves_);
    item->setData(Qt::UserRole, QString::fromStdString(entry.id));
    item->setCheckState(entry.shown ? Qt::Checked : Qt::Unchecked);
  }
  curves_->setMaximumHeight(110);
  curves_->setAccessibleName(word("figure.curves"));
  connect(curves_, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
    view_->setShown(item->data(Qt::UserRole).toString().toStdString(),
                    item->checkState() == Qt::Checked);
    changed();
  });
}

void FigureDialog::sayWritten(const QString& sentence, const QString& path) {
  written_->say(sentence, path);
}

void FigureDialog::setPreset(int preset) { preset_->setCurrentIndex(preset); }

QVariantMap FigureDialog::choices() const {
  return {{"preset", preset_->currentIndex()},
          {"unit", unit_->currentIndex()},
          {"width", width_->value()},
          {"height", height_->value()},
          {"resolution", resolution_->value()},
          {"font", font_->value()},
          {"line", line_->value()},
          {"title", title_->isChecked()},
          {"legend", legend_->isChecked()},
          {"handles", handles_->isChecked()},
          {"outlines", outlines_->isChecked()}};
}

void FigureDialog::restore(const QVariantMap& choices) {
  filling_ = true;
  for (const auto& [name, box] : {std::pair{"preset", preset_}, {"unit", unit_}})
    box->setCurrentIndex(
        std::clamp(choices.value(name, box->currentIndex()).toInt(), 0, box->count() - 1));
  last_unit_ = unit_->currentIndex();
  line_->setMaximum(10);  // until `changed` knows the type
  for (const auto& [name, box] :
       {std::pair{"width", width_}, {"height", height_}, {"font", font_}, {"line", line_}}) {
    if (box == width_ || box == height_) box->setDecimals(last_unit_ == Pixels ? 0 : 2);
    const double value = choices.value(name, box->value()).toDouble();
    if (std::isfinite(value)) box->setValue(value);
  }
  resolution_->setValue(choices.value("resolution", resolution_->value()).toInt());
  for (const auto& [name, box] : {std::pair{"title", title_},
                                  {"legend", legend_},
                                  {"handles", handles_},
                                  {"outlines", outlines_}})
    box->setChecked(choices.value(name, box->isChecked()).toBool());
  filling_ = false;
  changed();
}

void FigureDialog::applyPreset() {
  if (filling_ || preset_->currentIndex() <= 0) return;
  const FigurePreset& preset = kPresets[preset_->currentIndex()];
  filling_ = true;
  unit_->setCurrentIndex(preset.unit);
  last_unit_ = preset.unit;
  resolution_->setValue(preset.resolution);
  width_->setValue(preset.width);
  height_->setValue(preset.height);
  font_->setValue(preset.font);
  line_->setMaximum(10);  // until `changed` knows the type
  line_->setValue(preset.line);
  title_->setChecked(preset.title);
  handles_->setChecked(preset.title);
  filling_ = false;
  changed();
}

void FigureDialog::leavePreset() {
  if (filling_) return;
  filling_ = true;
  preset_->setCurrentIndex(0);
  filling_ = false;
  changed();
}

/// The same size in the other unit.
void FigureDialog::changeUnit() {
  if (filling_) return;
  const auto inches = [this](int unit) {
    return unit == Millimetres ? 1 / 25.4 : unit == Inches ? 1.0 : 1.0 / resolution_->value();
  };
  const double factor = inches(last_unit_) / inches(unit_->currentIndex());
  last_unit_ = unit_->currentIndex();
  filling_ = true;
  for (QDoubleSpinBox* box : {width_, height_}) {
    const double value = box->value() * factor;
    box->setDecimals(last_unit_ == Pixels ? 0 : 2);
    box->setValue(value);
  }
  filling_ = false;
  changed();
}

QString FigureDialog::format() const { return format_->currentData().toString(); }
bool FigureDialog::carriesRun() const { return carries_run_->isChecked(); }

PictureSettings FigureDialog::settings() const {
  const int unit = unit_->currentIndex();
  const double per_unit = unit == Millimetres ? kUnitsPerInch / 25.4
                          : unit == Inches    ? kUnitsPerInch
                                              : kUnitsPerInch / resolution_->value();
  PictureSettings settings;
  settings.size = QSizeF(width_->value(), height_->value()) * per_unit;
  settings.scale = resolution_->value() / kUnitsPerInch;
  settings.appearance.dark = theme_->currentIndex() == 1;
  settings.appearance.language = static_cast<Language>(std::max(0, language_->currentIndex()));
  const double type = font_->value() / kPointsOfFont;
  settings.appearance.font_scale = type;
  // A line is as wide as the root of the type's scale and the enlargement make it.
  settings.enlargement = line_->value() * line_->value() / type;
  settings.title = title_->isChecked();
  settings.legend = legend_->isChecked();
  settings.handles = handles_->isChecked();
  settings.outlines = outlines_->isChecked();
  return settings;
}

QSize FigureDialog::pixels() const {
  const PictureSettings wanted = settings();
  return (wanted.size * wanted.scale).toSize();
}

void FigureDialog::changed() {
  if (filling_) return;
  const QString chosen = format();
  const bool drawn = chosen == "png" || chosen == "svg" || chosen == "pdf";
  filling_ = true;
  line_->setMaximum(font_->value() / kPointsOfFont / std::sqrt(kSmallestType));
  for (QWidget* control :
       std::initializer_list<QWidget*>{preset_, unit_, width_, height_, resolution_, font_, line_,
                                       theme_, title_, legend_, handles_})
    control->setEnabled(drawn);
  outlines_->setEnabled(chosen == "svg");
  carries_run_->setEnabled(drawn);
  for (QDoubleSpinBox* box : {width_, height_})
    box->setDecimals(unit_->currentIndex() == Pixels ? 0 : 2);
  filling_ = false;
  redraw_.start();
}

/// The figure itself, drawn with as many pixels as the preview has room for.
void FigureDialog::draw() {
  PictureSettings wanted = settings();
  const QSizeF room = preview_->size();
  const double fit =
      std::min(room.width() / wanted.size.width(), room.height() / wanted.size.height());
  const double screen = devicePixelRatioF();
  wanted.scale = fit * screen;
  QImage image = pictureImage(*view_, wanted);
  image.setDevicePixelRatio(screen);
  preview_->setPixmap(QPixmap::fromImage(image));
  const Words& words = Words::in(shown_in_);
  const QSize size = pixels();
  const bool possible = size.width() <= kMostPicturePixels && size.height() <= kMostPicturePixels;
  facts_->setText(QString::fromStdString(words(
      Message{possible ? "figure.facts" : "figure.too_large",
              {{"width", std::int64_t{size.width()}},
               {"height", std::int64_t{size.height()}},
               {"most", std::int64_t{kMostPicturePixels}},
               {"mm_width", std::round(wanted.size.width() / kUnitsPerInch * 254) / 10},
               {"mm_height", std::round(wanted.size.height() / kUnitsPerInch * 254) / 10}}})));
  findChild<QPushButton*>("save")->setEnabled(possible || format() != "png");
}

void FigureDialog::resizeEvent(QResizeEvent* event) {
  QDialog::resizeEvent(event);
  redraw_.start();
}

void FigureDialog::copyPicture() const {
  QGuiApplication::clipboard()->setImage(pictureImage(*view_, settings()));
}

void FigureDialog::copySvg() const {
  const QByteArray svg = pictureSvg(*view_, settings());
  auto* data = new QMimeData;
  // Drawing programs take the one, editors the other.
  data->setData("image/svg+xml", svg);
  data->setText(QString::fromUtf8(svg));
  QGuiApplication::clipboard()->setMimeData(data);
}

void FigureDialog::copyTable() const {
  QGuiApplication::clipboard()->setText(
      QString::fromUtf8(dataText(view_->dataTable(), '\t', settings().appearance.language)));
}

}  // namespace viva
