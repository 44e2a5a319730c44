// A team of threads that run one job side by side, with a barrier cheap enough for jobs of tens of microseconds.
#include "include/CBanditKernels.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

enum {
  MEMBER_SPINS = 20000,      // of a waiting member before it sleeps, a quarter of a millisecond or so
  CALLER_SPINS = 500,        // before the caller lets go of its core
  SHORTEST_REST = 50000,     // nanoseconds that a member sits out whose spins found nothing
  LONGEST_REST = 100000000,
};

struct bandit_team {
  int members;
  pthread_t *threads;
  atomic_uint *claims;  // by share, the last round in which it was begun
  bandit_team_job job;
  void *context;
  _Alignas(64) atomic_uint round;    // counts jobs; a change starts one
  _Alignas(64) atomic_int unfinished;
  _Alignas(64) atomic_int sleepers;
  atomic_llong rest_until;  // the time before which sleepers are left alone
  atomic_bool ends;
  atomic_flag busy;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
};

typedef struct {
  bandit_team *team;
  int member;
} seat;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// Sleeps until there is a round after one that was seen, and gives it.
static unsigned sleep_until_round(bandit_team *team, unsigned seen, long long rest) {
  pthread_mutex_lock(&team->mutex);
  atomic_store(&team->rest_until, now() + rest);
  atomic_fetch_add(&team->sleepers, 1);
  while (atomic_load(&team->round) == seen) pthread_cond_wait(&team->wake, &team->mutex);
  atomic_fetch_sub(&team->sleepers, 1);
  pthread_mutex_unlock(&team->mutex);
  return atomic_load(&team->round);
}

// Begins a share of a round unless it has been begun. While it is open the round cannot end, so a thread that comes late
// from an earlier round finds all of that round's shares taken.
static bool claim(bandit_team *team, int member, unsigned round) {
  unsigned before = round - 1;
  return atomic_compare_exchange_strong(&team->claims[member], &before, round);
}

static void finish_share(bandit_team *team, int member) {
  team->job(team->context, member);
  atomic_fetch_sub_explicit(&team->unfinished, 1, memory_order_release);
}

// Spins that find nothing are a core's time lost, perhaps of the very core that the caller needs: the member then sits out
// rounds, in which the caller does its shares, for twice as long as the last time. A share that was found after a sleep
// tells nothing: on a core that the caller needs, being woken takes it from the caller.
static void *serve(void *argument) {
  seat own = *(seat *)argument;
  free(argument);
  bandit_team *team = own.team;
  long long rest = SHORTEST_REST;
  for (unsigned seen = 0;;) {
    unsigned round = seen;
    for (int i = 0; i < MEMBER_SPINS && round == seen; i++) {
      pause_briefly();
      round = atomic_load_explicit(&team->round, memory_order_acquire);
    }
    bool sleeps = round == seen;
    if (sleeps) {
      round = sleep_until_round(team, seen, rest);
      if (rest < LONGEST_REST) rest *= 2;
    }
    if (atomic_load(&team->ends)) return NULL;
    seen = round;
    if (!claim(team, own.member, round)) continue;
    finish_share(team, own.member);
    if (!sleeps) rest = SHORTEST_REST;
  }
}

// Returns the new round.
static unsigned start_round(bandit_team *team) {
  unsigned round = atomic_fetch_add(&team->round, 1) + 1;
  if (atomic_load(&team->sleepers) == 0) return round;
  if (now() < atomic_load(&team->rest_until) && !atomic_load(&team->ends)) return round;
  pthread_mutex_lock(&team->mutex);
  pthread_cond_broadcast(&team->wake);
  pthread_mutex_unlock(&team->mutex);
  return round;
}

bandit_team *bandit_team_create(int members) {
  bandit_team *team = aligned_alloc(64, (sizeof *team + 63) / 64 * 64);
  if (!team) return NULL;
  *team = (bandit_team){.members = 1};
  pthread_mutex_init(&team->mutex, NULL);
  pthread_cond_init(&team->wake, NULL);
  team->threads = calloc((size_t)(members > 1 ? members - 1 : 1), sizeof *team->threads);
  team->claims = calloc((size_t)(members > 1 ? members : 1), sizeof *team->claims);
  if (!team->threads || !team->claims) members = 1;
  // Where a thread cannot be started the team is smaller; jobs ask for its size.
  for (; team->members < members; team->members++) {
    seat *own = malloc(sizeof *own);
    if (!own) break;
    *own = (seat){team, team->members};
    if (pthread_create(&team->threads[team->members - 1], NULL, serve, own) != 0) {
      free(own);
      break;
    }
  }
  return team;
}

int bandit_team_members(const bandit_team *team) { return team->members; }

void bandit_team_run(bandit_team *team, bandit_team_job job, void *context) {
  if (atomic_flag_test_and_set(&team->busy)) {  // another thread has the team: do everybody's share here
    for (int member = 0; member < team->members; member++) job(context, member);
    return;
  }
  team->job = job;
  team->context = context;
  atomic_store_explicit(&team->unfinished, team->members - 1, memory_order_relaxed);
  unsigned round = team->members > 1 ? start_round(team) : 0;
  job(context, 0);
  // Shares that nobody has begun, because their thread sleeps or has lost its core.
  for (int member = 1; member < team->members; member++)
    if (claim(team, member, round)) finish_share(team, member);
  for (int i = 0; atomic_load_explicit(&team->unfinished, memory_order_acquire) > 0; i++) {
    pause_briefly();
    if (i >= CALLER_SPINS) sched_yield();  // the other member has lost its core for now
  }
  atomic_flag_clear(&team->busy);
}

void bandit_team_destroy(bandit_team *team) {
  atomic_store(&team->ends, true);
  start_round(team);
  for (int i = 0; i < team->members - 1; i++) pthread_join(team->threads[i], NULL);
  pthread_mutex_destroy(&team->mutex);
  pthread_cond_destroy(&team->wake);
  free(team->threads);
  free(team->claims);
  free(team);
}
