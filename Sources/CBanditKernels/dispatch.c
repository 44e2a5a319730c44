// Which instruction sets this processor runs, asked once.
#include "include/CBanditKernels.h"

extern const bandit_kernels bandit_kernels_baseline, bandit_kernels_avx2, bandit_kernels_avx512;

const bandit_kernels *const *bandit_kernels_available(size_t *count) {
#if defined(__x86_64__)
  static const bandit_kernels *const all[] = {&bandit_kernels_avx512, &bandit_kernels_avx2, &bandit_kernels_baseline};
  __builtin_cpu_init();
  size_t skip = __builtin_cpu_supports("x86-64-v4") ? 0 : __builtin_cpu_supports("x86-64-v3") ? 1 : 2;
#else
  static const bandit_kernels *const all[] = {&bandit_kernels_baseline};
  size_t skip = 0;
#endif
  *count = sizeof all / sizeof all[0] - skip;
  return all + skip;
}
