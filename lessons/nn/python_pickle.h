// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/ivalue.h>

#include <vector>

namespace viva {

/// The bytes of a file that `torch.load` reads: a dictionary of tensors, numbers and strings.
/// torch::pickle_save names the types of a dictionary by a function of TorchScript, which
/// `torch.load` refuses since PyTorch 2.6, when `weights_only=True` became its default.
std::vector<char> pythonPickle(const c10::IValue& dictionary);

}  // namespace viva
