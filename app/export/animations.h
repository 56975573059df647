// SPDX-License-Identifier: GPL-3.0-or-later
// webp, gif, mp4: a view at every so many steps, drawn as the pictures are, while the run goes on.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/export/export_request.h"
#include "app/export/file_writer.h"
#include "lessons/core/run.h"
#include "lessons/core/words.h"

namespace viva {

bool isAnimation(Export format);

class Animations {
 public:
  Animations(const OutputRequest& request, Language language);
  ~Animations();
  Animations(const Animations&) = delete;
  Animations& operator=(const Animations&) = delete;

  /// Steps between two frames of a run of this length; 0 when no animation was asked for. Without
  /// `--every`, so many that there are about a hundred frames.
  std::int64_t every(std::int64_t steps) const;
  void capture(const Run& run, const std::shared_ptr<const Frame>& frame);
  /// Hands over every animation, by file name.
  void finish(const std::function<void(const std::string& name, std::string bytes)>& take);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace viva
