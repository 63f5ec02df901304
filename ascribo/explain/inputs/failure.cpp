// SPDX-License-Identifier: MIT
// Tells errors of a text from errors of everything.
#include "ascribo/explain/inputs/failure.h"

#include "ascribo/base/error.h"

namespace ascribo {

bool is_fatal(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return known.code() == Code::kCancelled || known.code() == Code::kIo;
  } catch (const std::exception&) {
    return false;
  } catch (...) {
    return true;
  }
}

}  // namespace ascribo
