/* bandit.h: agents and environments of bandit-sim, for C and for every language that calls C.
 *
 *   cc example.c -lbandit
 *
 * Functions return BANDIT_OK or the code of an error; bandit_last_error() then has the sentence, of the calling thread.
 * Every argument is checked: a wrong one is an error, never the end of the program. Pointers have to be to as many
 * elements as the call says. An agent or environment may be used from several threads; calls for one object wait for one
 * another. Strings are UTF-8. Docs/Python.md says what stays as it is between versions.
 */
#ifndef BANDIT_H
#define BANDIT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  BANDIT_OK = 0,
  BANDIT_ERROR_ARGUMENT = 1, /* a pointer that is NULL, a handle that is none, a number out of range */
  BANDIT_ERROR_SETTING = 2,  /* a name, setting or task that is not allowed; the sentence says what is */
  BANDIT_ERROR_FILE = 3,     /* a file that cannot be read or written, or whose contents do not fit */
  BANDIT_ERROR_OTHER = 4     /* what an agent or environment reports while it is used */
};

/* Handles; NULL is none. A handle that was destroyed is an error, not a crash. */
typedef struct bandit_agent bandit_agent;
typedef struct bandit_environment bandit_environment;

/* The number of this interface: functions are added under the same number, changed under another. */
int32_t bandit_interface(void);

/* The library's version, such as "1.0.0". */
const char *bandit_version(void);

/* What went wrong in this thread's last call that failed; valid until the next one that fails. Never NULL. */
const char *bandit_last_error(void);

/* The names that can be created, a line each: writes up to `capacity` bytes with a zero at the end, and the bytes that
 * the whole text needs. `text` may be NULL where `capacity` is 0. */
int32_t bandit_agent_names(char *text, size_t capacity, size_t *needed);
int32_t bandit_environment_names(char *text, size_t capacity, size_t *needed);

/* Creates an agent for a task.
 *
 * task      JSON: {"features": 10, "encoding": "dense", "actions": ["a", "b"]} or {"features": 117, "encoding":
 *           "one-hot", "maximum_active": 22, "actions": [...]}
 * preset    one of the agent's presets, or NULL
 * settings  JSON such as {"alpha": 2}, or NULL for the defaults
 * seed      a run of bandit-sim under this seed draws the same numbers */
int32_t bandit_agent_create(const char *name, const char *task, const char *preset, const char *settings, uint64_t seed,
                            bandit_agent **agent);
void bandit_agent_destroy(bandit_agent *agent);

/* Chooses an action. `propensity`, which may be NULL, is the probability of the action, NaN where it is not known.
 * Dense contexts have `count` features, one-hot ones the `count` ascending indices of the columns that are 1. */
int32_t bandit_agent_select(bandit_agent *agent, const float *features, size_t count, int32_t *action,
                            double *propensity);
int32_t bandit_agent_select_active(bandit_agent *agent, const int32_t *indices, size_t count, int32_t *action,
                                   double *propensity);

/* The probability of each action in a context, `actions` of them: as the agent gives them, or, where it gives none, how
 * often it takes each in `draws` choices of a copy. The agent itself stays as it is. */
int32_t bandit_agent_propensities(bandit_agent *agent, const float *features, size_t count, int32_t draws,
                                  double *propensities, size_t actions);
int32_t bandit_agent_propensities_active(bandit_agent *agent, const int32_t *indices, size_t count, int32_t draws,
                                         double *propensities, size_t actions);

/* Learns from a step; `propensity` is the probability with which the action was taken, or NaN. */
int32_t bandit_agent_update(bandit_agent *agent, const float *features, size_t count, int32_t action, double propensity,
                            double reward);
int32_t bandit_agent_update_active(bandit_agent *agent, const int32_t *indices, size_t count, int32_t action,
                                   double propensity, double reward);

/* Shows a step of random play, before the first choice. How many an agent expects is its setting `prefill`. */
int32_t bandit_agent_prefill(bandit_agent *agent, const float *features, size_t count, int32_t action,
                             double propensity, double reward);
int32_t bandit_agent_prefill_active(bandit_agent *agent, const int32_t *indices, size_t count, int32_t action,
                                    double propensity, double reward);
int32_t bandit_agent_prefill_steps(bandit_agent *agent, int64_t *steps);

/* How many threads the agent may use; its numbers do not depend on it. */
int32_t bandit_agent_set_threads(bandit_agent *agent, int32_t threads);

/* Writes the agent's state to a file, and takes it into an agent of the same settings and task. The file is as the
 * checkpoint of a run, and a run's checkpoint/state.safetensors can be loaded. */
int32_t bandit_agent_save(bandit_agent *agent, const char *path);
int32_t bandit_agent_load(bandit_agent *agent, const char *path);

/* Creates an environment; `settings` as above. */
int32_t bandit_environment_create(const char *name, const char *settings, uint64_t seed,
                                  bandit_environment **environment);
void bandit_environment_destroy(bandit_environment *environment);

/* The task in JSON, as bandit_agent_create takes it; as bandit_agent_names writes. */
int32_t bandit_environment_task(bandit_environment *environment, char *text, size_t capacity, size_t *needed);

/* Shows the next context as `features` numbers, one-hot columns as 0 and 1, and the expected reward of each action. */
int32_t bandit_environment_observe(bandit_environment *environment, float *features, size_t count,
                                   double *expected_rewards, size_t actions);

/* Plays an action in the context shown last, once. */
int32_t bandit_environment_step(bandit_environment *environment, int32_t action, double *reward);

#ifdef __cplusplus
}
#endif

#endif
