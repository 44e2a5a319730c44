// What a round trip to another process costs at least: bytes through one pipe, an answer through another.
//
//   cc -O2 -o echo echo.c
//   ./echo SENT ANSWERED TRIPS MICROSECONDS
//
// Prints the nanoseconds of a trip. An answer is read for again and again for MICROSECONDS before the wait sleeps.
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static void get(int from, char *bytes, size_t count, double patience) {
  for (size_t have = 0; have < count;) {
    double end = patience > 0 ? nanoseconds() + patience : 0;
    ssize_t came;
    do came = read(from, bytes + have, count - have);
    while (came < 0 && patience > 0 && nanoseconds() < end);
    if (came == 0) exit(0);
    if (came > 0) have += (size_t)came;
    struct pollfd wait = {from, POLLIN, 0};
    if (came < 0) poll(&wait, 1, -1);
  }
}

static void put(int to, const char *bytes, size_t count) {
  if (write(to, bytes, count) != (ssize_t)count) exit(1);
}

int main(int count, char **words) {
  if (count != 5) return 64;
  size_t sent = (size_t)atol(words[1]), answered = (size_t)atol(words[2]);
  long trips = atol(words[3]);
  double patience = 1e3 * atof(words[4]);
  int there[2], back[2];
  static char bytes[4096];
  if (sent > sizeof bytes || answered > sizeof bytes || trips < 1 || pipe(there) || pipe(back)) return 1;
  if (fork() == 0) {
    close(there[1]);
    for (;;) {
      get(there[0], bytes, sent, 0);
      put(back[1], bytes, answered);
    }
  }
  close(there[0]);
  if (patience > 0) fcntl(back[0], F_SETFL, O_NONBLOCK);
  double start = 0;
  for (long trip = -trips / 10; trip < trips; trip++) {
    if (trip == 0) start = nanoseconds();
    put(there[1], bytes, sent);
    get(back[0], bytes, answered, patience);
  }
  printf("%.0f\n", (nanoseconds() - start) / (double)trips);
  return 0;
}
