// SPDX-License-Identifier: GPL-3.0-or-later
// The records of a run in few bytes, and back, bit for bit.
#pragma once

#include <QByteArray>
#include <optional>

#include "widgets/study/study.h"

namespace viva {

/// Longer runs (8 MB of numbers) are kept without their records: writing them would hold up the
/// window, and a replay gives them again.
inline constexpr std::int64_t kMostValuesKept = 1'000'000;

/// Empty for more than kMostValuesKept. Column by column, each value as what differs from the one
/// before, byte by byte, through zlib: neighbours of a curve have the same leading bytes. May be
/// called from any thread.
QByteArray packRecords(const Records& records, const StepTimes& times = {});

/// Nothing for bytes that packRecords did not make.
std::optional<KeptRecords> unpackRecords(const QByteArray& bytes);

}  // namespace viva
