#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace keel::kernels {

// Transcendentals of floats without a branch, so that a loop over them vectorises. But for tanh
// they are evaluated in double to about 1e-8, and so differ from the correctly rounded float by at
// most one unit in the last place; NaN, Inf, zeros and subnormals come out as std:: has them.

/// Added to a number, puts its nearest integer into the low mantissa bits.
constexpr double kRoundingShift = 0x1.8p52;

/// exp(x) as 2^n (1 + p): `scale` is 2^n, `p` is exp(x - n ln 2) - 1. \pre |x| < 700 or x is NaN
struct ScaledExp {
  double scale, p;
};
inline ScaledExp scaled_exp(double x) {
  const double shifted = x * 1.4426950408889634 + kRoundingShift;
  const double r = x - (shifted - kRoundingShift) * 0.6931471805599453;
  // Taylor's polynomial: r^8 / 8! is 5e-9 at the end of the interval, ln(2) / 2.
  const double q =
      1 +
      r * (1.0 / 2 +
           r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r * (1.0 / 5040))))));
  const std::uint64_t exponent = (std::bit_cast<std::uint64_t>(shifted) + 1023) << 52;
  return {std::bit_cast<double>(exponent), r * q};
}

// Beyond these the float result is 0 or Inf.
constexpr double kExpUnderflows = -110;
constexpr double kExpOverflows = 90;

