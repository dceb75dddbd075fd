/* One connection of the load client: its handshake, what it reads, and where in the log it is. */
#ifndef CLIENT_H
#define CLIENT_H

#include "measure.h"
#include "options.h"

enum state { CLIENT_IDLE, CLIENT_CONNECTING, CLIENT_SHAKING_HANDS, CLIENT_OPEN, CLIENT_ENDED };

/* Enough for any control frame, and for the head of a data frame up to its `rev`. */
#define HEAD_BYTES 128

struct client {
  int fd;
  enum state state;
  bool is_stopped;    /* does not read now */
  bool was_stopped;   /* has not read for a while: its latencies are its own doing */
  bool is_caught_up;  /* has had the first answer to its subscription */
  uint8_t epoch;      /* index in `epochs` */
  uint8_t opcode;
  uint8_t header_length, head_length, tail_length;
  uint32_t reached_in; /* the last mark since which it had an update */
  uint64_t rev;
  uint64_t length, left; /* of the frame's payload; what is still to come */
  unsigned char header[14];
  char head[HEAD_BYTES];
  char tail[TAIL_BYTES];
};

/* Everything since the last mark. */
struct counters {
  uint32_t mark;
  uint64_t frames, updates, bytes, reads, snapshots, reached;
  int64_t first_ns, last_ns;
  struct histogram latency;
};

/* The whole of the load: shared by client.c and load.c. */
struct load {
  struct options options;
  struct client *clients;
  int poll_fd;
  int next;    /* the client that is connected next */
  int pending; /* handshakes in progress */
  int open, closed, failed;
  bool sends_since; /* each says where it was */
  int caught_up, caught_by_updates, caught_by_snapshot;
  int64_t caught_up_ns;
  struct counters counters;
};

/* Begins to connect. */
void client_connect(struct load *load, int index);
/* Goes on after epoll reported `events`. */
void client_ready(struct load *load, int index, uint32_t events);
/* Ends a connection with a reset. */
void client_cut(struct load *load, struct client *client);
/* Ends a connection. */
void client_end(struct load *load, struct client *client);
/* The handshake is over: says what is to be said first. */
void client_opened(struct load *load, struct client *client);
/* Sends a text: as a frame, or in TCP mode as it is. */
void client_say(const struct load *load, const struct client *client, struct bytes what);
void client_write_frame(const struct client *client, int opcode, struct bytes payload);
/* Makes a client stop reading, or read again. */
void client_stop(struct load *load, int index, bool stops);

#endif
