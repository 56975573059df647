// SPDX-License-Identifier: GPL-3.0-or-later
// A state of the lab as a link, `viva:optimizer-race?preset=...`, that opens it again.
#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/catalog.h"
#include "lessons/core/message.h"
#include "lessons/core/run.h"

namespace viva {

/// What a link says. It comes from anywhere: labLinkFrom checks its form, settingsOf its names and
/// values.
struct LabLink {
  std::string experiment, preset;
  std::vector<std::pair<std::string, std::string>> settings;  ///< as `--set` writes them
  struct Change {
    std::int64_t step = 0;
    std::string name, value;
    bool operator==(const Change&) const = default;
  };
  std::vector<Change> changes;  ///< live changes, as `--at` writes them
  std::uint64_t seed = 1;
  std::int64_t step = 0;    ///< where the run is shown
  std::int64_t length = 0;  ///< 0: the preset's
  bool play = false;
  std::vector<std::string> hidden;  ///< controls that are not shown
  bool locked = false;              ///< controls are shown and cannot be changed
  bool operator==(const LabLink&) const = default;
};

/// What differs from the preset, the live changes, the seed and the step of a run.
LabLink linkOf(const Run& run);
QString toText(const LabLink& link);
/// Where a link comes from: one that anybody may send is short, one in a plan as long as a plan.
enum class LinkFrom { Anywhere, Plan };
/// Throws RequestError: not a link of Viva, too long (64 KB or 500 parts; in a plan 4 MB), a part
/// that is not understood.
LabLink labLinkFrom(const QString& text, LinkFrom from = LinkFrom::Anywhere);
/// Throws RequestError for names that are not in the catalog, values that are out of range, and
/// parameters that name a file: a link must not make Viva read one.
RunSettings settingsOf(const LabLink& link, const Catalog& catalog);
/// Why a link that is written here could not be opened there; nothing: it can.
std::optional<Message> reasonAgainst(const LabLink& link, const Catalog& catalog, LinkFrom from);

}  // namespace viva
