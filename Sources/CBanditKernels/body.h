// One instruction set's kernels and their table. Includers define SUFFIX and open a target region.
#include "include/CBanditKernels.h"
// Vectors wider than the registers are passed between inlined functions alone.
#pragma clang diagnostic ignored "-Wpsabi"
#include "lanes.h"
#include "elementwise.h"
#include "layers.h"
#include "products.h"
#include "transposed.h"
#include "heads.h"
#include "perturbation.h"
#include "triangles.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

const bandit_kernels JOIN(bandit_kernels_, SUFFIX) = {
    .name = TEXT(SUFFIX),
    .normals = normals,
    .softplus = softplus,
    .sample = sample,
    .accumulate = accumulate,
    .finish = finish,
    .closed_form = closed_form,
    .penalty = penalty,
    .adam = adam,
    .momentum = momentum,
    .gather_forward = gather_forward,
    .invert_lists = invert_lists,
    .gather_backward = gather_backward,
    .multiply = multiply,
    .multiply_transposed = multiply_transposed,
    .fma_rounds = fma_rounds,
    .division_rounds = division_rounds,
    .relu_backward = relu_backward,
    .column_sums = column_sums,
    .dot_forward = dot_forward,
    .dot_backward = dot_backward,
    .softmax = softmax,
    .softmax_cost = softmax_cost,
    .heads = heads,
    .heads_cost = heads_cost,
    .multiply_elements = multiply_elements,
    .subtract_elements = subtract_elements,
    .add_products = add_products,
    .add_noise = add_noise,
    .join_backward = join_backward,
    .accumulate_pair = accumulate_pair,
    .signs = signs,
    .dropout_mask = dropout_mask,
    .add_multiple = add_multiple,
    .solve_triangle = solve_triangle,
    .rotate_triangle = rotate_triangle,
};
