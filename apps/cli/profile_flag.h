// SPDX-License-Identifier: MIT
// --profile, for every command that runs a model.
#pragma once

#include "flags.h"

namespace ascribo::cli {

Flag profile_flag();

/// Counts from its construction on, if asked to, and says on standard error where time went when it
/// ends.
class Profiling {
 public:
  explicit Profiling(const Arguments& arguments);
  ~Profiling();
  Profiling(const Profiling&) = delete;
  Profiling& operator=(const Profiling&) = delete;

 private:
  bool on_;
};

}  // namespace ascribo::cli
