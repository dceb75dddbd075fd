/* The command line of the load client. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "measure.h"

#define MAX_ANSWERS 4

struct bytes {
  const char *data;
  size_t length;
};

struct options {
  int connections, port, sources, at_once, poll_us;
  const char *path, *protocol;
  bool is_tcp;
  struct watch watch;
  struct bytes *first; /* sent after the handshake, to one client after the other */
  int firsts;
  struct bytes when[MAX_ANSWERS], answer[MAX_ANSWERS];
  int answers;
};

/* Reads the command line; ends the program where it makes no sense. */
struct options read_options(int argc, char **argv);

#endif
