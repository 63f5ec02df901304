// SPDX-License-Identifier: MIT
// Looks at the error that an action throws.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "ascribo/base/error.h"

namespace ascribo::test {

/// The message of the Error thrown by `action`, whose code must be `code`.
template <class Action>
std::string error_of(Code code, Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(code_name(error.code()), code_name(code)) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

}  // namespace ascribo::test
