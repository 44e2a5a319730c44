// 16 lanes of float and the functions of one argument that the kernels need. Included inside a target region.
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(KERNELS_AVX512) || defined(KERNELS_AVX2)
#include <immintrin.h>
#endif

#pragma clang fp contract(off)

typedef float lanes __attribute__((ext_vector_type(16)));
typedef int32_t lanes_i __attribute__((ext_vector_type(16)));
typedef uint32_t lanes_u __attribute__((ext_vector_type(16)));
typedef float loose_lanes __attribute__((ext_vector_type(16), aligned(4)));

#define LANES 16

#if defined(KERNELS_AVX2)
typedef float half_lanes __attribute__((ext_vector_type(8)));
// Read from `LANES - k` on: k lanes of ones, then zeros.
static const int mask_bits[2 * LANES] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
#endif

#define INLINE static inline __attribute__((always_inline))

// `k` lanes at `p`, the others 0. Callers pass the constant 16 in their main loop and the rest in their tail; both
// branches cost one instruction or two where the processor has masks.
INLINE lanes load(const float *p, size_t k) {
  if (k == LANES) return *(const loose_lanes *)p;
#if defined(KERNELS_AVX512)
  return (lanes)_mm512_maskz_loadu_ps((__mmask16)((1u << k) - 1), p);
#elif defined(KERNELS_AVX2)
  const int *mask = mask_bits + LANES - k;
  lanes x;
  __m256 low = _mm256_maskload_ps(p, _mm256_loadu_si256((const __m256i *)mask));
  __m256 high = _mm256_maskload_ps(p + 8, _mm256_loadu_si256((const __m256i *)(mask + 8)));
  x.lo = (half_lanes)low;
  x.hi = (half_lanes)high;
  return x;
#else
  lanes x = 0;
  for (size_t i = 0; i < k; i++) x[i] = p[i];
  return x;
#endif
}

INLINE void store(float *p, size_t k, lanes x) {
  if (k == LANES) {
    *(loose_lanes *)p = x;
    return;
  }
#if defined(KERNELS_AVX512)
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << k) - 1), (__m512)x);
#elif defined(KERNELS_AVX2)
  const int *mask = mask_bits + LANES - k;
  _mm256_maskstore_ps(p, _mm256_loadu_si256((const __m256i *)mask), (__m256)x.lo);
  _mm256_maskstore_ps(p + 8, _mm256_loadu_si256((const __m256i *)(mask + 8)), (__m256)x.hi);
#else
  for (size_t i = 0; i < k; i++) p[i] = x[i];
#endif
}

INLINE lanes fma16(lanes a, lanes b, lanes c) { return __builtin_elementwise_fma(a, b, c); }
INLINE lanes sqrt16(lanes a) { return __builtin_elementwise_sqrt(a); }
INLINE lanes select16(lanes_i mask, lanes a, lanes b) { return mask ? a : b; }
// max(x, 0); NaN stays NaN.
INLINE lanes relu16(lanes x) { return select16(x > 0.0f, x, select16(x == x, 0.0f, x)); }
INLINE lanes abs16(lanes a) { return (lanes)((lanes_i)a & 0x7fffffff); }

// Polynomials are in Estrin's form: short chains of dependent operations are what the speed of these kernels needs.

// e^x = result * 2^n with the result in [0.7, 1.42], for |x| up to 2^20.
INLINE lanes exp_reduced(lanes x, lanes_i *n) {
  const lanes magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to the nearest integer
  lanes turns = fma16(x, 1.44269504088896341f, magic);
  *n = (lanes_i)turns - (lanes_i)magic;
  turns -= magic;
  lanes r = fma16(turns, -0.693145751953125f, x);
  r = fma16(turns, -1.42860677e-6f, r);
  lanes square = r * r;
  lanes low = fma16(r, 0.166665189386f, 0.499999933335f), high = fma16(r, 0.00836892179479f, 0.041668407971f);
  high = fma16(square, 0.00138141742546f, high);
  return fma16(square, fma16(square, high, low), r + 1.0f);
}

// e^x within 2 ulp; 0 below -104, infinity above 88.73, NaN for NaN. Denormal results are rounded, not flushed.
INLINE lanes exp16(lanes x) {
  lanes_i n;
  lanes p = exp_reduced(select16(x > 100.0f, 100.0f, select16(x < -110.0f, -110.0f, x)), &n);
  // Two factors, so that neither leaves the range of normal exponents.
  lanes_i half = n >> 1;
  lanes first = (lanes)((half + 127) << 23), second = (lanes)((n - half + 127) << 23);
  return (p * first) * second;
}

// e^x within 2 ulp for x in [-87, 87], or NaN; the caller sees to the range.
INLINE lanes exp_bounded(lanes x) {
  lanes_i n;
  lanes p = exp_reduced(x, &n);
  return p * (lanes)((n + 127) << 23);
}

