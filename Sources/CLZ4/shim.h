#ifndef ROUNDS_CLZ4_H
#define ROUNDS_CLZ4_H
#include <lz4frame.h>
#endif
