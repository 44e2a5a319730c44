// Kernels over flat parameter vectors: normals, the variational posterior, priors and optimisers.

// Runs `step(i, k)` over blocks of 16, then over the tail.
#define FOR_BLOCKS(count, step)                            \
  do {                                                     \
    size_t i = 0;                                          \
    for (; i + LANES <= (count); i += LANES) step(i, LANES); \
    if (i < (count)) step(i, (count) - i);                 \
  } while (0)

// Long chains of dependent operations are cut in two: `first(i, k)` returns what `second(i, k, value)` continues with.
// A group does the first part of all its blocks and then the second, so that the processor finds independent work
// within its window.
#define GROUP 8
#define FOR_GROUPS(count, first, second)                                                                    \
  do {                                                                                                      \
    size_t i = 0;                                                                                           \
    lanes part[GROUP];                                                                                      \
    for (; i + GROUP * LANES <= (count); i += GROUP * LANES) {                                              \
      _Pragma("clang loop unroll(full)") for (int j = 0; j < GROUP; j++) part[j] = first(i + j * LANES, LANES); \
      _Pragma("clang loop unroll(full)") for (int j = 0; j < GROUP; j++) second(i + j * LANES, LANES, part[j]); \
    }                                                                                                       \
    for (; i + LANES <= (count); i += LANES) second(i, LANES, first(i, LANES));                             \
    if (i < (count)) second(i, (count) - i, first(i, (count) - i));                                         \
  } while (0)

// Draws `count` normals z and hands them to `use(i, k, z)` in blocks.
#define FOR_NORMALS(state, count, use)                    \
  do {                                                    \
    lanes_u s[4];                                         \
    memcpy(s, (state)->word, sizeof s);                   \
    lanes a, b;                                           \
    size_t i = 0;                                         \
    for (; i + 2 * LANES <= (count); i += 2 * LANES) {    \
      normal_pair(s, &a, &b);                             \
      use(i, LANES, a);                                   \
      use(i + LANES, LANES, b);                           \
    }                                                     \
    if (i < (count)) {                                    \
      normal_pair(s, &a, &b);                             \
      size_t rest = (count) - i;                          \
      use(i, rest < LANES ? rest : LANES, a);             \
      if (rest > LANES) use(i + LANES, rest - LANES, b);  \
    }                                                     \
    memcpy((state)->word, s, sizeof s);                   \
  } while (0)

static void normals(bandit_random_lanes *state, size_t count, float *out) {
#define USE(i, k, z) store(out + i, k, z)
  FOR_NORMALS(state, count, USE);
#undef USE
}

static void sample(bandit_random_lanes *state, size_t count, const float *mean, const float *sigma, float *weights) {
#define USE(i, k, z) store(weights + i, k, fma16(load(sigma + i, k), z, load(mean + i, k)))
  FOR_NORMALS(state, count, USE);
#undef USE
}

// e^-|x|; below 1.6e-38 it stays there, NaN stays NaN.
INLINE lanes exp_minus_size(lanes x) {
  lanes minus = (lanes)((lanes_i)x | (int32_t)0x80000000);
  return exp_bounded(select16(-87.0f > minus, -87.0f, minus));
}

// log(1 + exp x) and its derivative 1 / (1 + exp(-x)), from e = exp_minus_size(x).
INLINE lanes softplus_from(lanes x, lanes e) { return select16(x > 0.0f, x, 0.0f) + log1p_unit(e); }
INLINE lanes gate_from(lanes x, lanes e) { return select16(x > 0.0f, 1.0f, e) / (1.0f + e); }

static void softplus(size_t count, const float *rho, float *sigma, float *slope) {
#define FIRST(i, k) exp_minus_size(load(rho + (i), k))
#define SECOND(i, k, e)                                                             \
  do {                                                                              \
    lanes x = load(rho + (i), k), s = softplus_from(x, e);                          \
    store(sigma + (i), k, s);                                                       \
    store(slope + (i), k, select16(x > 0.0f, 1.0f, e) / ((1.0f + e) * s));          \
  } while (0)
  FOR_GROUPS(count, FIRST, SECOND);
#undef FIRST
#undef SECOND
}

// -1 or 1; zeros and NaN stay what they are.
INLINE lanes sign16(lanes w) {
  lanes one = (lanes)(((lanes_i)w & (int32_t)0x80000000) | 0x3f800000);
  return select16((w > 0.0f) | (w < 0.0f), one, w);
}

// p(w) = -d log P / dw in two parts; `family` is a constant at every call. The first is the odds of the mixture's wide
// component, and nothing for other families.
INLINE lanes prior_odds(bandit_prior_family family, bandit_prior prior, lanes w) {
  if (family != BANDIT_PRIOR_MIXTURE) return 0.0f;
  lanes z = fma16(w * w, prior.slope, prior.offset);
  z = select16(115.0f < z, 115.0f, z);
  return exp2_bounded(select16(-115.0f > z, -115.0f, z));
}

INLINE lanes prior_gradient(bandit_prior_family family, bandit_prior prior, lanes w, lanes odds) {
  switch (family) {
    case BANDIT_PRIOR_NONE: return 0.0f;
    case BANDIT_PRIOR_GAUSSIAN: return w * prior.inverse1;
    case BANDIT_PRIOR_LAPLACE: return sign16(w) * prior.inverse1;
    case BANDIT_PRIOR_MIXTURE: break;
  }
  return w * fma16(1.0f / (1.0f + odds), prior.inverse2 - prior.inverse1, prior.inverse1);
}

