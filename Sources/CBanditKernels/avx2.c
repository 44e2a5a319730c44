#if defined(__x86_64__)
#define KERNELS_AVX2 1
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define SUFFIX avx2
#include "body.h"
#pragma clang attribute pop
#else
typedef int not_on_this_architecture;
#endif
