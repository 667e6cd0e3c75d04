#ifndef ROUNDS_CVECTOR_H
#define ROUNDS_CVECTOR_H
// 64-byte comparison masks: bit i of the result tells whether byte i equals the wanted one.
// Swift has no movemask of its own; a header inlines at no cost.
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
#endif
