/*
 * The load: many clients of a WebSocket or TCP server in one thread, told by words on standard input what to do.
 * README.md beside this file's folder says which; every word is answered by one line of JSON.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client.h"
#include "frames.h"

#define EVENTS 4096
#define STDIN_MARK UINT32_MAX

/* What is under way and will be answered when it is done. */
enum phase { PHASE_IDLE, PHASE_OPENING, PHASE_RESUMING };

static struct load load = {.counters = {.mark = 1}};
static enum phase phase;
static int64_t phase_began_ns, opened_ns;

static double seconds_between(int64_t from_ns, int64_t to_ns) { return (double)(to_ns - from_ns) / 1e9; }

/* --- words --- */

static void mark(void) {
  load.counters = (struct counters){.mark = load.counters.mark + 1};
  printf("{\"ev\":\"mark\"}\n");
}

static double cpu_seconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void report(void) {
  const struct counters *counters = &load.counters;
  const struct histogram *latency = &counters->latency;
  printf("{\"ev\":\"report\",\"open\":%d,\"closed\":%d,\"failed\":%d,\"frames\":%llu,\"updates\":%llu,"
         "\"bytes\":%llu,\"reads\":%llu,\"snapshots\":%llu,\"reached\":%llu,\"seconds\":%.4f,\"cpuSeconds\":%.4f,"
         "\"latency\":{\"count\":%llu,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}}\n",
         load.open, load.closed, load.failed, (unsigned long long)counters->frames,
         (unsigned long long)counters->updates, (unsigned long long)counters->bytes,
         (unsigned long long)counters->reads, (unsigned long long)counters->snapshots,
         (unsigned long long)counters->reached, seconds_between(counters->first_ns, counters->last_ns), cpu_seconds(),
         (unsigned long long)latency->count, histogram_share(latency, 0.5), histogram_share(latency, 0.99),
         histogram_share(latency, 0.999), (double)latency->max_us / 1000.0);
}

/* Makes `count` clients stop reading, evenly spread over all. */
static void stop(int count) {
  int all = load.options.connections, stopped = 0;
  for (int i = 0; i < count && i < all; i++) {
    int index = (int)((int64_t)i * all / count);
    client_stop(&load, index, true);
    stopped += load.clients[index].is_stopped;
  }
  printf("{\"ev\":\"stop\",\"stopped\":%d}\n", stopped);
}

static void go(void) {
  for (int i = 0; i < load.options.connections; i++) client_stop(&load, i, false);
  printf("{\"ev\":\"go\"}\n");
}

static void cut(void) {
  for (int i = 0; i < load.options.connections; i++) client_cut(&load, &load.clients[i]);
  phase = PHASE_IDLE;
  load.next = load.options.connections;
  printf("{\"ev\":\"cut\"}\n");
}

static void begin(enum phase what, bool sends_since) {
  phase = what;
  phase_began_ns = clock_mono();
  opened_ns = 0;
  load.sends_since = sends_since;
  load.next = load.failed = load.closed = 0;
  load.caught_up = load.caught_by_updates = load.caught_by_snapshot = 0;
}

static void obey(const char *word) {
  if (strcmp(word, "mark") == 0) mark();
  else if (strcmp(word, "report") == 0) report();
  else if (strncmp(word, "stop ", 5) == 0) stop(atoi(word + 5));
  else if (strcmp(word, "go") == 0) go();
  else if (strcmp(word, "cut") == 0) cut();
  else if (strcmp(word, "resume") == 0) begin(PHASE_RESUMING, true);
  else if (strcmp(word, "connect") == 0) begin(PHASE_OPENING, false);
  else if (strcmp(word, "quit") == 0) exit(0);
  else printf("{\"ev\":\"error\",\"message\":\"unknown word\"}\n");
  fflush(stdout);
}

static void read_words(void) {
  static char line[256];
  static size_t length;
  char bytes[256];
  ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
  if (got == 0) exit(0);
  for (ssize_t i = 0; i < got; i++) {
    if (bytes[i] != '\n') {
      if (length + 1 < sizeof line) line[length++] = bytes[i];
      continue;
    }
    line[length] = 0;
    length = 0;
    obey(line);
  }
}

/* --- the loop --- */

static bool all_decided(void) { return load.open + load.failed + load.closed == load.options.connections; }

static void say_open(void) {
  printf("{\"ev\":\"open\",\"open\":%d,\"failed\":%d,\"closed\":%d,\"seconds\":%.4f}\n", load.open, load.failed,
         load.closed, seconds_between(phase_began_ns, opened_ns));
  fflush(stdout);
  phase = PHASE_IDLE;
}

static void say_resumed(void) {
  printf("{\"ev\":\"resume\",\"open\":%d,\"failed\":%d,\"closed\":%d,\"openSeconds\":%.4f,\"seconds\":%.4f,"
         "\"updates\":%d,\"snapshots\":%d}\n",
         load.open, load.failed, load.closed, seconds_between(phase_began_ns, opened_ns),
         seconds_between(phase_began_ns, load.caught_up ? load.caught_up_ns : opened_ns), load.caught_by_updates,
         load.caught_by_snapshot);
  fflush(stdout);
  phase = PHASE_IDLE;
}

static void follow_phase(void) {
  if (phase == PHASE_IDLE || !all_decided()) return;
  if (opened_ns == 0) opened_ns = clock_mono();
  if (phase == PHASE_OPENING) say_open();
  else if (load.caught_up >= load.open) say_resumed();
}

static void listen_to_stdin(void) {
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  struct epoll_event wish = {.events = EPOLLIN, .data.u32 = STDIN_MARK};
  epoll_ctl(load.poll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &wish);
}

int main(int argc, char **argv) {
  static struct epoll_event events[EVENTS];
  load.options = read_options(argc, argv);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  load.clients = calloc((size_t)load.options.connections, sizeof *load.clients);
  for (int i = 0; i < load.options.connections; i++)
    load.clients[i] = (struct client){.fd = -1, .epoch = NO_EPOCH};
  load.poll_fd = epoll_create1(EPOLL_CLOEXEC);
  listen_to_stdin();
  begin(PHASE_OPENING, false);
  for (;;) {
    while (load.next < load.options.connections && load.pending < load.options.at_once)
      client_connect(&load, load.next++);
    follow_phase();
    if (load.options.poll_us && load.next == load.options.connections && load.pending == 0)
      usleep((useconds_t)load.options.poll_us);
    int count = epoll_wait(load.poll_fd, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      if (events[i].data.u32 == STDIN_MARK) read_words();
      else client_ready(&load, (int)events[i].data.u32, events[i].events);
    }
  }
}
