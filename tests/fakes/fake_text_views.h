// SPDX-License-Identifier: GPL-3.0-or-later
// Frames of text in pieces and of messages, as a language model's lessons will have them.
#pragma once

#include "lessons/core/frame.h"

namespace viva::fakes {

/// Attention over one English sentence: nine pieces, an arc from each to those before it.
TokensData attentionTokens();
/// A source, a target and a prediction in English and Chinese, with alignments between the rows.
TokensData translationTokens();
/// `count` pieces with spaces, tabs, line ends and Chinese words; values from -2 to 2.
TokensData longTokens(int count);
/// A tool call between four lifelines: a request, replies, a note, an error, payloads of JSON.
SequenceData toolCallSequence();
/// `count` messages of all kinds between three lifelines.
SequenceData longSequence(int count);

}  // namespace viva::fakes
