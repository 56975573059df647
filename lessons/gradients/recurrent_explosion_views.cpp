// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/gradients/recurrent_explosion.h"

namespace viva {
void ExplosionReport::observe(double batch_loss, std::vector<double> norms) {
  constexpr double kMemory = 20;
  updates += 1;
  if (updates == 1) start_loss = loss = batch_loss;
  loss += (batch_loss - loss) / std::min(kMemory, static_cast<double>(updates));
  // Of a net that is lost, what it was before its first update stays to be seen.
  state_norms = first ? initial_norms : std::move(norms);
}

double ExplosionState::growth() const {
  const auto& norms = free().initial_norms;
  return norms.back() / norms.front();
}

std::pair<double, std::int64_t> ExplosionState::peak() const {
  const auto& norms = free().initial_norms;
  const auto peak = std::max_element(norms.begin(), norms.end());
  return {*peak / norms.front(), peak - norms.begin()};
}

SeriesData relativeGradients(const std::vector<ExplosionReport>& nets,
                             const std::vector<double>& theory) {
  SeriesData data;
  const auto add = [&](const std::string& id, const std::vector<double>& norms, bool reference) {
    Curve curve{id, {}, {}, {}, reference};
    for (std::size_t i = 0; i < norms.size(); ++i) {
      curve.x.push_back(static_cast<double>(i));
      curve.y.push_back(norms[i] / norms.front());
    }
    data.curves.push_back(std::move(curve));
  };
  for (const ExplosionReport& net : nets) add(net.name, net.state_norms, false);
  if (!theory.empty()) add("theory", theory, true);
  return data;
}

TableData tensorsTable(const std::vector<ExplosionReport>& nets) {
  TableData table;
  table.columns = {{"net"}, {"tensor"}, {"largest"}, {"first_not_finite"}};
  std::size_t tensors = 0;
  for (const ExplosionReport& net : nets) tensors = std::max(tensors, net.tensors.size());
  for (std::size_t i = 0; i < tensors; ++i)
    for (const ExplosionReport& net : nets) {
      if (i >= net.tensors.size()) continue;
      const auto& [tensor, largest] = net.tensors[i];
      const bool first = net.first && net.first->tensor == tensor;
      table.rows.push_back(
          {net.name,
           {Word{"recurrent-explosion.curve." + net.name}, Word{"tensor." + tensor}, largest,
            first ? TableData::Cell{static_cast<double>(net.first->step)}
                  : TableData::Cell{std::monostate{}}}});
    }
  return table;
}

}  // namespace viva
