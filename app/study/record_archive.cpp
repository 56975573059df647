// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/record_archive.h"

#include <QDataStream>
#include <QIODevice>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

namespace viva {
namespace {

constexpr quint32 kMark = 0x56495652;  // "VIVR"
constexpr quint32 kVersion = 1;
constexpr int kBytes = sizeof(double);
/// Half as fast as level 1 and a tenth smaller; beyond, little is gained.
constexpr int kLevel = 3;

QByteArray packColumn(const Records& records, std::size_t column) {
  const qsizetype rows = static_cast<qsizetype>(records.rows());
  QByteArray planes(rows * kBytes, Qt::Uninitialized);
  char* out = planes.data();
  quint64 before = 0;
  for (qsizetype row = 0; row < rows; ++row) {
    const auto bits = std::bit_cast<quint64>(records.at(row, column));
    const quint64 difference = bits ^ std::exchange(before, bits);
    for (int byte = 0; byte < kBytes; ++byte)
      out[byte * rows + row] = static_cast<char>(difference >> (8 * byte));
  }
  return qCompress(planes, kLevel);
}

/// Empty: damaged.
std::vector<double> unpackColumn(const QByteArray& packed, qsizetype rows) {
  // qUncompress believes the length that stands in front.
  quint32 length = 0;
  if (packed.size() < 4) return {};
  for (int byte = 0; byte < 4; ++byte)
    length = length << 8 | static_cast<unsigned char>(packed[byte]);
  if (static_cast<qsizetype>(length) != rows * kBytes) return {};
  const QByteArray planes = qUncompress(packed);
  if (planes.size() != rows * kBytes) return {};
  std::vector<double> values(static_cast<std::size_t>(rows));
  quint64 bits = 0;
  for (qsizetype row = 0; row < rows; ++row) {
    for (int byte = 0; byte < kBytes; ++byte)
      bits ^= static_cast<quint64>(static_cast<unsigned char>(planes[byte * rows + row]))
              << (8 * byte);
    values[static_cast<std::size_t>(row)] = std::bit_cast<double>(bits);
  }
  return values;
}

}  // namespace

QByteArray packRecords(const Records& records, const StepTimes& times) {
  const auto columns = static_cast<std::int64_t>(records.names().size());
  if (records.rows() == 0 || columns == 0 || records.rows() > kMostValuesKept / columns) return {};
  QByteArray bytes;
  QDataStream out(&bytes, QIODevice::WriteOnly);
  out.setVersion(QDataStream::Qt_6_0);
  out << kMark << kVersion << static_cast<qint64>(records.rows()) << static_cast<quint32>(columns);
  for (std::size_t column = 0; column < records.names().size(); ++column)
    out << QByteArray::fromStdString(records.names()[column]) << packColumn(records, column);
  out << static_cast<quint32>(times.marks().size());
  for (const StepTimes::Mark& mark : times.marks()) out << mark.step << mark.seconds;
  return bytes;
}

std::optional<KeptRecords> unpackRecords(const QByteArray& bytes) {
  QDataStream in(bytes);
  in.setVersion(QDataStream::Qt_6_0);
  quint32 mark = 0, version = 0, columns = 0;
  qint64 rows = 0;
  in >> mark >> version >> rows >> columns;
  if (in.status() != QDataStream::Ok || mark != kMark || version != kVersion || rows < 1 ||
      columns < 1 || rows > kMostValuesKept / static_cast<qint64>(columns))
    return std::nullopt;
  std::vector<RecordSpec> specs;
  std::vector<std::vector<double>> values;
  for (quint32 column = 0; column < columns; ++column) {
    QByteArray name, packed;
    in >> name >> packed;
    if (in.status() != QDataStream::Ok) return std::nullopt;
    specs.push_back({name.toStdString(), "", false});
    values.push_back(unpackColumn(packed, static_cast<qsizetype>(rows)));
    if (values.back().empty()) return std::nullopt;
  }
  quint32 marks = 0;
  in >> marks;
  if (marks > StepTimes::kMost + 1) return std::nullopt;
  StepTimes times;
  StepTimes::Mark before;
  for (quint32 i = 0; i < marks; ++i) {
    StepTimes::Mark mark;
    in >> mark.step >> mark.seconds;
    if (!(mark.step >= before.step && mark.step < static_cast<double>(rows)) ||
        !(mark.seconds >= before.seconds && std::isfinite(mark.seconds)))
      return std::nullopt;
    times.add(static_cast<std::int64_t>(mark.step), mark.seconds);
    before = mark;
  }
  if (in.status() != QDataStream::Ok) return std::nullopt;
  RecordTable table(std::move(specs), static_cast<std::size_t>(kMostValuesKept) * 2 * kBytes);
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
    for (std::size_t column = 0; column < values.size(); ++column)
      table.set(column, values[column][row]);
    table.endRow();
  }
  return KeptRecords{table.records(), times};
}

}  // namespace viva
