#ifndef ROUNDS_CLIBEDIT_H
#define ROUNDS_CLIBEDIT_H
// libedit behind fixed-argument inline functions: Swift imports no variadic C function.
#include <histedit.h>
#endif
