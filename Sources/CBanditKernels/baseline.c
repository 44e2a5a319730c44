// What every processor of the architecture runs: NEON on arm64. On x86-64 this is SSE2 with fma in software, slow
// but with the same bits.
#define SUFFIX baseline
#include "body.h"
