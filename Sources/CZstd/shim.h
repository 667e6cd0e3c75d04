#ifndef ROUNDS_CZSTD_H
#define ROUNDS_CZSTD_H
#include <zstd.h>
#endif
