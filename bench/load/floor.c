/*
 * The floor: the least that a server of many WebSockets can do. It accepts, answers every handshake with the same 101,
 * and writes frames of a given size to every socket, one `send` each. Words on standard input:
 * `pub COUNT INTERVAL_MS SIZE [BATCH]` writes COUNT times, every INTERVAL_MS, BATCH frames of SIZE bytes in one write;
 * `clients` says how many are connected. Every word is answered by one line of JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_SOCKETS 65536
#define LEAST_FRAME 40
#define MOST_FRAME (1 << 20)
#define EVENTS 512

static int sockets[MOST_SOCKETS], place_of[MOST_SOCKETS], count, poll_fd;

/* RFC 6455 section 4.2.2, for the key that load.c sends. */
static const char switching[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n";

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static double cpu_seconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* --- sockets --- */

static void add(int fd) {
  if (fd >= MOST_SOCKETS) {
    close(fd);
    return;
  }
  place_of[fd] = count;
  sockets[count++] = fd;
}

static void drop(int fd) {
  int place = place_of[fd];
  if (place >= 0) {
    sockets[place] = sockets[--count];
    place_of[sockets[place]] = place;
    place_of[fd] = -1;
  }
  close(fd);
}

static void accept_all(int listener) {
  int fd, on = 1;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fd < MOST_SOCKETS) place_of[fd] = -1;
    struct epoll_event wish = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &wish);
  }
}

/* The first bytes are taken for a handshake; whatever comes later is read and dropped. */
static void take(int fd) {
  static char bytes[4096];
  ssize_t length = recv(fd, bytes, sizeof bytes, 0);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) {
    drop(fd);
    return;
  }
  if (place_of[fd] >= 0) return;
  if (send(fd, switching, sizeof switching - 1, MSG_NOSIGNAL) < 0) drop(fd);
  else add(fd);
}

/* --- writing --- */

/* A frame of exactly `size` bytes with a stamp near its beginning. */
static size_t build(char *frame, size_t size) {
  size_t header = size - 2 < 126 ? 2 : size - 4 < 65536 ? 4 : 10, length = size - header;
  frame[0] = (char)0x81;
  frame[1] = (char)(header == 2 ? length : header == 4 ? 126 : 127);
  for (size_t i = 2; i < header; i++) frame[i] = (char)((uint64_t)length >> (8 * (header - 1 - i)));
  char begin[40];
  int begun = snprintf(begin, sizeof begin, "{\"ts\":\"%016lld\"", (long long)now_ns());
  memset(frame + header, ' ', length);
  memcpy(frame + header, begin, (size_t)begun);
  frame[size - 1] = '}';
  return size;
}

/* Writes all of it, waiting where the socket is full. Returns whether it had to wait. */
static int write_whole(int fd, const char *data, size_t length) {
  int waits = 0;
  while (length > 0) {
    ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
    if (sent > 0) {
      data += sent;
      length -= (size_t)sent;
      continue;
    }
    if (errno != EAGAIN) return waits;
    struct pollfd wish = {fd, POLLOUT, 0};
    waits = 1;
    if (poll(&wish, 1, 1000) <= 0) return waits;
  }
  return waits;
}

static void sleep_until(int64_t ns) {
  struct timespec until = {ns / 1000000000, ns % 1000000000};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static void publish(int times, double interval_ms, size_t size, int batch) {
  char *frames = malloc(size * (size_t)batch);
  long long writes = 0, waits = 0;
  int64_t began = now_ns();
  double cpu = cpu_seconds();
  for (int i = 0; i < times; i++) {
    size_t length = 0;
    for (int j = 0; j < batch; j++) length += build(frames + length, size);
    for (int j = 0; j < count; j++) waits += write_whole(sockets[j], frames, length);
    writes += count;
    sleep_until(began + (int64_t)((i + 1) * interval_ms * 1e6));
  }
  printf("{\"ev\":\"done\",\"writes\":%lld,\"waits\":%lld,\"cpuSeconds\":%.6f,\"seconds\":%.4f}\n", writes, waits,
         cpu_seconds() - cpu, (double)(now_ns() - began) / 1e9);
  free(frames);
}

/* --- words --- */

static void obey(const char *word) {
  int times, size, batch = 1;
  double interval_ms;
  if (sscanf(word, "pub %d %lf %d %d", &times, &interval_ms, &size, &batch) >= 3) {
    if (size < LEAST_FRAME) size = LEAST_FRAME;
    if (size > MOST_FRAME) size = MOST_FRAME;
    publish(times, interval_ms, (size_t)size, batch < 1 ? 1 : batch);
  } else if (strncmp(word, "clients", 7) == 0) {
    printf("{\"ev\":\"clients\",\"clients\":%d}\n", count);
  } else {
    printf("{\"ev\":\"error\",\"message\":\"unknown word\"}\n");
  }
  fflush(stdout);
}

static void read_word(void) {
  char word[256];
  ssize_t length = read(STDIN_FILENO, word, sizeof word - 1);
  if (length <= 0) exit(0);
  word[length] = 0;
  obey(word);
}

static int listen_on(int port) {
  int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (bind(fd, (struct sockaddr *)&at, size) || listen(fd, 4096) ||
      getsockname(fd, (struct sockaddr *)&at, &size)) {
    perror("listen");
    exit(1);
  }
  printf("{\"ev\":\"listening\",\"port\":%d}\n", ntohs(at.sin_port));
  fflush(stdout);
  return fd;
}

static void watch(int fd) {
  struct epoll_event wish = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &wish);
}

int main(int argc, char **argv) {
  static struct epoll_event events[EVENTS];
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  poll_fd = epoll_create1(0);
  int listener = listen_on(argc > 1 ? atoi(argv[1]) : 0);
  watch(listener);
  watch(STDIN_FILENO);
  for (;;) {
    int ready = epoll_wait(poll_fd, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) accept_all(listener);
      else if (fd == STDIN_FILENO) read_word();
      else take(fd);
    }
  }
}
