// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of `ctc-recognizer`.
#pragma once

#include "lessons/core/frame.h"
#include "lessons/multimodal/ctc_lattice.h"
#include "lessons/multimodal/ctc_recognizer.h"
#include "lessons/multimodal/tone_words.h"

namespace viva {

void showToneWord(Frame& frame, const ToneWordBatch& probe);
/// What the net says of every frame.
void showSymbols(Frame& frame, const LogRows& log_p);
void showLattice(Frame& frame, const CtcLattice& lattice);
/// The word, the likeliest path, and the labels that both ways of reading find; and how probable
/// the best labels are, over all their alignments.
void showReadings(Frame& frame, const ToneWord& word, const LogRows& log_p, std::size_t beam);
void showCtcStandings(Frame& frame, const CtcState& state);

}  // namespace viva
