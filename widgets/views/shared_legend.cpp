// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/shared_legend.h"

#include <algorithm>

namespace viva {
namespace {

const View* bearerIn(const std::vector<const View*>& views) {
  const View* bearer = nullptr;
  for (const View* view : views) {
    const ViewSpec& spec = view->spec();
    if (!spec.path && spec.records.empty()) continue;
    if (!bearer || (spec.room == Room::Large && bearer->spec().room != Room::Large)) bearer = view;
  }
  return bearer;
}

}  // namespace

std::vector<bool> legendsOf(const std::vector<const View*>& views, const View* hero) {
  const View* const bearer = hero ? hero : bearerIn(views);
  const auto borne = bearer ? bearer->legend() : std::vector<LegendEntry>();
  const auto is_borne = [&](const LegendEntry& entry) {
    return entry.run || std::any_of(borne.begin(), borne.end(),
                                    [&](const LegendEntry& known) { return known.id == entry.id; });
  };
  std::vector<bool> have;
  for (const View* view : views) {
    const auto entries = view->legend();
    have.push_back(view == bearer || !std::all_of(entries.begin(), entries.end(), is_borne));
  }
  return have;
}

}  // namespace viva
