// Vectorised element-wise kernels and normals.
//
// Every kernel is one 16-lane body compiled for several instruction sets. All of them give the same bits:
// the order of operations is fixed, `fma` is explicit and contraction is off. Lengths and alignments are free.
#ifndef C_BANDIT_KERNELS_H
#define C_BANDIT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// State of 16 xoshiro128++ generators side by side, one a lane (Blackman & Vigna 2021).
typedef struct {
  uint32_t word[4][16];
} bandit_random_lanes;

typedef enum {
  BANDIT_PRIOR_NONE = 0,
  BANDIT_PRIOR_GAUSSIAN = 1,
  BANDIT_PRIOR_LAPLACE = 2,
  BANDIT_PRIOR_MIXTURE = 3,
} bandit_prior_family;

// A prior reduced to the constants of its gradient p(w) = -d log P(w) / dw.
// Gaussian: p = w inverse1. Laplace: p = sign(w) inverse1, with inverse1 = 1/b.
// Mixture: p = w (inverse1 + r (inverse2 - inverse1)), r = 1 / (1 + 2^(offset + slope w^2)), exponent clamped to
// +-115; inverse1 = 1/sigma1^2, inverse2 = 1/sigma2^2.
typedef struct {
  bandit_prior_family family;
  float inverse1, inverse2, offset, slope;
} bandit_prior;

typedef struct {
  float learning_rate;  // already divided by 1 - beta1^t
  float beta2;
  float gain1, gain2;  // 1 - beta1 and 1 - beta2, rounded once: 1.0f - 0.999f is off by 1.3e-5 of itself
  float second_scale;  // 1 / sqrt(1 - beta2^t)
  float epsilon;
  float decay;  // parameters are multiplied by this first; 1 for plain Adam
} bandit_adam;

