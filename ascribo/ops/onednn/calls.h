// SPDX-License-Identifier: MIT
// What calls to oneDNN (2.6 and 3.x) have in common; for this folder alone.
#pragma once

#include <dnnl.hpp>

namespace ascribo::ops::onednn {

using Layout = dnnl::memory::desc;

dnnl::engine& engine();

/// Of the calling thread: a stream is cheap and must not be shared.
dnnl::stream& stream();

/// Memory that lies elsewhere, which a call only reads or may write.
dnnl::memory argument(const Layout& layout, const void* data);

/// Whether this CPU, as far as DNNL_MAX_CPU_ISA lets oneDNN see it, has an instruction set.
bool has(dnnl_cpu_isa_t isa);

/// Makes oneDNN stay on the calling thread: threads are given to pieces, not to calls.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

/// Error(kInternal) with what oneDNN says.
[[noreturn]] void translate(const dnnl::error& error);

}  // namespace ascribo::ops::onednn
