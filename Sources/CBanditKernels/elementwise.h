// Kernels over flat parameter vectors: normals, the variational posterior, priors and optimisers.

// Runs `step(i, k)` over blocks of 16, then over the tail.
#define FOR_BLOCKS(count, step)                            \
  do {                                                     \
    size_t i = 0;                                          \
    for (; i + LANES <= (count); i += LANES) step(i, LANES); \
    if (i < (count)) step(i, (count) - i);                 \
  } while (0)

INLINE void draw_block(size_t i, size_t k, lanes z, bool scales, const float *mean, const float *sigma, float *noise,
                       float *weights) {
  store(noise + i, k, z);
  if (scales) store(weights + i, k, fma16(load(sigma + i, k), z, load(mean + i, k)));
}

INLINE void draw(bandit_random_lanes *state, size_t count, bool scales, const float *mean, const float *sigma,
                 float *noise, float *weights) {
  lanes_u s[4];
  memcpy(s, state->word, sizeof state->word);
  lanes a, b;
  size_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    normal_pair(s, &a, &b);
    draw_block(i, LANES, a, scales, mean, sigma, noise, weights);
    draw_block(i + LANES, LANES, b, scales, mean, sigma, noise, weights);
  }
  if (i < count) {
    normal_pair(s, &a, &b);
    size_t rest = count - i;
    draw_block(i, rest < LANES ? rest : LANES, a, scales, mean, sigma, noise, weights);
    if (rest > LANES) draw_block(i + LANES, rest - LANES, b, scales, mean, sigma, noise, weights);
  }
  memcpy(state->word, s, sizeof state->word);
}

static void normals(bandit_random_lanes *state, size_t count, float *out) {
  draw(state, count, false, NULL, NULL, out, NULL);
}

static void sample(bandit_random_lanes *state, size_t count, const float *mean, const float *sigma, float *noise,
                   float *weights) {
  draw(state, count, true, mean, sigma, noise, weights);
}

// log(1 + exp x); `gate` is its derivative 1 / (1 + exp(-x)).
INLINE lanes softplus16(lanes x, lanes *gate) {
  lanes size = abs16(x);
  lanes e = exp_bounded(-select16(size > 87.0f, 87.0f, size));
  *gate = select16(x > 0.0f, 1.0f, e) / (1.0f + e);
  return relu16(x) + log1p_unit(e);
}

static void softplus(size_t count, const float *rho, float *sigma, float *gate) {
#define STEP(i, k)                                   \
  do {                                               \
    lanes slope;                                     \
    store(sigma + i, k, softplus16(load(rho + i, k), &slope)); \
    store(gate + i, k, slope);                       \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

// -1 or 1; zeros and NaN stay what they are.
INLINE lanes sign16(lanes w) {
  lanes one = (lanes)(((lanes_i)w & (int32_t)0x80000000) | 0x3f800000);
  return select16((w > 0.0f) | (w < 0.0f), one, w);
}

// p(w) = -d log P / dw; `family` is a constant at every call.
INLINE lanes prior_gradient(bandit_prior_family family, bandit_prior prior, lanes w) {
  switch (family) {
    case BANDIT_PRIOR_NONE: return 0.0f;
    case BANDIT_PRIOR_GAUSSIAN: return w * prior.inverse1;
    case BANDIT_PRIOR_LAPLACE: return sign16(w) * prior.inverse1;
    case BANDIT_PRIOR_MIXTURE: break;
  }
  lanes z = fma16(w * w, -prior.slope, prior.offset);
  z = select16(z > 80.0f, 80.0f, select16(z < -80.0f, -80.0f, z));
  lanes narrow = 1.0f / (1.0f + exp_bounded(-z));
  return w * fma16(narrow, prior.inverse2 - prior.inverse1, prior.inverse1);
}

INLINE void accumulate_family(bandit_prior_family family, size_t count, bandit_prior prior, float scale, bool first,
                              const float *gradient, const float *weights, const float *noise, float *mean_sum,
                              float *rho_sum) {
#define STEP(i, k)                                                                                          \
  do {                                                                                                      \
    lanes q = load(gradient + i, k), z = load(noise + i, k);                                                \
    if (family != BANDIT_PRIOR_NONE) q = fma16(prior_gradient(family, prior, load(weights + i, k)), scale, q); \
    store(mean_sum + i, k, first ? q : q + load(mean_sum + i, k));                                          \
    store(rho_sum + i, k, first ? q * z : fma16(q, z, load(rho_sum + i, k)));                               \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
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
                       const float *weights, const float *noise, float *mean_sum, float *rho_sum) {
  bandit_prior_family family = scale == 0 ? BANDIT_PRIOR_NONE : prior.family;
  if (first) {
    BY_FAMILY(family, accumulate_family, count, prior, scale, true, gradient, weights, noise, mean_sum, rho_sum)
  } else {
    BY_FAMILY(family, accumulate_family, count, prior, scale, false, gradient, weights, noise, mean_sum, rho_sum)
  }
}

static void finish(size_t count, float share, float entropy, const float *sigma, const float *gate, float *mean_sum,
                   float *rho_sum) {
#define STEP(i, k)                                                                    \
  do {                                                                                \
    lanes slope = load(gate + i, k), s = load(sigma + i, k);                            \
    lanes r = load(rho_sum + i, k) * share * slope;                                     \
    /* gate / sigma goes to 1 with rho to -infinity, where both underflow. */           \
    if (entropy != 0) r -= entropy * select16(s == 0.0f, 1.0f, slope / s);              \
    store(mean_sum + i, k, load(mean_sum + i, k) * share);                              \
    store(rho_sum + i, k, r);                                                           \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

static void closed_form(size_t count, bandit_prior prior, float scale, const float *mean, const float *sigma,
                        const float *gate, float *mean_gradient, float *rho_gradient) {
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
    store(rho_gradient + i, k, fma16(by_sigma * load(gate + i, k), c, load(rho_gradient + i, k))); \
  } while (0)
  FOR_BLOCKS(count, STEP);
#undef STEP
}

INLINE void penalty_family(bandit_prior_family family, size_t count, bandit_prior prior, float scale,
                           const float *weights, float *gradient) {
#define STEP(i, k)                                                                                        \
  store(gradient + i, k, fma16(prior_gradient(family, prior, load(weights + i, k)), scale, load(gradient + i, k)))
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
