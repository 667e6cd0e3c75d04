#ifndef ROUNDS_CVECTOR_H
#define ROUNDS_CVECTOR_H
// 64-byte comparison masks: bit i of the result tells whether byte i equals the wanted one.
// Swift has no movemask of its own; a header inlines at no cost.
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
static inline uint64_t rounds_mask64(const uint8_t *bytes, uint8_t wanted) {
  const __m128i w = _mm_set1_epi8((char)wanted);
  const uint64_t a = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)bytes), w));
  const uint64_t b = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16)), w));
  const uint64_t c = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(bytes + 32)), w));
  const uint64_t d = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(bytes + 48)), w));
  return a | b << 16 | c << 32 | d << 48;
}
#elif defined(__ARM_NEON)
#include <arm_neon.h>
static inline uint64_t rounds_mask64(const uint8_t *bytes, uint8_t wanted) {
  const uint8x16_t w = vdupq_n_u8(wanted);
  const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t s0 = vandq_u8(vceqq_u8(vld1q_u8(bytes), w), bits);
  uint8x16_t s1 = vandq_u8(vceqq_u8(vld1q_u8(bytes + 16), w), bits);
  uint8x16_t s2 = vandq_u8(vceqq_u8(vld1q_u8(bytes + 32), w), bits);
  uint8x16_t s3 = vandq_u8(vceqq_u8(vld1q_u8(bytes + 48), w), bits);
  uint8x16_t sum = vpaddq_u8(vpaddq_u8(s0, s1), vpaddq_u8(s2, s3));
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
}
#else
static inline uint64_t rounds_mask64(const uint8_t *bytes, uint8_t wanted) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) { mask |= (uint64_t)(bytes[i] == wanted) << i; }
  return mask;
}
#endif

// 10 to the n-th as an exact double, n from 0 to 22. A switch is foreseen wrongly where the decimals of a column differ
// in number, and an array of Swift is looked up through its owner.
static inline double rounds_power_of_ten(ptrdiff_t n) {
  static const double powers[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  return powers[n < 0 ? 0 : n > 22 ? 22 : n];
}

// What `rounds_index_plain` stopped at.
enum rounds_stop {
  // A block that it does not take: one with a quote, or one that ends beyond the bytes.
  rounds_stop_block = 0,
  // A row that has not the expected number of cells.
  rounds_stop_irregular = 1,
  // A row that ends at the limit or later.
  rounds_stop_limit = 2
};

// Writes the ends of the cells of whole blocks without quotes, from `*block` on. `positions[*filled]` is the next one
// to be written, `positions[*row_end]` must come at the end of the row under way.
//
// The body is one for all instruction sets: a loop of Swift knows only the least that all machines of its kind have.
#define ROUNDS_INDEX_PLAIN(MASK, FLATTEN)                                                                              \
  size_t at = *block, next = *filled, ends = *row_end;                                                                 \
  int stop = rounds_stop_block;                                                                                        \
  while (at + 64 <= end) {                                                                                             \
    const uint8_t *here = bytes + at;                                                                                  \
    if (has_quote && MASK(here, quote)) break;                                                                         \
    uint64_t lines = MASK(here, line_end);                                                                             \
    uint64_t cells = MASK(here, delimiter) | lines;                                                                    \
    next += FLATTEN(cells, (uint32_t)at, positions + next);                                                            \
    while (lines) {                                                                                                    \
      const size_t position = at + (size_t)__builtin_ctzll(lines);                                                     \
      if (ends >= next || positions[ends] != (uint32_t)position) {                                                     \
        stop = rounds_stop_irregular;                                                                                  \
        goto done;                                                                                                     \
      }                                                                                                                \
      ends += columns;                                                                                                 \
      if (position + 1 >= limit) {                                                                                     \
        stop = rounds_stop_limit;                                                                                      \
        goto done;                                                                                                     \
      }                                                                                                                \
      lines &= lines - 1;                                                                                              \
    }                                                                                                                  \
    at += 64;                                                                                                          \
  }                                                                                                                    \
done:                                                                                                                  \
  *block = at;                                                                                                         \
  *filled = next;                                                                                                      \
  *row_end = ends;                                                                                                     \
  return stop;

// Writes the places of the set bits, counted from `base`; how many there are.
static inline size_t rounds_flatten(uint64_t bits, uint32_t base, uint32_t *places) {
  size_t count = 0;
  while (bits) {
    places[count++] = base + (uint32_t)__builtin_ctzll(bits);
    bits &= bits - 1;
  }
  return count;
}

static inline int rounds_index_plain_least(
  const uint8_t *bytes, size_t *block, size_t end, size_t limit, uint8_t delimiter, uint8_t line_end, uint8_t quote,
  int has_quote, size_t columns, uint32_t *positions, size_t *filled, size_t *row_end) {
  ROUNDS_INDEX_PLAIN(rounds_mask64, rounds_flatten)
}

#if defined(__x86_64__)
#include <immintrin.h>
#define ROUNDS_WIDE __attribute__((target("avx2,bmi,bmi2")))
ROUNDS_WIDE static inline uint64_t rounds_mask64_wide(const uint8_t *bytes, uint8_t wanted) {
  const __m256i w = _mm256_set1_epi8((char)wanted);
  const uint64_t a =
    (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)bytes), w));
  const uint64_t b =
    (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(bytes + 32)), w));
  return a | b << 32;
}

