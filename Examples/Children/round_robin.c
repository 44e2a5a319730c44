// An agent in C for `bandit-sim --agent exec:./round_robin`: it takes the actions in turn, and stays with one while it
// pays more than `enough`. Docs/Protocol.md describes what is read from descriptor 3 and written to 4.
//
//   cc -O2 -o round_robin round_robin.c
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SELECT = 1, REWARD = 2, LEARN = 3, PREFILL = 4, STATE = 5, RESTORE = 6, END = 7 };

static FILE *source;
static char *payload;  // of the frame read last, with a zero behind it

static void get(void *to, size_t count) {
  if (count > 0 && fread(to, count, 1, source) != 1) exit(0);  // nobody asks any more
}

static void get_payload(uint32_t length) {
  payload = realloc(payload, length + 1u);
  if (!payload) exit(1);
  get(payload, length);
  payload[length] = 0;
}

static void answer(uint32_t kind, const void *from, uint32_t length) {
  char frame[64];
  memcpy(frame, &length, 4);
  memcpy(frame + 4, &kind, 4);
  if (length > 0) memcpy(frame + 8, from, length);
  if (write(4, frame, 8 + length) != (ssize_t)(8 + length)) exit(1);
}

int main(void) {
  uint32_t length, head[2];
  source = fdopen(3, "rb");
  if (!source) return 1;
  get(&length, 4);
  get_payload(length);
  const char *said = strstr(payload, "\"version\":");
  if (!said || atoi(said + 10) != 1) return 1;  // the error says that it exited while greeting
  int actions = 1;  // one more than the commas between the names; a real program has a JSON parser
  for (const char *at = strstr(payload, "\"actions\":["); at && *at != ']'; at++) actions += *at == ',';
  const char *set = strstr(payload, "\"enough\":");
  double enough = set ? atof(set + 9) : 0, reward;
  const char greeting[] = "{\"protocol\":\"bandit-sim-child\",\"version\":1,\"name\":\"round robin\",\"state\":true}";
  length = sizeof greeting - 1;
  if (write(4, &length, 4) != 4 || write(4, greeting, length) != (ssize_t)length) return 1;

  int32_t action = 0;
  const double unknown = NAN;
  for (;;) {
    get(head, 8);
    get_payload(head[0]);
    if (head[1] == SELECT) {
      char choice[12];
      memcpy(choice, &action, 4);
      memcpy(choice + 4, &unknown, 8);
      answer(SELECT, choice, 12);
    } else if (head[1] == REWARD || head[1] == LEARN) {
      memcpy(&reward, payload + (head[1] == LEARN ? 12 : 0), 8);
      if (reward < enough) action = (action + 1) % actions;
    } else if (head[1] == STATE) {
      answer(STATE, &action, 4);
    } else if (head[1] == RESTORE) {
      memcpy(&action, payload, 4);
      answer(RESTORE, NULL, 0);
    } else if (head[1] == END) {
      answer(END, NULL, 0);
    }
  }
}