typedef struct bandit_kernels {
  const char *name;

  // out[i] ~ N(0, 1) by Box-Muller, 32 numbers a turn of the generators; |out| <= 6.7.
  void (*normals)(bandit_random_lanes *lanes, size_t count, float *out);
  // sigma = log(1 + exp(rho)), which stays at 1.6e-38 below rho = -87, and slope = d log sigma / d rho.
  void (*softplus)(size_t count, const float *rho, float *sigma, float *slope);
  // weights = mean + sigma z, z ~ N(0, 1) as `normals` draws them.
  void (*sample)(bandit_random_lanes *lanes, size_t count, const float *mean, const float *sigma, float *weights);
  // q = gradient + scale p(weights); mean_sum (+)= q, rho_sum (+)= q (weights - mean). `first` stores instead of
  // adding.
  void (*accumulate)(size_t count, bandit_prior prior, float scale, bool first, const float *gradient,
                     const float *weights, const float *mean, float *mean_sum, float *rho_sum);
  // mean_sum *= share; rho_sum = (rho_sum share - entropy) slope.
  void (*finish)(size_t count, float share, float entropy, const float *slope, float *mean_sum, float *rho_sum);
  // Adds scale times the closed-form gradient of KL[N(mean, sigma) || prior], without its entropy's -1/sigma, which
  // `finish` has: mean_gradient += scale dKL/dmean, rho_gradient += scale (sigma dKL/dsigma + 1) slope. Gaussian and
  // Laplace.
  void (*closed_form)(size_t count, bandit_prior prior, float scale, const float *mean, const float *sigma,
                      const float *slope, float *mean_gradient, float *rho_gradient);
  // gradient += scale p(weights).
  void (*penalty)(size_t count, bandit_prior prior, float scale, const float *weights, float *gradient);

  void (*adam)(size_t count, bandit_adam settings, const float *gradient, float *parameters, float *first_moment,
               float *second_moment);
  // velocity = momentum velocity + gradient; parameters -= rate velocity.
  void (*momentum)(size_t count, float rate, float momentum, const float *gradient, float *parameters,
                   float *velocity);

  // out[r] = relu?(bias + the rows of weights[inputs x width] that active[r x stride ...] names). A negative index
  // ends a row's list early. Here and below, `..._row` is the distance from a row's start to the next one's.
  void (*gather_forward)(size_t rows, size_t stride, const int32_t *active, size_t width, const float *weights,
                         const float *bias, bool relu, float *out, size_t out_row);
  // Lists of rows by column from lists of columns by row: column c's rows are named[starts[c] ..< starts[c + 1]],
  // ascending. `starts` has columns + 1 places, `named` as many as there are active entries.
  void (*invert_lists)(size_t rows, size_t stride, const int32_t *active, size_t columns, int32_t *starts,
                       int32_t *named);
  // weights_gradient[c] = sum of the delta rows that column c's list names.
  void (*gather_backward)(size_t columns, const int32_t *starts, const int32_t *named, size_t width,
                          const float *delta, size_t delta_row, float *weights_gradient);

  // C[rows x columns] = relu?(A B + bias). Element (i, k) of A is a[i a_row + k a_column], so A may be transposed;
  // B is [inner x columns]; bias may be NULL.
  void (*multiply)(size_t rows, size_t columns, size_t inner, const float *a, size_t a_row, size_t a_column,
                   const float *b, size_t b_row, const float *bias, bool relu, float *c, size_t c_row);
  // C[rows x columns] = A B^T for B[columns x inner], both with elements of a row side by side.
  void (*multiply_transposed)(size_t rows, size_t columns, size_t inner, const float *a, size_t a_row, const float *b,
                              size_t b_row, float *c, size_t c_row);

  // For benchmarks: `rounds` times 12 independent fma, or divisions, of 16 lanes in registers; returns their sum.
  float (*fma_rounds)(size_t rounds);
  float (*division_rounds)(size_t rounds);

  // delta = activation > 0 ? delta : 0.
  void (*relu_backward)(size_t rows, size_t width, const float *activation, float *delta);
  // sums[j] = sum over rows of values[r][j].
  void (*column_sums)(size_t rows, size_t width, const float *values, size_t row, float *sums);
  // A layer with one output. out[r] = bias + sum_j values[r][j] weights[j].
  void (*dot_forward)(size_t rows, size_t width, const float *values, size_t row, const float *weights, float bias,
                      float *out);
  // The same layer backward: weights_gradient[j] = sum_r out_delta[r] values[r][j], delta[r][j] = out_delta[r]
  // weights[j] where values[r][j] > 0, else 0 (the activations below came out of a ReLU). `row` is of both.
  void (*dot_backward)(size_t rows, size_t width, const float *values, size_t row, const float *weights,
                       const float *out_delta, float *weights_gradient, float *delta);

  // Heads of several outputs a row (heads.h). A row with a NaN, or with a logit of plus infinity, gives NaNs for that
  // row alone. Logits up to 1e38 in size give finite numbers.
  // probabilities[r] = softmax of logits[r], both [rows x classes].
  void (*softmax)(size_t rows, size_t classes, const float *logits, float *probabilities);
  // Returns sum_r weights[r] (log sum exp logits[r] - logits[r][target]), in nats, and writes its derivatives times
  // `scale`: (softmax - onehot) weights[r] scale. Targets are whole numbers below `classes`, which is not checked.
  double (*softmax_cost)(size_t rows, size_t classes, const float *logits, const float *targets, const float *weights,
                         float scale, float *deltas);
  // From pairs (m, rho): locations m and widths v = log(1 + exp rho) + 1e-6.
  void (*heads)(size_t rows, const float *outputs, float *locations, float *widths);
  // Returns sum_r weights[r] times the negative log-likelihood of target r under N(m, v), or Laplace(m, v), and writes
  // its derivatives by m and rho times `scale`.
  double (*heads_cost)(size_t rows, bool laplace, const float *outputs, const float *targets, const float *weights,
                       float scale, float *deltas);

  // Estimators that perturb activations, and dropout (perturbation.h).
  // out = a b, element by element; out may be a or b.
  void (*multiply_elements)(size_t count, const float *a, const float *b, float *out);
  // out = a - b.
  void (*subtract_elements)(size_t count, const float *a, const float *b, float *out);
  // sum = relu?(sum + a b).
  void (*add_products)(size_t count, bool relu, const float *a, const float *b, float *sum);
  // With s = sqrt(variance + floor): activation = relu?(activation + s noise), variance = noise / s, which is twice
  // the derivative of s noise by the variance.
  void (*add_noise)(size_t count, bool relu, float floor, const float *noise, float *variance, float *activation);
  // delta = activation > 0 ? delta + factor second : 0.
  void (*join_backward)(size_t count, const float *activation, const float *factor, const float *second,
                        float *delta);
  // mean_sum (+)= mean_gradient + scale p(weights); rho_sum (+)= log_sigma_gradient + scale p(weights) (weights -
  // mean). Weights and means are not read where scale is 0. `first` stores instead of adding.
  void (*accumulate_pair)(size_t count, bandit_prior prior, float scale, bool first, const float *mean_gradient,
                          const float *log_sigma_gradient, const float *weights, const float *mean, float *mean_sum,
                          float *rho_sum);
  // out[i] is -1 or 1, each with probability 1/2; 512 a turn of the generators.
  void (*signs)(bandit_random_lanes *lanes, size_t count, float *out);
  // out[i] is 0 with probability `rate`, a multiple of 2^-24 below 1, else 1 / (1 - rate); 16 a turn.
  void (*dropout_mask)(bandit_random_lanes *lanes, size_t count, float rate, float *out);

  // Linear regressions, in double precision (triangles.h). R is an upper triangle by rows from the diagonal on, each row
  // with one number w_i behind it; its diagonal is not 0.
  // to += scale from.
  void (*add_multiple)(size_t count, double scale, const double *from, double *to);
  // `work` holds x and a number more. Solves R' z = x, subtracts w' z from the last number and returns z' z. What is
  // left of x is of no use.
  double (*solve_triangle)(size_t dimension, const double *factor, double *work);
  // `work` holds x and its target. Rotates the row (x, target) into R and w; its last number becomes the residual's root.
  void (*rotate_triangle)(size_t dimension, double *factor, double *work);
} bandit_kernels;

