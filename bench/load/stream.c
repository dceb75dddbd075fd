#define _GNU_SOURCE
#include "stream.h"

#include <string.h>
#include <sys/types.h>

#include "frames.h"

#define END_OF_HEADERS "\r\n\r\n"

static void keep_tail(struct client *client, const char *piece, size_t length) {
  if (length >= TAIL_BYTES) {
    memcpy(client->tail, piece + length - TAIL_BYTES, TAIL_BYTES);
    client->tail_length = TAIL_BYTES;
    return;
  }
  size_t kept = client->tail_length + length > TAIL_BYTES ? TAIL_BYTES - length : client->tail_length;
  memmove(client->tail, client->tail + client->tail_length - kept, kept);
  memcpy(client->tail + kept, piece, length);
  client->tail_length = (uint8_t)(kept + length);
}

static void count(struct load *load, struct client *client, const struct findings *found, int64_t now) {
  struct counters *counters = &load->counters;
  counters->updates += found->updates;
  if (found->updates > 0 && client->reached_in != counters->mark) {
    client->reached_in = counters->mark;
    counters->reached++;
  }
  if (client->was_stopped) return;
  for (uint32_t i = 0; i < found->stamps; i++) histogram_add(&counters->latency, now - found->stamp[i]);
}

/* A piece of a frame's payload; `left` is already what comes after it. */
static void take_payload(struct load *load, struct client *client, const char *piece, size_t length) {
  if (client->head_length < HEAD_BYTES) {
    size_t more = HEAD_BYTES - client->head_length;
    if (more > length) more = length;
    memcpy(client->head + client->head_length, piece, more);
    client->head_length += (uint8_t)more;
  }
  if (client->opcode >= OPCODE_CLOSE) return;
  const struct watch *watch = &load->options.watch;
  int64_t now = watch->stamp == STAMP_NONE ? 0 : stamp_now(watch->stamp);
  if (length == client->length) {
    count(load, client, look(watch, piece, length), now);
    return;
  }
  count(load, client, look_on(watch, client->tail, client->tail_length, piece, length), now);
  keep_tail(client, piece, length);
}

static void answer_whole(const struct load *load, const struct client *client) {
  const struct options *options = &load->options;
  for (int i = 0; i < options->answers; i++)
    if (options->when[i].length == client->length &&
        memcmp(options->when[i].data, client->head, client->length) == 0)
      client_say(load, client, options->answer[i]);
}

static void caught_up(struct load *load, struct client *client, enum frame_kind kind) {
  if (client->is_caught_up) return;
  client->is_caught_up = true;
  load->caught_up++;
  if (kind == FRAME_UPDATES)
    load->caught_by_updates++;
  else
    load->caught_by_snapshot++;
  load->caught_up_ns = clock_mono();
}

static void end_frame(struct load *load, struct client *client) {
  if (client->opcode == OPCODE_PING) {
    client_write_frame(client, OPCODE_PONG, (struct bytes){client->head, client->head_length});
    return;
  }
  if (client->opcode > OPCODE_BINARY) return;
  load->counters.frames++;
  if (client->length <= HEAD_BYTES) answer_whole(load, client);
  struct frame_head head = frame_head(client->head, client->head_length);
  if (head.kind == FRAME_OTHER) return;
  if (head.epoch != NO_EPOCH) client->epoch = head.epoch;
  if (head.kind == FRAME_HELLO || (head.kind == FRAME_SNAPSHOT && !head.is_last)) return;
  client->rev = head.rev; /* protocol.md, "Positions and resuming" */
  if (head.kind == FRAME_SNAPSHOT) load->counters.snapshots++;
  if (head.kind != FRAME_HEARTBEAT) caught_up(load, client, head.kind);
}

static void take_frames(struct load *load, struct client *client, const char *bytes, size_t length) {
  while (length > 0) {
    if (client->left == 0) {
      size_t used = frame_header(client, bytes, length);
      bytes += used;
      length -= used;
      if (client->header_length > 0) return; /* more of the header is to come */
    }
    size_t piece = client->left < length ? (size_t)client->left : length;
    client->left -= piece;
    take_payload(load, client, bytes, piece);
    bytes += piece;
    length -= piece;
    if (client->left == 0) end_frame(load, client);
  }
}

/* Without frames there are only bytes: every read is a piece. */
static void take_bytes(struct load *load, struct client *client, const char *bytes, size_t length) {
  const struct options *options = &load->options;
  const struct watch *watch = &options->watch;
  int64_t now = watch->stamp == STAMP_NONE ? 0 : stamp_now(watch->stamp);
  const struct findings *found = look_on(watch, client->tail, client->tail_length, bytes, length);
  load->counters.frames += found->updates;
  count(load, client, found, now);
  keep_tail(client, bytes, length);
  for (int i = 0; i < options->answers; i++)
    if (memmem(bytes, length, options->when[i].data, options->when[i].length))
      client_say(load, client, options->answer[i]);
}

/* Takes the answer to the handshake, which may come in pieces. Returns how many bytes it used, -1 if it was refused. */
static ssize_t take_handshake(struct load *load, struct client *client, const char *bytes, size_t length) {
  size_t before = client->head_length;
  size_t more = length < HEAD_BYTES - before ? length : HEAD_BYTES - before;
  memcpy(client->head + before, bytes, more);
  client->head_length += (uint8_t)more;
  size_t known = client->head_length < 12 ? client->head_length : 12;
  if (memcmp(client->head, "HTTP/1.1 101", known) != 0) return -1;
  for (size_t i = 0; i < length; i++) {
    client->tail_length = bytes[i] == END_OF_HEADERS[client->tail_length] ? client->tail_length + 1 : bytes[i] == '\r';
    if (client->tail_length < 4) continue;
    client->tail_length = client->head_length = 0;
    client_opened(load, client);
    return (ssize_t)i + 1;
  }
  return (ssize_t)length;
}

bool stream_take(struct load *load, struct client *client, const char *bytes, size_t length) {
  if (client->state == CLIENT_SHAKING_HANDS) {
    ssize_t used = take_handshake(load, client, bytes, length);
    if (used < 0) return false;
    bytes += used;
    length -= (size_t)used;
  }
  if (length == 0 || client->state != CLIENT_OPEN) return true;
  struct counters *counters = &load->counters;
  counters->bytes += length;
  counters->last_ns = clock_mono();
  if (counters->first_ns == 0) counters->first_ns = counters->last_ns;
  if (load->options.is_tcp)
    take_bytes(load, client, bytes, length);
  else
    take_frames(load, client, bytes, length);
  return true;
}
