// SPDX-License-Identifier: GPL-3.0-or-later
// The cells of recurrent_cells.h by name, for whoever needs no tensor.
#pragma once

namespace viva {

enum class CellKind {
  Lstm,      ///< Hochreiter & Schmidhuber 1997 with the forget gate of Gers et al. 2000
  Peephole,  ///< Gers & Schmidhuber 2000: gates that also see the cell
  Gru,       ///< Cho et al., arXiv 1406.1078, in PyTorch's form
  Rnn,       ///< Elman 1990, tanh
};

}  // namespace viva