ROUNDS_WIDE static inline int rounds_index_plain_wide(
  const uint8_t *bytes, size_t *block, size_t end, size_t limit, uint8_t delimiter, uint8_t line_end, uint8_t quote,
  int has_quote, size_t columns, uint32_t *positions, size_t *filled, size_t *row_end) {
  ROUNDS_INDEX_PLAIN(rounds_mask64_wide, rounds_flatten)
}

#define ROUNDS_WIDEST __attribute__((target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512vbmi2")))
ROUNDS_WIDEST static inline uint64_t rounds_mask64_widest(const uint8_t *bytes, uint8_t wanted) {
  return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512((const void *)bytes), _mm512_set1_epi8((char)wanted));
}

// As `rounds_flatten`, without a branch for up to 16 bits: how many there are is foreseen wrongly in most blocks.
// Writes up to 64 places whatever their number.
ROUNDS_WIDEST static inline size_t rounds_flatten_widest(uint64_t bits, uint32_t base, uint32_t *places) {
  const __m512i first = _mm512_set1_epi32((int)base);
  const size_t count = (size_t)__builtin_popcountll(bits);
  const __m512i ascending = _mm512_set_epi64(
    0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928, 0x2726252423222120, 0x1F1E1D1C1B1A1918,
    0x1716151413121110, 0x0F0E0D0C0B0A0908, 0x0706050403020100);
  const __m512i packed = _mm512_maskz_compress_epi8(bits, ascending);
  _mm512_storeu_si512(
    (void *)places, _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
  if (__builtin_expect(count > 16, 0)) {
    const __m512i second = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1));
    const __m512i third = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2));
    const __m512i fourth = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3));
    _mm512_storeu_si512((void *)(places + 16), _mm512_add_epi32(first, second));
    _mm512_storeu_si512((void *)(places + 32), _mm512_add_epi32(first, third));
    _mm512_storeu_si512((void *)(places + 48), _mm512_add_epi32(first, fourth));
  }
  return count;
}

ROUNDS_WIDEST static inline int rounds_index_plain_widest(
  const uint8_t *bytes, size_t *block, size_t end, size_t limit, uint8_t delimiter, uint8_t line_end, uint8_t quote,
  int has_quote, size_t columns, uint32_t *positions, size_t *filled, size_t *row_end) {
  ROUNDS_INDEX_PLAIN(rounds_mask64_widest, rounds_flatten_widest)
}

// What this machine has, found when the program runs: 0 the least, 1 the wide instructions, 2 the widest ones.
static inline int rounds_instructions(void) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) return 0;
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2") ? 2 : 1;
}
#else
static inline int rounds_index_plain_widest(
  const uint8_t *bytes, size_t *block, size_t end, size_t limit, uint8_t delimiter, uint8_t line_end, uint8_t quote,
  int has_quote, size_t columns, uint32_t *positions, size_t *filled, size_t *row_end) {
  return rounds_index_plain_least(
    bytes, block, end, limit, delimiter, line_end, quote, has_quote, columns, positions, filled, row_end);
}
static inline int rounds_index_plain_wide(
  const uint8_t *bytes, size_t *block, size_t end, size_t limit, uint8_t delimiter, uint8_t line_end, uint8_t quote,
  int has_quote, size_t columns, uint32_t *positions, size_t *filled, size_t *row_end) {
  return rounds_index_plain_least(
    bytes, block, end, limit, delimiter, line_end, quote, has_quote, columns, positions, filled, row_end);
}
static inline int rounds_instructions(void) { return 0; }
#endif
#endif
