// Kernels over activations: one-hot layers as gathers, biases, ReLU, and layers with one output.

// Columns are taken in strips that stay in registers while rows are added up.
#define STRIP 8

INLINE void gather_strip(size_t blocks, size_t tail, size_t stride, const int32_t *active, size_t width,
                         const float *weights, const float *bias, bool relu, float *out) {
  lanes sum[STRIP + 1];
  for (size_t b = 0; b < blocks; b++) sum[b] = load(bias + b * LANES, LANES);
  if (tail) sum[blocks] = load(bias + blocks * LANES, tail);
  for (size_t a = 0; a < stride && active[a] >= 0; a++) {
    const float *row = weights + (size_t)active[a] * width;
    for (size_t b = 0; b < blocks; b++) sum[b] += load(row + b * LANES, LANES);
    if (tail) sum[blocks] += load(row + blocks * LANES, tail);
  }
  size_t count = blocks + (tail != 0);
  for (size_t b = 0; b < count; b++) {
    lanes x = sum[b];
    if (relu) x = relu16(x);
    store(out + b * LANES, b < blocks ? LANES : tail, x);
  }
}

static void gather_forward(size_t rows, size_t stride, const int32_t *active, size_t width, const float *weights,
                           const float *bias, bool relu, float *out, size_t out_row) {
  for (size_t r = 0; r < rows; r++) {
    const int32_t *named = active + r * stride;
    float *to = out + r * out_row;
    size_t j = 0;
    for (; j + STRIP * LANES <= width; j += STRIP * LANES)
      gather_strip(STRIP, 0, stride, named, width, weights + j, bias + j, relu, to + j);
    size_t rest = width - j;
    if (rest == 100)  // the report's width; constants let the strip live in registers
      gather_strip(6, 4, stride, named, width, weights + j, bias + j, relu, to + j);
    else if (rest)
      gather_strip(rest / LANES, rest % LANES, stride, named, width, weights + j, bias + j, relu, to + j);
  }
}

INLINE void sum_rows(size_t blocks, size_t tail, size_t count, const int32_t *rows, const float *delta,
                     size_t delta_row, float *out) {
  lanes sum[STRIP + 1];
  for (size_t b = 0; b < blocks + (tail != 0); b++) sum[b] = 0.0f;
  for (size_t i = 0; i < count; i++) {
    const float *row = delta + (size_t)rows[i] * delta_row;
    for (size_t b = 0; b < blocks; b++) sum[b] += load(row + b * LANES, LANES);
    if (tail) sum[blocks] += load(row + blocks * LANES, tail);
  }
  for (size_t b = 0; b < blocks; b++) store(out + b * LANES, LANES, sum[b]);
  if (tail) store(out + blocks * LANES, tail, sum[blocks]);
}

static void gather_backward(size_t columns, const int32_t *starts, const int32_t *rows, size_t width,
                            const float *delta, size_t delta_row, float *weights_gradient) {
  for (size_t c = 0; c < columns; c++) {
    const int32_t *named = rows + starts[c];
    size_t count = (size_t)(starts[c + 1] - starts[c]), j = 0;
    float *to = weights_gradient + c * width;
    for (; j + STRIP * LANES <= width; j += STRIP * LANES)
      sum_rows(STRIP, 0, count, named, delta + j, delta_row, to + j);
    size_t rest = width - j;
    if (rest == 100)
      sum_rows(6, 4, count, named, delta + j, delta_row, to + j);
    else if (rest)
      sum_rows(rest / LANES, rest % LANES, count, named, delta + j, delta_row, to + j);
  }
}

static void invert_lists(size_t rows, size_t stride, const int32_t *active, size_t columns, int32_t *starts,
                         int32_t *named) {
  memset(starts, 0, (columns + 1) * sizeof *starts);
  for (size_t r = 0; r < rows; r++)
    for (size_t a = 0; a < stride && active[r * stride + a] >= 0; a++) starts[active[r * stride + a] + 1]++;
  for (size_t c = 0; c < columns; c++) starts[c + 1] += starts[c];
  // Filling moves every start to its column's end; the second pass moves them back.
  for (size_t r = 0; r < rows; r++)
    for (size_t a = 0; a < stride && active[r * stride + a] >= 0; a++)
      named[starts[active[r * stride + a]]++] = (int32_t)r;
  for (size_t c = columns; c > 0; c--) starts[c] = starts[c - 1];
  starts[0] = 0;
}

static void relu_backward(size_t rows, size_t width, const float *activation, float *delta) {
  size_t count = rows * width;
#define STEP(i, k) store(delta + i, k, select16(load(activation + i, k) > 0.0f, load(delta + i, k), 0.0f))
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void column_sums(size_t rows, size_t width, const float *values, size_t row, float *sums) {
#define STEP(i, k)                                                             \
  do {                                                                         \
    lanes sum = 0.0f;                                                          \
    for (size_t r = 0; r < rows; r++) sum += load(values + r * row + i, k);    \
    store(sums + i, k, sum);                                                   \
  } while (0)
  FOR_BLOCKS(width, STEP);
#undef STEP
}

// The sum of 16 lanes in a fixed order: halves, quarters, eighths, pairs.
INLINE float add_lanes(lanes x) {
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) x[i] += x[i + half];
  return x[0];
}

static void dot_forward(size_t rows, size_t width, const float *values, size_t row, const float *weights, float bias,
                        float *out) {
  for (size_t r = 0; r < rows; r++) {
    const float *from = values + r * row;
    lanes sum = 0.0f;
#define STEP(i, k) sum = fma16(load(from + i, k), load(weights + i, k), sum)
    FOR_BLOCKS(width, STEP);
#undef STEP
    out[r] = add_lanes(sum) + bias;
  }
}

static void dot_backward(size_t rows, size_t width, const float *values, size_t row, const float *weights,
                         const float *out_delta, float *weights_gradient, float *delta) {
#define STEP(i, k)                                                                        \
  do {                                                                                    \
    lanes w = load(weights + i, k), sum = 0.0f;                                           \
    for (size_t r = 0; r < rows; r++) {                                                   \
      lanes h = load(values + r * row + i, k);                                            \
      sum = fma16(h, out_delta[r], sum);                                                  \
      store(delta + r * row + i, k, select16(h > 0.0f, w * out_delta[r], 0.0f));          \
    }                                                                                     \
    store(weights_gradient + i, k, sum);                                                  \
  } while (0)
  FOR_BLOCKS(width, STEP);
#undef STEP
}
