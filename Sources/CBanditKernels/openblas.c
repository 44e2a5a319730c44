// Matrix products by OpenBLAS where a user asks for them: loaded when the program runs, so that nothing is linked.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "include/CBanditKernels.h"

// The values of cblas.h.
enum { ROWS_FIRST = 101, AS_IT_IS = 111, TRANSPOSED = 112 };
typedef void (*sgemm)(int order, int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha,
                      const float *a, int a_row, const float *b, int b_row, float beta, float *c, int c_row);

static const bandit_kernels *own;
static bandit_kernels joined;
static sgemm product;
static char name[32];

static bool fits(size_t value) { return value > 0 && value <= 0x7fffffff; }

static void multiply(size_t rows, size_t columns, size_t inner, const float *a, size_t a_row, size_t a_column,
                     const float *b, size_t b_row, const float *bias, bool relu, float *c, size_t c_row) {
  bool plain = a_column == 1 && a_row >= inner, turned = a_row == 1 && a_column >= rows;
  size_t step = plain ? a_row : a_column;
  if (!(plain || turned) || !fits(rows) || !fits(columns) || !fits(inner) || !fits(step) || !fits(b_row) ||
      !fits(c_row)) {
    own->multiply(rows, columns, inner, a, a_row, a_column, b, b_row, bias, relu, c, c_row);
    return;
  }
  for (size_t r = 0; bias && r < rows; r++)
    for (size_t j = 0; j < columns; j++) c[r * c_row + j] = bias[j];
  product(ROWS_FIRST, plain ? AS_IT_IS : TRANSPOSED, AS_IT_IS, (int)rows, (int)columns, (int)inner, 1, a, (int)step, b,
          (int)b_row, bias ? 1 : 0, c, (int)c_row);
  for (size_t r = 0; relu && r < rows; r++)
    for (size_t j = 0; j < columns; j++) c[r * c_row + j] = c[r * c_row + j] < 0 ? 0 : c[r * c_row + j];
}

static void multiply_transposed(size_t rows, size_t columns, size_t inner, const float *a, size_t a_row, const float *b,
                                size_t b_row, float *c, size_t c_row) {
  if (!fits(rows) || !fits(columns) || !fits(inner) || !fits(a_row) || !fits(b_row) || !fits(c_row)) {
    own->multiply_transposed(rows, columns, inner, a, a_row, b, b_row, c, c_row);
    return;
  }
  product(ROWS_FIRST, AS_IT_IS, TRANSPOSED, (int)rows, (int)columns, (int)inner, 1, a, (int)a_row, b, (int)b_row, 0, c,
          (int)c_row);
}

const bandit_kernels *bandit_kernels_with_openblas(const bandit_kernels *kernels, const char **problem) {
  // Threads of its own would fight with ours, and hang where a process forks.
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  void *found = library ? dlsym(library, "cblas_sgemm") : NULL;
  if (!found) {
    *problem = dlerror();
    return NULL;
  }
  *(void **)&product = found;
  own = kernels;
  joined = *kernels;
  snprintf(name, sizeof name, "%s+openblas", kernels->name);
  joined.name = name;
  joined.multiply = multiply;
  joined.multiply_transposed = multiply_transposed;
  return &joined;
}
