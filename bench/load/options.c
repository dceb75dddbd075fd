#define _GNU_SOURCE
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct options options = {
    .connections = 1000, .port = 8080, .sources = 8, .at_once = 200, .path = "/ws"};

static int hex(char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

/* Replaces \r, \n, \\ and \xHH by what they mean. */
static struct bytes unescape(const char *text) {
  char *data = malloc(strlen(text) + 1);
  size_t length = 0;
  for (; *text; text++) {
    if (*text != '\\' || !text[1]) {
      data[length++] = *text;
      continue;
    }
    text++;
    if (*text == 'x' && text[1] && text[2]) {
      data[length++] = (char)(hex(text[1]) << 4 | hex(text[2]));
      text += 2;
    } else {
      data[length++] = *text == 'r' ? '\r' : *text == 'n' ? '\n' : *text;
    }
  }
  return (struct bytes){data, length};
}

/* In JSON a backslash has its own meaning, so only bytes for TCP are unescaped. */
static struct bytes spoken(const char *text) {
  return options.is_tcp ? unescape(text) : (struct bytes){text, strlen(text)};
}

static void add_first(const char *text) {
  options.first = realloc(options.first, (size_t)(options.firsts + 1) * sizeof *options.first);
  options.first[options.firsts++] = spoken(strdup(text));
}

static void read_firsts(const char *file) {
  FILE *in = fopen(file, "r");
  if (!in) {
    perror(file);
    exit(2);
  }
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, in) > 0) {
    line[strcspn(line, "\n")] = 0;
    if (*line) add_first(line);
  }
  free(line);
  fclose(in);
}

static enum stamp_kind stamp_named(const char *name) {
  if (strcmp(name, "iso") == 0) return STAMP_ISO;
  return strcmp(name, "mono") == 0 ? STAMP_MONO : STAMP_NONE;
}

static const struct option known[] = {
    {"mode", required_argument, 0, 'm'},
    {"connections", required_argument, 0, 'c'},
    {"port", required_argument, 0, 'p'},
    {"path", required_argument, 0, 'P'},
    {"protocol", required_argument, 0, 'o'},
    {"first", required_argument, 0, 'f'},
    {"first-file", required_argument, 0, 'F'},
    {"sources", required_argument, 0, 's'},
    {"at-once", required_argument, 0, 'a'},
    {"poll", required_argument, 0, 'n'},
    {"marker", required_argument, 0, 'k'},
    {"stamp", required_argument, 0, 't'},
    {"when", required_argument, 0, 'w'},
    {"answer", required_argument, 0, 'A'},
    {0, 0, 0, 0},
};

static void set_option(int option) {
  switch (option) {
    case 'm': options.is_tcp = strcmp(optarg, "tcp") == 0; break;
    case 'c': options.connections = atoi(optarg); break;
    case 'p': options.port = atoi(optarg); break;
    case 'P': options.path = optarg; break;
    case 'o': options.protocol = optarg; break;
    case 'f': add_first(optarg); break;
    case 'F': read_firsts(optarg); break;
    case 's': options.sources = atoi(optarg); break;
    case 'a': options.at_once = atoi(optarg); break;
    case 'n': options.poll_us = atoi(optarg); break;
    case 'k': options.watch.marker = optarg; break;
    case 't': options.watch.stamp = stamp_named(optarg); break;
    case 'w': options.when[options.answers % MAX_ANSWERS] = spoken(optarg); break;
    case 'A': options.answer[options.answers++ % MAX_ANSWERS] = spoken(optarg); break;
    default: exit(2);
  }
}

struct options read_options(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i++) /* how the others are read depends on it */
    if (strcmp(argv[i], "--mode") == 0) options.is_tcp = strcmp(argv[i + 1], "tcp") == 0;
  int option;
  while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0) set_option(option);
  const char *marker = options.watch.marker;
  if (options.connections > 0 && options.sources > 0 && options.at_once > 0 && options.answers <= MAX_ANSWERS &&
      !(marker && (!*marker || strlen(marker) > TAIL_BYTES)))
    return options;
  fprintf(stderr, "load: numbers must be positive, a marker 1 to %d characters, and answers at most %d\n", TAIL_BYTES,
          MAX_ANSWERS);
  exit(2);
}
