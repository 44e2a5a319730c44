// Triangular factors of linear regressions, in double precision.
//
// A factor of dimension d is an upper triangle by rows, from the diagonal on, each row with one number more behind it:
// row i has d - i + 1 numbers. Elements are independent of each other, so vectors change no bits.

typedef double loose_doubles __attribute__((ext_vector_type(8), aligned(8)));
#define DOUBLES 8

static void add_multiple(size_t count, double scale, const double *from, double *to) {
  size_t i = 0;
  for (; i + DOUBLES <= count; i += DOUBLES)
    *(loose_doubles *)(to + i) += scale * *(const loose_doubles *)(from + i);
  for (; i < count; i++) to[i] += scale * from[i];
}

static void rotate_rows(size_t count, double cosine, double sine, double *above, double *below) {
  size_t i = 0;
  for (; i + DOUBLES <= count; i += DOUBLES) {
    loose_doubles a = *(loose_doubles *)(above + i), b = *(loose_doubles *)(below + i);
    *(loose_doubles *)(above + i) = cosine * a + sine * b;
    *(loose_doubles *)(below + i) = cosine * b - sine * a;
  }
  for (; i < count; i++) {
    double a = above[i], b = below[i];
    above[i] = cosine * a + sine * b;
    below[i] = cosine * b - sine * a;
  }
}

static double solve_triangle(size_t dimension, const double *factor, double *work) {
  double squares = 0;
  const double *row = factor;
  for (size_t i = 0; i < dimension; i++) {
    size_t length = dimension - i + 1;
    if (work[i] != 0) {
      double solved = work[i] / row[0];
      squares += solved * solved;
      add_multiple(length - 1, -solved, row + 1, work + i + 1);
    }
    row += length;
  }
  return squares;
}

static void rotate_triangle(size_t dimension, double *factor, double *work) {
  double *row = factor;
  for (size_t i = 0; i < dimension; i++) {
    size_t length = dimension - i + 1;
    if (work[i] != 0) {
      double radius = __builtin_elementwise_sqrt(row[0] * row[0] + work[i] * work[i]);
      double cosine = row[0] / radius, sine = work[i] / radius;
      row[0] = radius;
      rotate_rows(length - 1, cosine, sine, row + 1, work + i + 1);
    }
    row += length;
  }
}