// The instruction sets this processor runs, best first; `count` is written. Never empty.
const bandit_kernels *const *bandit_kernels_available(size_t *count);

// The kernels with their matrix products by OpenBLAS, which is loaded: other last bits. NULL, and a sentence, where it
// cannot be. Not to be called by two threads at once; a second call replaces what the first gave.
const bandit_kernels *bandit_kernels_with_openblas(const bandit_kernels *kernels, const char **problem);

// Threads that run one job side by side. Members are numbered from 0, the caller; between jobs they spin for about a
// millisecond and then sleep. A caller that is done begins the shares that no other thread has begun, and one that finds
// the team at work for another caller does all members' shares itself.
typedef struct bandit_team bandit_team;
typedef void (*bandit_team_job)(void *context, int member);

// A team of `members` threads, the caller included, or of as many as can be started; NULL where memory is short.
bandit_team *bandit_team_create(int members);
int bandit_team_members(const bandit_team *team);
// Calls job(context, member) for every member and returns when all calls have.
void bandit_team_run(bandit_team *team, bandit_team_job job, void *context);
void bandit_team_destroy(bandit_team *team);

// Compresses into one deflate stream (RFC 1951) and returns its length. `out` has room for `bandit_deflate_bound` bytes,
// `workspace` for `bandit_deflate_workspace` of any content, as aligned as malloc's; at most 1 GiB. The bytes that come
// out depend on those that go in alone.
size_t bandit_deflate(const uint8_t *bytes, size_t count, uint8_t *out, void *workspace);
size_t bandit_deflate_bound(size_t count);
size_t bandit_deflate_workspace(void);

#endif
