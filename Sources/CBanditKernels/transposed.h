// Products whose second factor is transposed: a strip of it is turned at a time.

// Pairs of rows interleaved: by numbers, by pairs of numbers, and by the even and odd quarters of a row.
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define LOW_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH_PAIRS(a, b) __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define ODD(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)

INLINE void transpose_lanes(lanes x[16]) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 4) {
    lanes a = LOW(x[i], x[i + 1]), b = LOW(x[i + 2], x[i + 3]);
    lanes c = HIGH(x[i], x[i + 1]), d = HIGH(x[i + 2], x[i + 3]);
    x[i] = LOW_PAIRS(a, b);
    x[i + 1] = HIGH_PAIRS(a, b);
    x[i + 2] = LOW_PAIRS(c, d);
    x[i + 3] = HIGH_PAIRS(c, d);
  }
  // Quarter q of x[i + c] now has rows i to i + 3 of column 4 q + c.
#pragma clang loop unroll(full)
  for (int c = 0; c < 4; c++) {
    lanes even_low = EVEN(x[c], x[4 + c]), even_high = EVEN(x[8 + c], x[12 + c]);
    lanes odd_low = ODD(x[c], x[4 + c]), odd_high = ODD(x[8 + c], x[12 + c]);
    x[c] = EVEN(even_low, even_high);
    x[4 + c] = EVEN(odd_low, odd_high);
    x[8 + c] = ODD(even_low, even_high);
    x[12 + c] = ODD(odd_low, odd_high);
  }
}

INLINE void transpose_block(const float *in, size_t in_row, size_t rows, size_t columns, float *out, size_t out_row) {
  lanes x[16];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 16; i++) x[i] = i < rows ? load(in + i * in_row, columns) : (lanes)0.0f;
  transpose_lanes(x);
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 16; i++)
    if (i < columns) store(out + i * out_row, rows, x[i]);
}

// Rows of B that are transposed at a time for a strip: they then lie side by side in the first or second-level cache.
#define PANEL_ROWS 256

// panel[rows x width] = b[width x rows] transposed.
INLINE void fill_panel(const float *b, size_t b_row, size_t width, size_t rows, float *panel, size_t panel_row) {
  for (size_t j = 0; j < width; j += LANES)
    for (size_t k = 0; k < rows; k += LANES) {
      size_t height = width - j < LANES ? width - j : LANES, length = rows - k < LANES ? rows - k : LANES;
      const float *from = b + j * b_row + k;
      float *to = panel + k * panel_row + j;
      if (height == LANES && length == LANES)
        transpose_block(from, b_row, LANES, LANES, to, panel_row);
      else
        transpose_block(from, b_row, height, length, to, panel_row);
    }
}

static void multiply_transposed(size_t rows, size_t columns, size_t inner, const float *a, size_t a_row,
                                const float *b, size_t b_row, float *c, size_t c_row) {
  _Alignas(64) float panel[PANEL_ROWS * 7 * LANES];  // no strip is wider
  for (size_t j = 0; j < columns;) {
    size_t width = strip_width(columns - j), panel_row = (width + LANES - 1) / LANES * LANES, k = 0;
    do {
      size_t length = inner - k < PANEL_ROWS ? inner - k : PANEL_ROWS;
      fill_panel(b + j * b_row + k, b_row, width, length, panel, panel_row);
      product p = {length, a + k, a_row, 1, panel, panel_row, c + j, c_row, NULL, false, k > 0};
      product_columns(p, rows, width);
      k += length;
    } while (k < inner);
    j += width;
  }
}
