#ifndef ROUNDS_CMALLOC_H
#define ROUNDS_CMALLOC_H
#include <malloc.h>
#endif