// 2^x within 3 ulp for x in [-120, 120], or NaN; the caller sees to the range.
INLINE lanes exp2_bounded(lanes x) {
  const lanes magic = 12582912.0f;
  lanes turns = x + magic;
  lanes_i n = (lanes_i)turns - (lanes_i)magic;
  lanes f = x - (turns - magic);
  lanes square = f * f;
  lanes low = fma16(f, 0.693146967065f, 1.00000007165f), high = fma16(f, 0.0555071327186f, 0.240221197237f);
  lanes top = fma16(f, 0.0013276472632f, 0.00967554134312f);
  lanes p = fma16(square, fma16(square, top, high), low);
  return p * (lanes)((n + 127) << 23);
}

// -2 log x for normal positive x.
INLINE lanes minus_two_log(lanes x) {
  lanes_i bits = (lanes_i)x - 0x3f3504f3;  // sqrt(1/2): the mantissa then lies in [sqrt(1/2), sqrt(2))
  lanes_i exponent = bits >> 23;
  lanes f = (lanes)((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;
  lanes turns = __builtin_convertvector(exponent, lanes);
  // log(1 + f) = f - f^2 / 2 + f^3 P(f)
  lanes square = f * f;
  lanes low = fma16(f, 0.50002674115f, -0.66667821463f), middle = fma16(f, 0.331551680782f, -0.39926128126f);
  lanes high = fma16(square, -0.1740090560634f, fma16(f, 0.285349829228f, -0.298295285378f));
  lanes p = fma16(square * square, high, fma16(square, middle, low));
  lanes near = fma16(square * f, p, fma16(f, -2.0f, square));
  return fma16(turns, -1.38629436111989f, near);
}

INLINE lanes log16(lanes x) { return minus_two_log(x) * -0.5f; }

// log(1 + x) for x in [0, 1], relative precision kept for tiny x.
INLINE lanes log1p_unit(lanes x) {
  lanes square = x * x, fourth = square * square;
  lanes a = fma16(x, 0.333213226501f, -0.499996479647f), b = fma16(x, 0.191536561561f, -0.248571639553f);
  lanes c = fma16(x, 0.0792045693091f, -0.137538050777f), d = fma16(x, 0.00536482987749f, -0.0300658138072f);
  lanes p = fma16(fourth, fma16(square, d, c), fma16(square, b, a));
  return fma16(square, p, x);
}

// erf x by two polynomials, within 1e-7.
INLINE lanes erf16(lanes x) {
  lanes a = abs16(x), s = a * a;
  lanes p = fma16(s, 7.87587506269e-5f, -0.000801686428717f);
  p = fma16(p, s, 0.00518908742343f);
  p = fma16(p, s, -0.0268542120106f);
  p = fma16(p, s, 0.112835947152f);
  p = fma16(p, s, -0.376126266667f);
  p = fma16(p, s, 1.12837916585f);
  lanes c = select16(a > 4.0f, 4.0f, a);
  lanes q = fma16(c, 1.63715141459e-6f, -4.60580426892e-5f);
  q = fma16(q, c, 0.000596805625661f);
  q = fma16(q, c, -0.00475959629327f);
  q = fma16(q, c, 0.0264211360057f);
  q = fma16(q, c, -0.110080082949f);
  q = fma16(q, c, 0.368173948441f);
  q = fma16(q, c, -1.13023343484f);
  q = fma16(q, c, 0.000320138049678f);
  lanes tail = 1.0f - exp16(fma16(c, -c, q));
  lanes_i sign = (lanes_i)x & (int32_t)0x80000000;
  lanes magnitude = select16(a > 1.0f, (lanes)((lanes_i)tail | sign), x * p);
  return select16(x == x, magnitude, x);
}

INLINE lanes_u rotate_left(lanes_u x, uint32_t k) { return (x << k) | (x >> (32 - k)); }

// One turn of sixteen xoshiro128++ generators.
INLINE lanes_u next_bits(lanes_u s[4]) {
  lanes_u result = rotate_left(s[0] + s[3], 7) + s[0];
  lanes_u t = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 11);
  return result;
}

// Two blocks of 16 normals (Box & Muller 1958). The radius uses 31 bits, so |z| reaches 6.66.
INLINE void normal_pair(lanes_u s[4], lanes *a, lanes *b) {
  lanes_u u = next_bits(s), v = next_bits(s);
  lanes uniform = fma16(__builtin_convertvector((lanes_i)(u >> 1), lanes), 0x1p-31f, 0x1p-32f);
  lanes radius = sqrt16(minus_two_log(uniform));
  // The angle is a sign and a part of a quarter turn to either side: cosines from 0 to 1, sines from -1 to 1.
  radius = (lanes)((lanes_u)radius ^ (v & 0x80000000u));
  lanes t = __builtin_convertvector((lanes_i)(v << 1), lanes) * 0x1p-31f;
  lanes q = t * t, square = q * q;
  lanes sine = fma16(square, 0.000151485130451f, fma16(q, -0.00467376661205f, 0.0796896789478f));
  sine = fma16(square, sine, fma16(q, -0.6459637106f, 1.57079631845f));
  lanes cosine = fma16(q, 0.000859690069768f, -0.0208139666765f);
  cosine = fma16(square, cosine, fma16(q, 0.253653208863f, -1.23369887954f));
  *a = fma16(cosine, q, 1.0f) * radius;
  *b = sine * t * radius;
}
