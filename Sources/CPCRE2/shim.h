#ifndef ROUNDS_CPCRE2_H
#define ROUNDS_CPCRE2_H
// PCRE2's 8-bit library behind inline functions: its own names are macros, which Swift cannot import.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static inline pcre2_code_8 *rounds_pcre2_compile(const unsigned char *pattern, size_t length,
                                                 unsigned options, int *error, size_t *offset) {
  return pcre2_compile_8(pattern, length, options, error, offset, 0);
}
static inline unsigned rounds_pcre2_utf(void) { return PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C; }
static inline int rounds_pcre2_jit(pcre2_code_8 *code) { return pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE); }
static inline int rounds_pcre2_message(int error, unsigned char *buffer, size_t size) {
  return pcre2_get_error_message_8(error, buffer, size);
}
static inline unsigned rounds_pcre2_capture_count(pcre2_code_8 *code) {
  unsigned count = 0;
  pcre2_pattern_info_8(code, PCRE2_INFO_CAPTURECOUNT, &count);
  return count;
}
static inline pcre2_match_context_8 *rounds_pcre2_limited(unsigned limit) {
  pcre2_match_context_8 *context = pcre2_match_context_create_8(0);
  if (context) { pcre2_set_match_limit_8(context, limit); }
  return context;
}
#endif
