// An agent of bandit-sim in a loop of C: linear Thompson sampling on the wheel, a step as a service would have it.
//
//   cc -o agent agent.c -I../../Sources/BanditC -L../../.build/release -lbandit -Wl,-rpath,../../.build/release
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bandit.h"

static void check(int32_t status) {
  if (status == BANDIT_OK) return;
  fprintf(stderr, "error %d: %s\n", status, bandit_last_error());
  exit(1);
}

int main(void) {
  bandit_environment *wheel;
  check(bandit_environment_create("wheel", "{\"delta\": 0.5}", 7, &wheel));
  char task[1000];
  check(bandit_environment_task(wheel, task, sizeof task, NULL));
  bandit_agent *agent;
  check(bandit_agent_create("linear-thompson", task, NULL, "{\"prefill\": 0}", 7, &agent));

  double regret = 0;
  for (int step = 0; step < 500; step++) {
    float context[2];
    double expected[5], propensity, reward;
    int32_t action;
    check(bandit_environment_observe(wheel, context, 2, expected, 5));
    check(bandit_agent_select(agent, context, 2, &action, &propensity));
    check(bandit_environment_step(wheel, action, &reward));
    check(bandit_agent_update(agent, context, 2, action, propensity, reward));
    regret += fmax(fmax(fmax(expected[0], expected[1]), fmax(expected[2], expected[3])), expected[4]) - expected[action];
  }
  printf("%.6f\n", regret);
  check(bandit_agent_save(agent, "agent.safetensors"));
  check(bandit_agent_load(agent, "agent.safetensors"));
  bandit_agent_destroy(agent);
  bandit_environment_destroy(wheel);
}
