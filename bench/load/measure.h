/* What is counted and timed: update markers, time stamps inside payloads, a histogram of latencies. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stamp_kind { STAMP_NONE, STAMP_ISO, STAMP_MONO };

/* What to look for in payloads. */
struct watch {
  const char *marker; /* counted as one update; NULL: nothing is */
  enum stamp_kind stamp;
};

/* Longest text that is still found when it is split over two reads. */
#define TAIL_BYTES 64
/* Most stamps taken from one text; what is beyond counts as updates only. */
#define MAX_STAMPS 2048

/* What was found in a text. Stamps are nanoseconds on the clock that `stamp_now` reads. */
struct findings {
  uint32_t updates;
  uint32_t stamps;
  int64_t stamp[MAX_STAMPS];
};

struct histogram {
  uint64_t count;
  uint64_t max_us;
  uint64_t bucket[27 * 64];
};

int64_t clock_mono(void);
/* Now, on the clock of the stamps. */
int64_t stamp_now(enum stamp_kind kind);

/* Finds all in a whole text; one seen before is recognised by its bytes. The result is good until the next call. */
const struct findings *look(const struct watch *watch, const char *text, size_t length);
/* Finds all in a piece, and what began in the `tail` of the piece before it. */
const struct findings *look_on(const struct watch *watch, const char *tail, size_t tail_length,
                               const char *piece, size_t length);

void histogram_add(struct histogram *histogram, int64_t ns);
/* The latency, in ms, that the share `share` of all did not exceed; exact to 1.6 %. */
double histogram_share(const struct histogram *histogram, double share);

#endif
