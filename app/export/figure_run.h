// SPDX-License-Identifier: GPL-3.0-or-later
// A figure remembers its run: PNG, SVG and PDF carry the run file in their metadata. The places are
// described in docs/formats.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace viva {

/// What a run file, and with it the metadata of a figure, may take at most, in bytes.
inline constexpr std::size_t kLargestRunFile = 64u << 20;

/// A PNG or an SVG of ours with the run file in it, unless that is empty. A PDF, which took the
/// packet of `xmpPacket` while it was written, stays as it is.
std::string withRun(std::string_view figure, const std::string& run_file);

/// The metadata of a PDF (XMP, ISO 16684-1): its title and the run file; empty without a run file.
std::string xmpPacket(const std::string& title, const std::string& run_file);

bool isFigure(std::string_view bytes);

/// The run file that a figure carries; unset when it carries none. Throws FileError when it is
/// damaged or what it carries is larger than any run file. Nothing in the figure is believed
/// otherwise: the text is to be read as any run file is.
std::optional<std::string> runInFigure(std::string_view figure);

}  // namespace viva
