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

// e^x = result * 2^n with the result in [0.7, 1.42], for |x| up to 2^20.
INLINE lanes exp_reduced(lanes x, lanes_i *n) {
  const lanes magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to the nearest integer
  lanes turns = fma16(x, 1.44269504088896341f, magic);
  *n = (lanes_i)turns - (lanes_i)magic;
  turns -= magic;
  lanes r = fma16(turns, -0.693145751953125f, x);
  r = fma16(turns, -1.42860677e-6f, r);
  lanes p = fma16(r, 0.0013926926614f, 0.00836377387441f);
  p = fma16(p, r, 0.0416665501103f);
  p = fma16(p, r, 0.166665733819f);
  p = fma16(p, r, 0.5f);
  return fma16(p * r, r, r) + 1.0f;
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

// log(1 + f) for f in [-0.293, 0.415].
INLINE lanes log_near_one(lanes f) {
  lanes p = fma16(f, -0.0790274377239f, 0.126223198492f);
  p = fma16(p, f, -0.129981837637f);
  p = fma16(p, f, 0.142144959239f);
  p = fma16(p, f, -0.166412814631f);
  p = fma16(p, f, 0.200010450942f);
  p = fma16(p, f, -0.250003064226f);
  p = fma16(p, f, 0.333333307282f);
  lanes square = f * f;
  return fma16(p * square, f, fma16(square, -0.5f, f));
}

// log x for normal positive x.
INLINE lanes log16(lanes x) {
  lanes_i bits = (lanes_i)x - 0x3f3504f3;  // sqrt(1/2): the mantissa then lies in [sqrt(1/2), sqrt(2))
  lanes_i exponent = bits >> 23;
  lanes mantissa = (lanes)((bits & 0x007fffff) + 0x3f3504f3);
  lanes turns = __builtin_convertvector(exponent, lanes);
  return fma16(turns, 0.693147180559945f, log_near_one(mantissa - 1.0f));
}

// log(1 + x) for x in [0, 1], relative precision kept for tiny x.
INLINE lanes log1p_unit(lanes x) {
  lanes_i large = x > 0.41421356f;
  lanes f = select16(large, fma16(x, 0.5f, -0.5f), x);
  return log_near_one(f) + select16(large, 0.693147180559945f, 0.0f);
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
  lanes radius = sqrt16(log16(uniform) * -2.0f);
  radius = select16(uniform < 1.0f, radius, 0.0f);
  // The angle v / 2^32 of a turn: the nearest quarter turn and a rest within an eighth.
  lanes_u quarter = (v + 0x20000000u) & 0xc0000000u;
  lanes angle = __builtin_convertvector((lanes_i)(v - quarter), lanes) * 1.46291807926716e-9f;
  lanes q = angle * angle;
  lanes sine = fma16(fma16(q, -0.000195878908804f, 0.00833274827063f), q, -0.166666646623f);
  sine = fma16(sine * q, angle, angle);
  lanes cosine = fma16(fma16(q, 2.45479420851e-5f, -0.00138883030359f), q, 0.0416666646595f);
  cosine = fma16(cosine * q, q, fma16(q, -0.5f, 1.0f));
  lanes_i swap = (lanes_i)((quarter & 0x40000000u) != 0);
  lanes x = select16(swap, sine, cosine), y = select16(swap, cosine, sine);
  lanes_u x_sign = (quarter ^ (quarter << 1)) & 0x80000000u, y_sign = quarter & 0x80000000u;
  *a = (lanes)((lanes_u)(x * radius) ^ x_sign);
  *b = (lanes)((lanes_u)(y * radius) ^ y_sign);
}
