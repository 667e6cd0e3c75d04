// What the machine needs at least: a bare loop over the same bytes, beside which the programs are measured.
//
//     bench-floor read FILE         reads the file once and counts its line ends
//     bench-floor sum ROWS          adds a column of numbers by a column of group numbers, from memory
//     bench-floor write FILE OUT    copies the file's bytes to another file
//
// It prints the CPU time in seconds of the loop itself, without making the data.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static char block[1 << 20];

static long read_lines(const char *path, int target) {
  int file = open(path, O_RDONLY);
  if (file < 0) return -1;
  long lines = 0;
  ssize_t size;
  while ((size = read(file, block, sizeof block)) > 0) {
    if (target >= 0) {
      if (write(target, block, size) != size) return -1;
      continue;
    }
    const char *at = block, *end = block + size;
    while ((at = memchr(at, '\n', end - at))) {
      lines++;
      at++;
    }
  }
  close(file);
  return size < 0 ? -1 : lines;
}

static double sum(long rows) {
  double *values = malloc(rows * sizeof *values), totals[256] = {0}, all = 0;
  unsigned char *groups = malloc(rows);
  if (!values || !groups) exit(1);
  for (long row = 0; row < rows; row++) {
    values[row] = row % 1000;
    groups[row] = row * 2654435761u >> 24;
  }
  double started = now();
  for (long row = 0; row < rows; row++) totals[groups[row]] += values[row];
  double took = now() - started;
  for (int group = 0; group < 256; group++) all += totals[group];
  // The total is used, so that the loop is not left out.
  return all < 0 ? 0 : took;
}

int main(int count, char **words) {
  if (count < 3) return 2;
  double started = now();
  if (!strcmp(words[1], "sum")) {
    printf("%.6f\n", sum(atol(words[2])));
    return 0;
  }
  int target = -1;
  if (!strcmp(words[1], "write")) {
    if (count < 4 || (target = open(words[3], O_WRONLY | O_CREAT | O_TRUNC, 0600)) < 0) return 1;
  }
  if (read_lines(words[2], target) < 0) return 1;
  printf("%.6f\n", now() - started);
  return 0;
}
