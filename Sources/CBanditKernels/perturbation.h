// Kernels of estimators that perturb activations instead of weights, and of dropout.

static void multiply_elements(size_t count, const float *a, const float *b, float *out) {
#define STEP(i, k) store(out + i, k, load(a + i, k) * load(b + i, k))
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void subtract_elements(size_t count, const float *a, const float *b, float *out) {
#define STEP(i, k) store(out + i, k, load(a + i, k) - load(b + i, k))
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void add_products(size_t count, bool relu, const float *a, const float *b, float *sum) {
#define STEP(i, k)                                                          \
  do {                                                                      \
    lanes x = fma16(load(a + i, k), load(b + i, k), load(sum + i, k));      \
    store(sum + i, k, relu ? relu16(x) : x);                                \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void add_noise(size_t count, bool relu, float floor, const float *noise, float *variance, float *activation) {
#define STEP(i, k)                                                          \
  do {                                                                      \
    lanes z = load(noise + i, k);                                           \
    lanes deviation = sqrt16(load(variance + i, k) + floor);                \
    lanes x = fma16(deviation, z, load(activation + i, k));                 \
    store(variance + i, k, z / deviation);                                  \
    store(activation + i, k, relu ? relu16(x) : x);                         \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void join_backward(size_t count, const float *activation, const float *factor, const float *second,
                          float *delta) {
#define STEP(i, k)                                                                        \
  do {                                                                                    \
    lanes x = fma16(load(factor + i, k), load(second + i, k), load(delta + i, k));        \
    store(delta + i, k, select16(load(activation + i, k) > 0.0f, x, 0.0f));               \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

INLINE void accumulate_pair_family(bandit_prior_family family, size_t count, bandit_prior prior, float scale,
                                   bool first, const float *mean_gradient, const float *log_sigma_gradient,
                                   const float *weights, const float *mean, float *mean_sum, float *rho_sum) {
#define STEP(i, k)                                                                              \
  do {                                                                                          \
    lanes by_mean = load(mean_gradient + i, k), by_log_sigma = load(log_sigma_gradient + i, k); \
    if (family != BANDIT_PRIOR_NONE) {                                                          \
      lanes w = load(weights + i, k);                                                           \
      lanes p = prior_gradient(family, prior, w, prior_odds(family, prior, w)) * scale;         \
      by_mean += p;                                                                             \
      by_log_sigma = fma16(p, w - load(mean + i, k), by_log_sigma);                             \
    }                                                                                           \
    store(mean_sum + i, k, first ? by_mean : by_mean + load(mean_sum + i, k));                  \
    store(rho_sum + i, k, first ? by_log_sigma : by_log_sigma + load(rho_sum + i, k));          \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void accumulate_pair(size_t count, bandit_prior prior, float scale, bool first, const float *mean_gradient,
                            const float *log_sigma_gradient, const float *weights, const float *mean,
                            float *mean_sum, float *rho_sum) {
  bandit_prior_family family = scale == 0 ? BANDIT_PRIOR_NONE : prior.family;
  BY_FAMILY(family, accumulate_pair_family, count, prior, scale, first, mean_gradient, log_sigma_gradient, weights,
            mean, mean_sum, rho_sum)
}

static void signs(bandit_random_lanes *state, size_t count, float *out) {
  lanes_u s[4], bits = 0;
  memcpy(s, state->word, sizeof state->word);
  int left = 0;
#define STEP(i, k)                                                          \
  do {                                                                      \
    if (left == 0) {                                                        \
      bits = next_bits(s);                                                  \
      left = 32;                                                            \
    }                                                                       \
    store(out + i, k, (lanes)((bits & 0x80000000u) | 0x3f800000u));         \
    bits <<= 1;                                                             \
    left--;                                                                 \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
  memcpy(state->word, s, sizeof state->word);
}

static void dropout_mask(bandit_random_lanes *state, size_t count, float rate, float *out) {
  lanes_u s[4];
  memcpy(s, state->word, sizeof state->word);
  const lanes kept = 1.0f / (1.0f - rate);
#define STEP(i, k)                                                                             \
  do {                                                                                         \
    lanes uniform = __builtin_convertvector((lanes_i)(next_bits(s) >> 8), lanes) * 0x1p-24f;   \
    store(out + i, k, select16(uniform < rate, 0.0f, kept));                                   \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
  memcpy(state->word, s, sizeof state->word);
}
