#define _GNU_SOURCE
#include "frames.h"

#include <stdlib.h>
#include <string.h>

size_t frame_build(unsigned char *to, int opcode, struct bytes payload) {
  size_t at = 0, length = payload.length;
  to[at++] = (unsigned char)(0x80 | opcode);
  if (length < 126) {
    to[at++] = (unsigned char)(0x80 | length);
  } else if (length < 65536) {
    to[at++] = 0x80 | 126;
    to[at++] = (unsigned char)(length >> 8);
    to[at++] = (unsigned char)length;
  } else {
    to[at++] = 0x80 | 127;
    for (int shift = 56; shift >= 0; shift -= 8) to[at++] = (unsigned char)((uint64_t)length >> shift);
  }
  memset(to + at, 0, 4); /* a mask of zeros leaves the payload as it is */
  memcpy(to + at + 4, payload.data, length);
  return at + 4 + length;
}

static size_t header_size(const unsigned char *header) {
  int length = header[1] & 127;
  return length == 126 ? 4 : length == 127 ? 10 : 2;
}

static uint64_t payload_length(const unsigned char *header) {
  size_t size = header_size(header);
  if (size == 2) return header[1] & 127;
  uint64_t length = 0;
  for (size_t i = 2; i < size; i++) length = length << 8 | header[i];
  return length;
}

size_t frame_header(struct client *client, const char *bytes, size_t length) {
  size_t used = 0;
  while (used < length) {
    client->header[client->header_length++] = (unsigned char)bytes[used++];
    if (client->header_length < 2 || client->header_length < header_size(client->header)) continue;
    client->opcode = client->header[0] & 15;
    client->length = client->left = payload_length(client->header);
    client->header_length = client->head_length = client->tail_length = 0;
    return used;
  }
  return used;
}

/* --- heads --- */

/* The epochs that servers have named; a load meets few. */
static char *epochs[NO_EPOCH];

static uint8_t epoch_of(const char *text, size_t length) {
  for (uint8_t i = 0; i < NO_EPOCH; i++) {
    if (!epochs[i]) epochs[i] = strndup(text, length);
    if (strlen(epochs[i]) == length && memcmp(epochs[i], text, length) == 0) return i;
  }
  return NO_EPOCH;
}

const char *epoch_text(uint8_t epoch) { return epoch == NO_EPOCH ? "" : epochs[epoch]; }

/* The number after a key, 0 without. */
static uint64_t number_after(const char *key, const char *text, size_t length) {
  const char *at = memmem(text, length, key, strlen(key)), *end = text + length;
  uint64_t value = 0;
  if (!at) return 0;
  for (at += strlen(key); at < end && *at >= '0' && *at <= '9'; at++) value = value * 10 + (uint64_t)(*at - '0');
  return value;
}

static enum frame_kind kind_of(const char *head, size_t length) {
  static const struct {
    const char *begin;
    enum frame_kind kind;
  } kinds[] = {
      {"{\"type\":\"updates\"", FRAME_UPDATES},
      {"{\"type\":\"heartbeat\"", FRAME_HEARTBEAT},
      {"{\"type\":\"snapshot\"", FRAME_SNAPSHOT},
      {"{\"type\":\"hello\"", FRAME_HELLO},
  };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    size_t size = strlen(kinds[i].begin);
    if (length >= size && memcmp(head, kinds[i].begin, size) == 0) return kinds[i].kind;
  }
  return FRAME_OTHER;
}

struct frame_head frame_head(const char *text, size_t length) {
  struct frame_head head = {.kind = kind_of(text, length), .epoch = NO_EPOCH};
  if (head.kind == FRAME_OTHER) return head;
  head.rev = number_after("\"rev\":", text, length);
  if (head.kind == FRAME_SNAPSHOT)
    head.is_last = number_after("\"part\":", text, length) == number_after("\"of\":", text, length);
  const char *key = "\"epoch\":\"", *at = memmem(text, length, key, strlen(key));
  if (!at) return head;
  at += strlen(key);
  const char *quote = memchr(at, '"', (size_t)(text + length - at));
  if (quote) head.epoch = epoch_of(at, (size_t)(quote - at));
  return head;
}
