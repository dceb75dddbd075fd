/* Frames of RFC 6455 as a client reads and writes them, and the heads of payer-status-v2 frames. */
#ifndef FRAMES_H
#define FRAMES_H

#include "client.h"

#define OPCODE_TEXT 1
#define OPCODE_BINARY 2
#define OPCODE_CLOSE 8
#define OPCODE_PING 9
#define OPCODE_PONG 10

/* Most bytes that stand before a payload that a client sends. */
#define FRAME_HEADER_BYTES 14
#define NO_EPOCH 255

enum frame_kind { FRAME_OTHER, FRAME_HELLO, FRAME_SNAPSHOT, FRAME_UPDATES, FRAME_HEARTBEAT };

/* What the beginning of a frame of payer-status-v2 says. */
struct frame_head {
  enum frame_kind kind;
  uint64_t rev;
  uint8_t epoch; /* NO_EPOCH where it says none */
  bool is_last;  /* of a snapshot: its last part */
};

/* Writes a whole frame, masked with zeros. Returns its length. */
size_t frame_build(unsigned char *to, int opcode, struct bytes payload);
/* Takes bytes of a frame's header. Returns how many; when `header_length` is 0 then, the payload comes next. */
size_t frame_header(struct client *client, const char *bytes, size_t length);
struct frame_head frame_head(const char *head, size_t length);
const char *epoch_text(uint8_t epoch);

#endif