/// Comparisons with NaN are false, so NaN stays.
inline double clamp(double x, double low, double high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

inline double exp_of(double x) {
  const ScaledExp e = scaled_exp(clamp(x, kExpUnderflows, kExpOverflows));
  return e.scale + e.scale * e.p;
}

/// Without the digits that exp(x) - 1 loses at zero.
inline double expm1_of(double x) {
  const ScaledExp e = scaled_exp(clamp(x, kExpUnderflows, kExpOverflows));
  return e.scale * e.p + (e.scale - 1);
}

inline double sigmoid_of(double x) {
  const ScaledExp e = scaled_exp(clamp(-x, kExpUnderflows, -kExpUnderflows));
  return 1 / (1 + (e.scale + e.scale * e.p));
}

/// The odd rational function of degree 13 / 6 that Eigen (generic_fast_tanh_float) and ONNX Runtime
/// evaluate, step by step in float as they do: within 6 units in the last place of tanh. A layer
/// normalisation that forms E[x^2] - E[x]^2 amplifies a difference in the last place of a GELU ten
/// thousandfold, and the outputs users compare with come from there.
inline float tanh_of(float x) {
  float bounded = x < -9 ? -9.0f : x;  // tanh rounds to 1 from 8.9 on
  bounded = bounded > 9 ? 9.0f : bounded;
  const float x2 = bounded * bounded;
  float p = __builtin_fmaf(x2, -2.76076847742355e-16f, 2.00018790482477e-13f);
  p = __builtin_fmaf(p, x2, -8.60467152213735e-11f);
  p = __builtin_fmaf(p, x2, 5.12229709037114e-08f);
  p = __builtin_fmaf(p, x2, 1.48572235717979e-05f);
  p = __builtin_fmaf(p, x2, 6.37261928875436e-04f);
  p = __builtin_fmaf(p, x2, 4.89352455891786e-03f);
  float q = __builtin_fmaf(x2, 1.19825839466702e-06f, 1.18534705686654e-04f);
  q = __builtin_fmaf(q, x2, 2.26843463243900e-03f);
  q = __builtin_fmaf(q, x2, 4.89352518554385e-03f);
  const float value = p * bounded / q;
  return std::fabs(x) < 1e-30f ? x : value;  // the product would lose the subnormals
}

/// log(2^k m) = k ln 2 + 2 atanh((m - 1) / (m + 1)), m in [sqrt(1/2), sqrt(2)).
/// \pre x is a float, so its subnormals are normal here
inline double log_of(double x) {
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd;
  const std::uint64_t offset = std::bit_cast<std::uint64_t>(x) - kSqrtHalf;
  // The exponent, biased so that it converts to double without a signed 64-bit conversion.
  const std::uint64_t biased = ((offset >> 52) + 1024) & 0xfff;
  const double k = std::bit_cast<double>(biased | 0x4330000000000000) - (0x1p52 + 1024);
  const double m = std::bit_cast<double>((offset & 0x000fffffffffffff) + kSqrtHalf);
  const double s = (m - 1) / (m + 1);
  const double s2 = s * s;
  // The series to s^9; the next term, 2 s^11 / 11, is 1e-9 of the sum at |s| = 0.172.
  const double series = s * (2 + s2 * (2.0 / 3 + s2 * (2.0 / 5 + s2 * (2.0 / 7 + s2 * (2.0 / 9)))));
  double result = k * 0.6931471805599453 + series;
  result = x > std::numeric_limits<float>::max() ? x : result;
  result = x == 0 ? -std::numeric_limits<double>::infinity() : result;
  return x >= 0 ? result : std::numeric_limits<double>::quiet_NaN();
}

/// max(x, 0) + log(1 + e^-|x|), the logarithm as 2 atanh(e / (2 + e)), which keeps a tiny e.
inline double softplus_of(double x) {
  const double e = exp_of(-std::fabs(x));
  const double s = e / (2 + e);
  const double s2 = s * s;  // at most 1/9, so the next term, s^19 2 / 19, is 1e-10 of the sum
  const double series =
      s *
      (2 + s2 * (2.0 / 3 +
                 s2 * (2.0 / 5 +
                       s2 * (2.0 / 7 +
                             s2 * (2.0 / 9 +
                                   s2 * (2.0 / 11 +
                                         s2 * (2.0 / 13 + s2 * (2.0 / 15 + s2 * (2.0 / 17)))))))));
  return (x > 0 ? x : 0) + series;
}

/// Polynomials fitted at Chebyshev nodes: erf(x) / x in x^2 on [0, 1] to 3e-11, and
/// -log(1 - erf(x)) on [1, 4] to 1.4e-8. erf(4) is 1 as a float.
inline double erf_of(double x) {
  const double a = clamp(std::fabs(x), 0, 4);
  const double u = a * a;
  const double near =
      a * (1.128379167062 +
           u * (-0.3761263847599 +
                u * (0.1128378262197 +
                     u * (-0.02686543830387 +
                          u * (0.005221053391345 +
                               u * (-0.0008484396208283 +
                                    u * (0.0001126825117808 + u * -9.673582407908e-06)))))));
  const double exponent =
      -0.0003032129452079 +
      a * (1.130166675405 +
           a * (0.6319370938515 +
                a * (0.1099782449484 +
                     a * (-0.02636471725727 +
                          a * (0.004740222303096 +
                               a * (-0.0005927695293202 +
                                    a * (4.559062140448e-05 + a * -1.614061548845e-06)))))));
  const ScaledExp e = scaled_exp(-exponent);
  const double far = 1 - (e.scale + e.scale * e.p);
  return std::copysign(a > 1 ? far : near, x);
}

/// The complement, exp(-x^2) g(1 / (1 + 0.4 x)) for x >= 0: the polynomial is fitted by least
/// squares of the relative error at Chebyshev nodes, to 2.7e-9 up to 10.6. \pre x >= 0 or is NaN
inline double erfc_of(double x) {
  const double t = 1 / (1 + 0.4 * x);
  const double g =
      -8.264384936961e-06 +
      t * (0.2259017824163 +
           t * (0.2229594002171 +
                t * (0.2265530861653 +
                     t * (0.08670913272325 +
                          t * (0.3770760995371 +
                               t * (-0.4565454290744 +
                                    t * (0.734771497658 +
                                         t * (-0.6284853363575 +
                                              t * (0.2496743062007 + t * -0.03860627414979)))))))));
  const double exponent = -x * x;
  return exponent < kExpUnderflows ? 0 : exp_of(exponent) * g;
}

/// x times the normal distribution's function at x: x / 2 (1 + erf(x / sqrt(2))), which would lose
/// its digits below -5.
inline double gelu_of(double x) {
  const double tail = 0.5 * erfc_of(std::fabs(x) * 0.7071067811865475);
  return x * (x < 0 ? tail : 1 - tail);
}

/// x / 2 (1 + tanh(u)) is x sigmoid(2 u).
inline double tanh_gelu_of(double x) {
  const double u2 = 1.5957691216057308 * (x + 0.044715 * x * x * x);
  return x * (u2 < kExpUnderflows ? 0 : sigmoid_of(u2));
}

/// x tanh(log(1 + e)) with e = exp(x), where tanh is (e^2 + 2 e) / (e^2 + 2 e + 2).
inline double mish_of(double x) {
  const double e = x < kExpUnderflows ? 0 : exp_of(x);
  const double n = e * (e + 2);
  return x * (n / (n + 2));
}

constexpr double kMostCircled = 0x1p20;
/// sin(x + quarters * pi / 2). Taylor's polynomials to r^11 and r^12 of what is left of x less
/// whole quarters of a circle, in two parts of pi / 2 of which the first has 33 bits, so that its
/// product is exact. \pre |x| <= kMostCircled
inline double circular_of(double x, std::uint64_t quarters) {
  const double shifted = x * 0.6366197723675814 + kRoundingShift;
  const double k = shifted - kRoundingShift;
  const double r = (x - k * 0x1.921fb544p+0) - k * 0x1.0b4611a626331p-34;
  const double r2 = r * r;
  const double sine =
      r * (1 + r2 * (-1.0 / 6 +
                     r2 * (1.0 / 120 +
                           r2 * (-1.0 / 5040 + r2 * (1.0 / 362880 + r2 * (-1.0 / 39916800))))));
  const double cosine =
      1 +
      r2 * (-1.0 / 2 +
            r2 * (1.0 / 24 +
                  r2 * (-1.0 / 720 + r2 * (1.0 / 40320 + r2 * (-1.0 / 3628800 + r2 / 479001600)))));
  const std::uint64_t quarter = std::bit_cast<std::uint64_t>(shifted) + quarters;
  const double value = (quarter & 1) != 0 ? cosine : sine;
  return (quarter & 2) != 0 ? -value : value;
}

}  // namespace keel::kernels
