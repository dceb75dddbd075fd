/* What a client makes of the bytes it reads: the answer to its handshake, then frames, or just bytes. */
#ifndef STREAM_H
#define STREAM_H

#include "client.h"

/* Takes bytes that were read. Returns false when the handshake was refused. */
bool stream_take(struct load *load, struct client *client, const char *bytes, size_t length);

#endif
