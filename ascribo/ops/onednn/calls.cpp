// SPDX-License-Identifier: MIT
// The engine, a stream for every thread, and errors as ours.
#include "ascribo/ops/onednn/calls.h"

#include <omp.h>

#include "ascribo/base/error.h"

namespace ascribo::ops::onednn {

dnnl::engine& engine() {
  static dnnl::engine instance(dnnl::engine::kind::cpu, 0);
  return instance;
}

dnnl::stream& stream() {
  thread_local dnnl::stream instance(engine());
  return instance;
}

dnnl::memory argument(const Layout& layout, const void* data) {
  return {layout, engine(), const_cast<void*>(data)};
}

bool has(dnnl_cpu_isa_t isa) {
  static const auto kEffective = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
  return (kEffective & static_cast<unsigned>(isa)) == static_cast<unsigned>(isa);
}

OneThread::OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }

OneThread::~OneThread() { omp_set_num_threads(before_); }

void translate(const dnnl::error& error) {
  fail(Code::kInternal, "onednn", error.what(), "expected a product that oneDNN can compute");
}

}  // namespace ascribo::ops::onednn
