#define _GNU_SOURCE
#include "measure.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_S 1000000000ll
#define ISO_PREFIX "\"result\":{\"at\":\""
#define ISO_DIGITS 24 /* 2026-11-24T12:00:00.123Z */
#define MONO_PREFIX "\"ts\":\""
#define MONO_DIGITS 16

static int64_t clock_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * NS_PER_S + t.tv_nsec;
}

int64_t clock_mono(void) { return clock_ns(CLOCK_MONOTONIC); }

int64_t stamp_now(enum stamp_kind kind) {
  return clock_ns(kind == STAMP_ISO ? CLOCK_REALTIME : CLOCK_MONOTONIC);
}

/* --- stamps --- */

static int64_t number_at(const char *text, int digits) {
  int64_t value = 0;
  for (int i = 0; i < digits; i++) value = value * 10 + (text[i] - '0');
  return value;
}

/* Days since 1970-01-01 of a day of the Gregorian calendar, by H. Hinnant's days_from_civil. */
static int64_t days_since_1970(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2;
  int64_t era = year / 400, of_era = year - era * 400;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719468;
}

static int64_t iso_ns(const char *t) {
  int64_t days = days_since_1970(number_at(t, 4), number_at(t + 5, 2), number_at(t + 8, 2));
  int64_t seconds = number_at(t + 11, 2) * 3600 + number_at(t + 14, 2) * 60 + number_at(t + 17, 2);
  return (days * 86400 + seconds) * NS_PER_S + number_at(t + 20, 3) * 1000000;
}

/* --- looking --- */

/* Where a match may lie: anywhere, or only across `border`. */
struct place {
  const char *text;
  size_t length;
  size_t border; /* 0: anywhere */
};

static bool counts_here(const struct place *place, size_t start, size_t size) {
  return place->border == 0 || (start < place->border && start + size > place->border);
}

static void find_markers(const char *marker, const struct place *place, struct findings *found) {
  size_t size = strlen(marker);
  const char *end = place->text + place->length;
  for (const char *at = place->text; (at = memmem(at, end - at, marker, size)); at += size)
    if (counts_here(place, at - place->text, size)) found->updates++;
}

static void find_stamps(enum stamp_kind kind, const struct place *place, struct findings *found) {
  const char *prefix = kind == STAMP_ISO ? ISO_PREFIX : MONO_PREFIX;
  size_t skip = strlen(prefix), size = skip + (kind == STAMP_ISO ? ISO_DIGITS : MONO_DIGITS);
  const char *end = place->text + place->length;
  for (const char *at = place->text; (at = memmem(at, end - at, prefix, skip)); at += skip) {
    if (at + size > end || found->stamps == MAX_STAMPS) return;
    if (!counts_here(place, at - place->text, size)) continue;
    found->stamp[found->stamps++] =
        kind == STAMP_ISO ? iso_ns(at + skip) : number_at(at + skip, MONO_DIGITS);
  }
}

static void find(const struct watch *watch, const struct place *place, struct findings *found) {
  if (watch->marker) find_markers(watch->marker, place, found);
  if (watch->stamp != STAMP_NONE) find_stamps(watch->stamp, place, found);
}

/* Texts seen lately: a broadcast brings the same bytes to every client, and comparing is cheaper than looking. */
struct seen {
  char *text;
  size_t length;
  struct findings findings;
};
#define SEEN 64
#define LONGEST_SEEN (128 * 1024)

static size_t slot_of(const char *text, size_t length) {
  size_t hash = length;
  for (size_t i = 0; i < length && i < 40; i++) hash = hash * 31 + (unsigned char)text[i];
  return hash % SEEN;
}

const struct findings *look(const struct watch *watch, const char *text, size_t length) {
  static struct seen table[SEEN];
  static struct findings found;
  struct place all = {text, length, 0};
  if (length > LONGEST_SEEN) {
    found.updates = found.stamps = 0;
    find(watch, &all, &found);
    return &found;
  }
  struct seen *seen = &table[slot_of(text, length)];
  if (seen->text && seen->length == length && memcmp(seen->text, text, length) == 0)
    return &seen->findings;
  if (!seen->text) seen->text = malloc(LONGEST_SEEN);
  memcpy(seen->text, text, length);
  seen->length = length;
  seen->findings.updates = seen->findings.stamps = 0;
  find(watch, &all, &seen->findings);
  return &seen->findings;
}

const struct findings *look_on(const struct watch *watch, const char *tail, size_t tail_length,
                               const char *piece, size_t length) {
  static struct findings found;
  found.updates = found.stamps = 0;
  if (tail_length > 0) {
    char joint[2 * TAIL_BYTES];
    size_t more = length < TAIL_BYTES ? length : TAIL_BYTES;
    memcpy(joint, tail, tail_length);
    memcpy(joint + tail_length, piece, more);
    find(watch, &(struct place){joint, tail_length + more, tail_length}, &found);
  }
  find(watch, &(struct place){piece, length, 0}, &found);
  return &found;
}

/* --- the histogram: 64 buckets for each power of two of a microsecond --- */

static int bucket_of(uint64_t us) {
  if (us < 64) return (int)us;
  int power = 63 - __builtin_clzll(us);
  int bucket = (power - 5) * 64 + (int)((us >> (power - 6)) & 63);
  int last = (int)(sizeof(((struct histogram *)0)->bucket) / sizeof(uint64_t)) - 1;
  return bucket < last ? bucket : last;
}

static double upper_ms(int bucket) {
  if (bucket < 64) return (bucket + 1) / 1000.0;
  int power = bucket / 64 + 5;
  return (double)(((uint64_t)(bucket % 64) + 65) << (power - 6)) / 1000.0;
}

void histogram_add(struct histogram *histogram, int64_t ns) {
  uint64_t us = ns > 0 ? (uint64_t)ns / 1000 : 0;
  histogram->bucket[bucket_of(us)]++;
  histogram->count++;
  if (us > histogram->max_us) histogram->max_us = us;
}

double histogram_share(const struct histogram *histogram, double share) {
  uint64_t wanted = (uint64_t)(share * (double)histogram->count), seen = 0;
  int buckets = sizeof histogram->bucket / sizeof *histogram->bucket;
  for (int i = 0; i < buckets; i++) {
    seen += histogram->bucket[i];
    if (seen > wanted) return upper_ms(i);
  }
  return histogram->count ? histogram->max_us / 1000.0 : 0;
}
