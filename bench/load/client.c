#define _GNU_SOURCE
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frames.h"
#include "stream.h"

#define FIRST_SOURCE 0x7f000002u /* 127.0.0.2 */
#define READ_BYTES (256 * 1024)

/* --- beginning and end --- */

static void forget_stream(struct client *client) {
  client->header_length = client->head_length = client->tail_length = 0;
  client->left = client->length = 0;
  client->is_stopped = client->was_stopped = client->is_caught_up = false;
}

void client_connect(struct load *load, int index) {
  struct client *client = &load->clients[index];
  int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    perror("socket");
    exit(1);
  }
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  struct sockaddr_in from = {.sin_family = AF_INET};
  from.sin_addr.s_addr = htonl(FIRST_SOURCE + (uint32_t)(index % load->options.sources));
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)load->options.port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  forget_stream(client);
  client->fd = fd;
  client->state = CLIENT_CONNECTING;
  load->pending++;
  if (bind(fd, (struct sockaddr *)&from, sizeof from) ||
      (connect(fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS)) {
    client_cut(load, client);
    return;
  }
  struct epoll_event wish = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.u32 = (uint32_t)index};
  epoll_ctl(load->poll_fd, EPOLL_CTL_ADD, fd, &wish);
}

void client_end(struct load *load, struct client *client) {
  if (client->state == CLIENT_OPEN) {
    load->open--;
    load->closed++;
  } else {
    load->pending--;
    load->failed++;
  }
  close(client->fd);
  client->fd = -1;
  client->state = CLIENT_ENDED;
}

void client_cut(struct load *load, struct client *client) {
  if (client->state == CLIENT_IDLE || client->state == CLIENT_ENDED) return;
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  client_end(load, client);
}

void client_stop(struct load *load, int index, bool stops) {
  struct client *client = &load->clients[index];
  if (client->state != CLIENT_OPEN || client->is_stopped == stops) return;
  client->is_stopped = stops;
  client->was_stopped = true;
  struct epoll_event wish = {.events = stops ? 0 : EPOLLIN | EPOLLRDHUP | EPOLLET, .data.u32 = (uint32_t)index};
  epoll_ctl(load->poll_fd, EPOLL_CTL_MOD, client->fd, &wish);
}

/* --- writing: everything is small, and goes into an empty socket buffer --- */

static void write_all(const struct client *client, const void *data, size_t length) {
  if (send(client->fd, data, length, MSG_NOSIGNAL) == (ssize_t)length) return;
  if (errno != ECONNRESET && errno != EPIPE) perror("send");
}

void client_write_frame(const struct client *client, int opcode, struct bytes payload) {
  unsigned char *frame = malloc(payload.length + FRAME_HEADER_BYTES);
  size_t length = frame_build(frame, opcode, payload);
  write_all(client, frame, length);
  free(frame);
}

void client_say(const struct load *load, const struct client *client, struct bytes what) {
  if (load->options.is_tcp)
    write_all(client, what.data, what.length);
  else
    client_write_frame(client, OPCODE_TEXT, what);
}

static void say_first(const struct load *load, const struct client *client) {
  if (load->options.firsts == 0) return;
  struct bytes first = load->options.first[(client - load->clients) % load->options.firsts];
  if (!load->sends_since || client->epoch == NO_EPOCH || first.length < 2 || first.data[0] != '{') {
    client_say(load, client, first);
    return;
  }
  char *with;
  int length = asprintf(&with, "{\"since\":{\"epoch\":\"%s\",\"rev\":%llu}%s%.*s", epoch_text(client->epoch),
                        (unsigned long long)client->rev, first.data[1] == '}' ? "" : ",",
                        (int)first.length - 1, first.data + 1);
  client_say(load, client, (struct bytes){with, (size_t)length});
  free(with);
}

void client_opened(struct load *load, struct client *client) {
  client->state = CLIENT_OPEN;
  load->pending--;
  load->open++;
  say_first(load, client);
}

/* Tells the server hello once the connection is made. */
static void connected(struct load *load, int index) {
  struct client *client = &load->clients[index];
  const struct options *options = &load->options;
  struct epoll_event wish = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.u32 = (uint32_t)index};
  epoll_ctl(load->poll_fd, EPOLL_CTL_MOD, client->fd, &wish);
  if (options->is_tcp) {
    client_opened(load, client);
    return;
  }
  char request[1024];
  int length = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
                        options->path, options->port, options->protocol ? "Sec-WebSocket-Protocol: " : "",
                        options->protocol ? options->protocol : "", options->protocol ? "\r\n" : "");
  client->state = CLIENT_SHAKING_HANDS;
  write_all(client, request, (size_t)length);
}

/* --- reading --- */

static char buffer[READ_BYTES];

/* Reads until nothing is left. A short read means that, unless the other side has ended (epoll(7), question 9). */
static void read_all(struct load *load, struct client *client, bool has_ended) {
  for (;;) {
    ssize_t length = recv(client->fd, buffer, sizeof buffer, 0);
    if (length < 0 && errno == EAGAIN) return;
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) {
      client_end(load, client);
      return;
    }
    load->counters.reads++;
    if (!stream_take(load, client, buffer, (size_t)length)) {
      client_end(load, client);
      return;
    }
    if ((size_t)length < sizeof buffer && !has_ended) return;
  }
}

void client_ready(struct load *load, int index, uint32_t events) {
  struct client *client = &load->clients[index];
  if (client->fd < 0) return;
  if (client->state == CLIENT_CONNECTING) {
    if (events & (EPOLLERR | EPOLLHUP))
      client_end(load, client);
    else if (events & EPOLLOUT)
      connected(load, index);
    return;
  }
  if (client->is_stopped && !(events & (EPOLLERR | EPOLLHUP))) return;
  if (client->is_stopped)
    client_end(load, client);
  else
    read_all(load, client, events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR));
}
