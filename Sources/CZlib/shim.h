#ifndef ROUNDS_CZLIB_H
#define ROUNDS_CZLIB_H
#include <zlib.h>
#include <string.h>
// inflateInit2 is a macro that Swift cannot import; 15 + 32 reads both gzip and zlib headers.
static inline int rounds_inflate_init(z_stream *stream) {
  memset(stream, 0, sizeof *stream);
  return inflateInit2(stream, 15 + 32);
}
// A gzip header with neither time nor name: the same data gives the same bytes.
static inline int rounds_deflate_init(z_stream *stream, int level) {
  memset(stream, 0, sizeof *stream);
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
#endif