INLINE void accumulate_block(size_t k, lanes q, lanes z, bool first, float *mean_sum, float *rho_sum) {
  store(mean_sum, k, first ? q : q + load(mean_sum, k));
  store(rho_sum, k, first ? q * z : fma16(q, z, load(rho_sum, k)));
}

INLINE void accumulate_family(bandit_prior_family family, size_t count, bandit_prior prior, float scale, bool first,
                              const float *gradient, const float *weights, const float *mean, float *mean_sum,
                              float *rho_sum) {
#define FIRST(i, k) prior_odds(family, prior, load(weights + (i), k))
#define SECOND(i, k, odds)                                                                                  \
  do {                                                                                                      \
    lanes w = load(weights + (i), k), q = load(gradient + (i), k);                                          \
    if (family != BANDIT_PRIOR_NONE) q = fma16(prior_gradient(family, prior, w, odds), scale, q);           \
    accumulate_block(k, q, w - load(mean + (i), k), first, mean_sum + (i), rho_sum + (i));                  \
  } while (0)
  FOR_GROUPS(count, FIRST, SECOND);
#undef FIRST
#undef SECOND
}

// Calls `function(family, ...)` with the family as a constant, so that each gets a loop of its own.
#define BY_FAMILY(family, function, ...)                                              \
  switch (family) {                                                                   \
    case BANDIT_PRIOR_NONE: function(BANDIT_PRIOR_NONE, __VA_ARGS__); break;          \
    case BANDIT_PRIOR_GAUSSIAN: function(BANDIT_PRIOR_GAUSSIAN, __VA_ARGS__); break;  \
    case BANDIT_PRIOR_LAPLACE: function(BANDIT_PRIOR_LAPLACE, __VA_ARGS__); break;    \
    case BANDIT_PRIOR_MIXTURE: function(BANDIT_PRIOR_MIXTURE, __VA_ARGS__); break;    \
  }

static void accumulate(size_t count, bandit_prior prior, float scale, bool first, const float *gradient,
                       const float *weights, const float *mean, float *mean_sum, float *rho_sum) {
  bandit_prior_family family = scale == 0 ? BANDIT_PRIOR_NONE : prior.family;
  if (first) {
    BY_FAMILY(family, accumulate_family, count, prior, scale, true, gradient, weights, mean, mean_sum, rho_sum)
  } else {
    BY_FAMILY(family, accumulate_family, count, prior, scale, false, gradient, weights, mean, mean_sum, rho_sum)
  }
}

static void finish(size_t count, float share, float entropy, const float *slope, float *mean_sum, float *rho_sum) {
#define STEP(i, k)                                                                    \
  do {                                                                                \
    store(mean_sum + i, k, load(mean_sum + i, k) * share);                            \
    store(rho_sum + i, k, fma16(load(rho_sum + i, k), share, -entropy) * load(slope + i, k)); \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void closed_form(size_t count, bandit_prior prior, float scale, const float *mean, const float *sigma,
                        const float *slope, float *mean_gradient, float *rho_gradient) {
  const bool gaussian = prior.family == BANDIT_PRIOR_GAUSSIAN;
#define STEP(i, k)                                                                               \
  do {                                                                                           \
    lanes m = load(mean + i, k), s = load(sigma + i, k), by_mean, by_sigma;                      \
    if (gaussian) {                                                                              \
      by_mean = m;                                                                               \
      by_sigma = s;                                                                              \
    } else {                                                                                     \
      lanes a = m / select16(s == 0.0f, 1e-38f, s * 1.41421356237f);                             \
      by_mean = erf16(a);                                                                        \
      by_sigma = 0.797884560803f * exp16(-a * a);                                                \
    }                                                                                            \
    lanes c = scale * prior.inverse1;                                                            \
    store(mean_gradient + i, k, fma16(by_mean, c, load(mean_gradient + i, k)));                  \
    store(rho_gradient + i, k, fma16(by_sigma * (s * load(slope + i, k)), c, load(rho_gradient + i, k))); \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

INLINE void penalty_family(bandit_prior_family family, size_t count, bandit_prior prior, float scale,
                           const float *weights, float *gradient) {
#define STEP(i, k)                                                                                  \
  do {                                                                                              \
    lanes w = load(weights + i, k), slope = prior_gradient(family, prior, w, prior_odds(family, prior, w)); \
    store(gradient + i, k, fma16(slope, scale, load(gradient + i, k)));                             \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void penalty(size_t count, bandit_prior prior, float scale, const float *weights, float *gradient) {
  if (scale == 0) return;
  BY_FAMILY(prior.family, penalty_family, count, prior, scale, weights, gradient)
}

static void adam(size_t count, bandit_adam a, const float *gradient, float *parameters, float *first_moment,
                 float *second_moment) {
#define STEP(i, k)                                                                      \
  do {                                                                                  \
    lanes g = load(gradient + i, k), m = load(first_moment + i, k), v = load(second_moment + i, k); \
    m = fma16(g - m, a.gain1, m);                                                \
    v = fma16(g * g, a.gain2, v * a.beta2);                                      \
    lanes step = (m * a.learning_rate) / fma16(sqrt16(v), a.second_scale, a.epsilon);   \
    store(first_moment + i, k, m);                                                      \
    store(second_moment + i, k, v);                                                     \
    store(parameters + i, k, fma16(load(parameters + i, k), a.decay, -step));           \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void momentum(size_t count, float rate, float factor, const float *gradient, float *parameters,
                     float *velocity) {
#define STEP(i, k)                                                                      \
  do {                                                                                  \
    lanes v = fma16(load(velocity + i, k), factor, load(gradient + i, k));              \
    store(velocity + i, k, v);                                                          \
    store(parameters + i, k, fma16(v, -rate, load(parameters + i, k)));                 \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}
