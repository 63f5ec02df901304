// SPDX-License-Identifier: MIT
// Inputs that the model continues itself before they are explained.
#pragma once

#include <exception>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ascribo/explain/generate/decoding.h"
#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/subject.h"

namespace ascribo {

/// An input, and what to say with its explanation of how it was continued.
struct Continued {
  Input* input = nullptr;
  std::exception_ptr error = {};  ///< why it was not
  std::vector<std::string> notes = {};
  Cost cost = {};
};

/// Gives each input the ids that the model writes after it. `check` is called for every token and
/// may throw to stop.
void write_on(std::span<Continued> inputs, const Parts& parts, const Decoding& decoding,
              const std::function<void()>& check);

}  // namespace ascribo
