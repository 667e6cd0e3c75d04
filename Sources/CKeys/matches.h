// Looking up the rows of a join's side in a table indexed by the other side's keys. No branch depends on what is found.

#ifndef ROUNDS_MATCHES_H
#define ROUNDS_MATCHES_H

#include <stddef.h>
#include <stdint.h>

// For each row whose key is among the table's: the row, and what the table says of the key. The table's entry `last` says
// UINT32_MAX, as every entry does whose key nobody has; keys outside of the table take it, and rows that are not known.
// `rows` and `partners` have a place more than there are keys. `marks[n]` becomes 1 for each number n below `none` that
// is found, and `marks[none]` for any other. Gives how many rows were found.
#define ROUNDS_MATCH(name, type)                                                                        \
  static inline size_t name(const type *restrict keys, size_t count, uint64_t base,                     \
                            const uint32_t *restrict table, uint64_t last, const uint64_t *known,       \
                            uint32_t *restrict rows, uint32_t *restrict partners,                       \
                            uint8_t *restrict marks, uint32_t none) {                                   \
    size_t next = 0;                                                                                    \
    for (size_t row = 0; row < count; row++) {                                                          \
      uint64_t index = (uint64_t)(int64_t)keys[row] - base;                                             \
      if (known && !(known[row >> 6] >> (row & 63) & 1)) index = last;                                  \
      uint32_t number = table[index < last ? index : last];                                             \
      rows[next] = (uint32_t)row;                                                                       \
      partners[next] = number;                                                                          \
      marks[number < none ? number : none] = 1;                                                         \
      next += number != UINT32_MAX;                                                                     \
    }                                                                                                   \
    return next;                                                                                        \
  }

ROUNDS_MATCH(rounds_match_i8, int8_t)
ROUNDS_MATCH(rounds_match_i16, int16_t)
ROUNDS_MATCH(rounds_match_i32, int32_t)
ROUNDS_MATCH(rounds_match_i64, int64_t)
ROUNDS_MATCH(rounds_match_u8, uint8_t)
ROUNDS_MATCH(rounds_match_u16, uint16_t)
ROUNDS_MATCH(rounds_match_u32, uint32_t)

#endif
