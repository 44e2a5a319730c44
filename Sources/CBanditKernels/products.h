// Matrix products. Every element is one chain of fma over the inner dimension in ascending order, so the blocking
// changes the speed and never the bits, and every instruction set gives the same ones.

// How many vectors of columns a block keeps in registers, and how many rows go with them.
#if defined(KERNELS_AVX512)
#define MOST_VECTORS 7
static const int rows_with[] = {0, 12, 12, 8, 6, 5, 4, 3};
#elif defined(KERNELS_AVX2)
#define MOST_VECTORS 1
static const int rows_with[] = {0, 6};
#else
#define MOST_VECTORS 1
static const int rows_with[] = {0, 4};
#endif

typedef struct {
  size_t inner;
  const float *a;  // element (i, k) is a[i * a_row + k * a_column]
  size_t a_row, a_column;
  const float *b;  // row k starts at b + k * b_row
  size_t b_row;
  float *c;
  size_t c_row;
  const float *bias;  // added to every row if not NULL
  bool relu;
} product;

// `rows` x (16 (vectors - 1) + tail) elements of C; the counts are constants wherever this is inlined.
INLINE void product_block(product p, int rows, int vectors, size_t tail) {
  lanes sum[12][MOST_VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[r][v] = 0.0f;
  for (size_t k = 0; k < p.inner; k++) {
    const float *b = p.b + k * p.b_row, *a = p.a + k * p.a_column;
    lanes row[MOST_VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) row[v] = load(b + v * LANES, v == vectors - 1 ? tail : LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      lanes factor = a[r * p.a_row];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[r][v] = fma16(factor, row[v], sum[r][v]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      size_t k = v == vectors - 1 ? tail : LANES;
      lanes x = sum[r][v];
      if (p.bias) x += load(p.bias + v * LANES, k);
      if (p.relu) x = relu16(x);
      store(p.c + (size_t)r * p.c_row + v * LANES, k, x);
    }
}

INLINE product down(product p, size_t rows) {
  p.a += rows * p.a_row;
  p.c += rows * p.c_row;
  return p;
}

// All rows of one strip of columns.
INLINE void product_strip(product p, size_t rows, int vectors, size_t tail) {
  const int step = rows_with[vectors];
  size_t i = 0;
  for (; i + step <= rows; i += step) product_block(down(p, i), step, vectors, tail);
  for (; i < rows; i++) product_block(down(p, i), 1, vectors, tail);
}

INLINE void product_strip_of(int vectors, product p, size_t rows, size_t tail) {
  if (tail == LANES)
    product_strip(p, rows, vectors, LANES);
  else
    product_strip(p, rows, vectors, tail);
}

static void multiply(size_t rows, size_t columns, size_t inner, const float *a, size_t a_row, size_t a_column,
                     const float *b, const float *bias, bool relu, float *c) {
  product p = {inner, a, a_row, a_column, b, columns, c, columns, bias, relu};
  size_t left = columns;
  while (left > 0) {
    size_t vectors = (left + LANES - 1) / LANES;
    if (vectors > MOST_VECTORS) vectors = MOST_VECTORS > 6 ? 6 : MOST_VECTORS;
    size_t width = left < vectors * LANES ? left : vectors * LANES;
    size_t tail = width - (vectors - 1) * LANES;
    switch (vectors) {
      case 1: product_strip_of(1, p, rows, tail); break;
#if MOST_VECTORS > 1
      case 2: product_strip_of(2, p, rows, tail); break;
#endif
#if MOST_VECTORS > 2
      case 3: product_strip_of(3, p, rows, tail); break;
      case 4: product_strip_of(4, p, rows, tail); break;
      case 5: product_strip_of(5, p, rows, tail); break;
      case 6: product_strip_of(6, p, rows, tail); break;
      case 7: product_strip_of(7, p, rows, tail); break;
#endif
    }
    left -= width;
    p.b += width;
    p.c += width;
    if (p.bias) p.bias += width;
  }
}

// The perfect shuffle of the rows' pairs (i, i + 8); four of them transpose 16 x 16.
INLINE void shuffle_rows(const lanes from[16], lanes to[16]) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    lanes a = from[i], b = from[i + 8];
    to[2 * i] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    to[2 * i + 1] = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }
}

INLINE void transpose_block(const float *in, size_t in_row, size_t rows, size_t columns, float *out, size_t out_row) {
  lanes x[16], y[16];
  for (size_t i = 0; i < 16; i++) x[i] = i < rows ? load(in + i * in_row, columns) : (lanes)0.0f;
  shuffle_rows(x, y);
  shuffle_rows(y, x);
  shuffle_rows(x, y);
  shuffle_rows(y, x);
  for (size_t i = 0; i < columns; i++) store(out + i * out_row, rows, x[i]);
}

static void transpose(size_t rows, size_t columns, const float *in, float *out) {
  for (size_t i = 0; i < rows; i += LANES)
    for (size_t j = 0; j < columns; j += LANES) {
      size_t height = rows - i < LANES ? rows - i : LANES, width = columns - j < LANES ? columns - j : LANES;
      transpose_block(in + i * columns + j, columns, height, width, out + j * rows + i, rows);
    }
}

INLINE float rounds_of(size_t rounds, bool divides) {
  lanes sum[12], factor = 0.999f, term = 0.001f;
  for (int i = 0; i < 12; i++) sum[i] = (float)i;
  for (size_t k = 0; k < rounds; k++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) sum[i] = divides ? sum[i] / factor : fma16(sum[i], factor, term);
  }
  lanes total = 0.0f;
  for (int i = 0; i < 12; i++) total += sum[i];
  return add_lanes(total);
}

static float fma_rounds(size_t rounds) { return rounds_of(rounds, false); }
static float division_rounds(size_t rounds) { return rounds_of(rounds, true); }
