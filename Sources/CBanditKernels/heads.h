// Kernels over a network's outputs where a row has several: their costs and derivatives.

// `k` lanes at `p`, the others minus infinity: they neither win a maximum nor add to a sum of exponentials.
INLINE lanes load_logits(const float *p, size_t k) {
  if (k == LANES) return load(p, LANES);
  const lanes_i numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return select16(numbers < (int32_t)k, load(p, k), -__builtin_inff());
}

// log x for normal positive x, infinity and NaN.
INLINE lanes log_positive(lanes x) { return select16(x < __builtin_inff(), log16(x), x); }

INLINE float largest_lane(lanes x) {
  float largest = x[0];
  for (int i = 1; i < LANES; i++) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

// Writes the exponentials of a row's logits less the largest, and returns their sum, between 1 and `width`.
INLINE float exponentials(size_t width, const float *logits, float *largest, float *out) {
  lanes most = -__builtin_inff(), sum = 0.0f;
#define STEP(i, k)                             \
  do {                                         \
    lanes z = load_logits(logits + i, k);      \
    most = select16(z > most, z, most);        \
  } while (0)
  FOR_BLOCKS(width, STEP);
#undef STEP
  *largest = largest_lane(most);
#define STEP(i, k)                                              \
  do {                                                          \
    lanes e = exp16(load_logits(logits + i, k) - *largest);     \
    sum += e;                                                   \
    store(out + i, k, e);                                       \
  } while (0)
  FOR_BLOCKS(width, STEP);
#undef STEP
  return add_lanes(sum);
}

// out = (out / sum) factor.
INLINE void normalise(size_t width, float sum, float factor, float *out) {
#define STEP(i, k) store(out + i, k, load(out + i, k) / sum * factor)
  FOR_BLOCKS(width, STEP);
#undef STEP
}

static void softmax(size_t rows, size_t classes, const float *logits, float *probabilities) {
  for (size_t r = 0; r < rows; r++) {
    float largest, *out = probabilities + r * classes;
    float sum = exponentials(classes, logits + r * classes, &largest, out);
    normalise(classes, sum, 1.0f, out);
  }
}

static double softmax_cost(size_t rows, size_t classes, const float *logits, const float *targets,
                           const float *weights, float scale, float *deltas) {
  double total = 0;
  for (size_t r = 0; r < rows; r++) {
    const float *z = logits + r * classes;
    float largest, *delta = deltas + r * classes, factor = weights[r] * scale;
    size_t target = (size_t)targets[r];
    float chosen = z[target];
    float sum = exponentials(classes, z, &largest, delta);
    float probability = delta[target] / sum;
    normalise(classes, sum, factor, delta);
    delta[target] = (probability - 1.0f) * factor;
    lanes logarithm = log_positive((lanes)sum);
    total += (double)weights[r] * (double)(largest - chosen + logarithm[0]);
  }
  return total;
}

// A row's location and the width of its distribution, v = log(1 + exp rho) + 1e-6, from 2 `k` numbers m, rho, m, ...;
// `gate` is dv / drho.
INLINE void load_heads(const float *outputs, size_t k, lanes *location, lanes *width, lanes *gate) {
  size_t low = k < LANES / 2 ? 2 * k : LANES;
  lanes a = load(outputs, low), b = load(outputs + low, 2 * k - low);
  *location = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  lanes rho = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  lanes e = exp_minus_size(rho);
  *gate = gate_from(rho, e);
  *width = softplus_from(rho, e) + 1e-6f;
}

INLINE void store_heads(float *outputs, size_t k, lanes location, lanes width) {
  size_t low = k < LANES / 2 ? 2 * k : LANES;
  store(outputs, low, __builtin_shufflevector(location, width, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
  store(outputs + low, 2 * k - low,
        __builtin_shufflevector(location, width, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
}

static void heads(size_t rows, const float *outputs, float *locations, float *widths) {
#define STEP(i, k)                                        \
  do {                                                    \
    lanes location, width, gate;                          \
    load_heads(outputs + 2 * i, k, &location, &width, &gate); \
    store(locations + i, k, location);                    \
    store(widths + i, k, width);                          \
  } while (0)
  FOR_BLOCKS(rows, STEP);
#undef STEP
}

static double heads_cost(size_t rows, bool laplace, const float *outputs, const float *targets, const float *weights,
                         float scale, float *deltas) {
  double total = 0;
#define STEP(i, k)                                                                                 \
  do {                                                                                             \
    lanes location, width, gate, cost, by_location, by_width;                                      \
    load_heads(outputs + 2 * i, k, &location, &width, &gate);                                      \
    lanes error = location - load(targets + i, k), weight = load(weights + i, k);                  \
    lanes ratio = error / width;                                                                   \
    if (laplace) {                                                                                 \
      cost = abs16(ratio) + log_positive(width) + 0.693147180559945f;                                     \
      by_location = sign16(error) / width;                                                         \
      by_width = (1.0f - abs16(ratio)) / width;                                                    \
    } else {                                                                                       \
      cost = fma16(error * ratio, 0.5f, fma16(log_positive(width), 0.5f, 0.918938533204673f));            \
      by_location = ratio;                                                                         \
      by_width = fma16(-error, ratio, 1.0f) / width * 0.5f;                                        \
    }                                                                                              \
    store_heads(deltas + 2 * i, k, by_location * weight * scale, by_width * gate * weight * scale); \
    for (size_t l = 0; l < (k); l++) total += (double)weight[l] * (double)cost[l];                 \
  } while (0)
  FOR_BLOCKS(rows, STEP);
#undef STEP
  return total;
}
