// Matrix products. Every element is one chain of fma over the inner dimension in ascending order, so the blocking
// changes the speed and never the bits, and every instruction set gives the same ones.

// How many vectors of columns a strip has at most, and how many rows of it a block keeps in registers. Tall blocks read
// less of B, which comes from the second-level cache, than wide ones.
#if defined(KERNELS_AVX512)
#define MOST_VECTORS 3
static const int rows_with[] = {0, 12, 12, 8};
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
  bool continues;  // the chains continue from what C has
} product;

// `rows` x (16 (vectors - 1) + tail) elements of C; the counts are constants wherever this is inlined.
INLINE void product_block(product p, int rows, int vectors, size_t tail) {
  lanes sum[12][7];  // blocks of one row have up to seven vectors
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++)
      sum[r][v] = p.continues ? load(p.c + (size_t)r * p.c_row + v * LANES, v == vectors - 1 ? tail : LANES) : 0.0f;
  for (size_t k = 0; k < p.inner; k++) {
    const float *b = p.b + k * p.b_row, *a = p.a + k * p.a_column;
    lanes row[7];
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

#if defined(KERNELS_AVX512)
typedef float quarter __attribute__((ext_vector_type(4)));
typedef float loose_quarter __attribute__((ext_vector_type(4), aligned(4)));

INLINE lanes four_times(const float *p) {
  quarter x = *(const loose_quarter *)p;
  return __builtin_shufflevector(x, x, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
}

// Four lanes of each of three rows; the last four lanes have no use.
INLINE lanes by_rows(lanes a, lanes b, lanes c) {
  lanes two = (lanes)_mm512_mask_mov_ps((__m512)a, 0x00f0, (__m512)b);
  return (lanes)_mm512_mask_mov_ps((__m512)two, 0x0f00, (__m512)c);
}

INLINE void store_quarter(float *p, quarter x) { *(loose_quarter *)p = x; }

// Three rows x 100 elements of C, the report's width. The last four columns of all rows share one vector.
INLINE void product_block_100(product p) {
  const int vectors = 6;
  float *const ends[] = {p.c + vectors * LANES, p.c + p.c_row + vectors * LANES, p.c + 2 * p.c_row + vectors * LANES};
  lanes sum[3][6], last = 0.0f;
  if (p.continues) last = by_rows(four_times(ends[0]), four_times(ends[1]), four_times(ends[2]));
#pragma clang loop unroll(full)
  for (int r = 0; r < 3; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++)
      sum[r][v] = p.continues ? load(p.c + (size_t)r * p.c_row + v * LANES, LANES) : 0.0f;
  for (size_t k = 0; k < p.inner; k++) {
    const float *b = p.b + k * p.b_row, *a = p.a + k * p.a_column;
    lanes row[6], factor[3];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) row[v] = load(b + v * LANES, LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < 3; r++) {
      factor[r] = a[r * p.a_row];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[r][v] = fma16(factor[r], row[v], sum[r][v]);
    }
    last = fma16(by_rows(factor[0], factor[1], factor[2]), four_times(b + vectors * LANES), last);
  }
  if (p.bias) last += four_times(p.bias + vectors * LANES);
  if (p.relu) last = relu16(last);
#pragma clang loop unroll(full)
  for (int r = 0; r < 3; r++) {
    float *c = p.c + (size_t)r * p.c_row;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      lanes x = sum[r][v];
      if (p.bias) x += load(p.bias + v * LANES, LANES);
      if (p.relu) x = relu16(x);
      store(c + v * LANES, LANES, x);
    }
  }
  store_quarter(ends[0], __builtin_shufflevector(last, last, 0, 1, 2, 3));
  store_quarter(ends[1], __builtin_shufflevector(last, last, 4, 5, 6, 7));
  store_quarter(ends[2], __builtin_shufflevector(last, last, 8, 9, 10, 11));
}

static void product_strip_100(product p, size_t rows) {
  size_t i = 0;
  for (; i + 3 <= rows; i += 3) product_block_100(down(p, i));
  for (; i < rows; i++) product_block(down(p, i), 1, 7, 4);
}
#endif

// All rows of one strip of columns.
INLINE void product_strip(product p, size_t rows, int vectors, size_t tail) {
  const int step = rows_with[vectors];
  size_t i = 0;
  for (; i + step <= rows; i += step) product_block(down(p, i), step, vectors, tail);
  if (step > 4)
    for (; i + 4 <= rows; i += 4) product_block(down(p, i), 4, vectors, tail);
  for (; i < rows; i++) product_block(down(p, i), 1, vectors, tail);
}

INLINE void product_strip_of(int vectors, product p, size_t rows, size_t tail) {
  if (tail == LANES)
    product_strip(p, rows, vectors, LANES);
  else
    product_strip(p, rows, vectors, tail);
}

// The width of the next strip of what is left; none of one vector, which reads too much of A, where it can be helped.
INLINE size_t strip_width(size_t left) {
#if defined(KERNELS_AVX512)
  if (left == 100) return left;
#endif
  size_t vectors = (left + LANES - 1) / LANES, taken = vectors < MOST_VECTORS ? vectors : MOST_VECTORS;
  if (vectors == MOST_VECTORS + 1 && MOST_VECTORS > 1) taken = MOST_VECTORS - 1;
  return left < taken * LANES ? left : taken * LANES;
}

// The product for one strip.
static void product_columns(product p, size_t rows, size_t width) {
  size_t vectors = (width + LANES - 1) / LANES, tail = width - (vectors - 1) * LANES;
  switch (vectors) {
    case 1: product_strip_of(1, p, rows, tail); break;
#if defined(KERNELS_AVX512)
    case 2: product_strip_of(2, p, rows, tail); break;
    case 3: product_strip_of(3, p, rows, tail); break;
    default: product_strip_100(p, rows); break;
#endif
  }
}

static void multiply(size_t rows, size_t columns, size_t inner, const float *a, size_t a_row, size_t a_column,
                     const float *b, size_t b_row, const float *bias, bool relu, float *c, size_t c_row) {
  product p = {inner, a, a_row, a_column, b, b_row, c, c_row, bias, relu, false};
  for (size_t left = columns; left > 0;) {
    size_t width = strip_width(left);
    product_columns(p, rows, width);
    left -= width;
    p.b += width;
    p.c += width;
    if (p.bias) p.bias += width;
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
