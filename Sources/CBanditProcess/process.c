#define _GNU_SOURCE
#include "include/CBanditProcess.h"

#include <errno.h>

#if defined(__linux__)
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INPUT = 3, OUTPUT = 4, FAILURE = 5, FREE = 16 };

// Between fork and exec, and in the guard, nothing is called but what a signal handler may call.

static void fail(int descriptor) {
  int number = errno;
  ssize_t written = write(descriptor, &number, sizeof number);
  (void)written;
  _exit(127);
}

// Puts descriptors above all places that they may be needed at; the copies are closed with everything else.
static void raise_descriptor(int *descriptor, int failure) {
  *descriptor = fcntl(*descriptor, F_DUPFD, FREE);
  if (*descriptor < 0) fail(failure);
}

static void become_child(char *const words[], uint64_t memory, int input, int output, int text, int failure) {
  setpgid(0, 0);
  raise_descriptor(&failure, failure);
  raise_descriptor(&input, failure);
  raise_descriptor(&output, failure);
  raise_descriptor(&text, failure);
  int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(text, 1) < 0 || dup2(text, 2) < 0 || dup2(input, INPUT) < 0 ||
      dup2(output, OUTPUT) < 0 || dup2(failure, FAILURE) < 0)
    fail(failure);
  fcntl(FAILURE, F_SETFD, FD_CLOEXEC);
  close_range(FAILURE + 1, ~0U, 0);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (memory > 0) {
    struct rlimit limit = {memory, memory};
    if (setrlimit(RLIMIT_AS, &limit) != 0) fail(FAILURE);
  }
  execvp(words[0], words);
  fail(FAILURE);
}

static void become_guard(pid_t child, int leash) {
  setsid();
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  if (dup2(leash, 0) < 0) _exit(1);
  // Every other descriptor of the parent, locks of files among them, ends with the parent.
  close_range(1, ~0U, 0);
  char word;
  ssize_t count;
  do count = read(0, &word, 1);
  while (count < 0 && errno == EINTR);
  if (count <= 0) kill(-child, SIGKILL);
  _exit(0);
}

static void close_pair(int pair[2]) {
  close(pair[0]);
  close(pair[1]);
}

static pid_t collect(pid_t process, int *status) {
  pid_t found;
  do found = waitpid(process, status, 0);
  while (found < 0 && errno == EINTR);
  return found;
}

int bandit_child_start(char *const words[], uint64_t memory, bandit_child *child) {
  int pipes[5][2];
  for (int index = 0; index < 5; index++) {
    if (pipe2(pipes[index], O_CLOEXEC) == 0) continue;
    int number = errno;
    while (index-- > 0) close_pair(pipes[index]);
    return number;
  }
  int *input = pipes[0], *output = pipes[1], *text = pipes[2], *leash = pipes[3], *failure = pipes[4];
  int number = 0;
  pid_t process = fork(), guard = -1;
  if (process == 0) become_child(words, memory, input[0], output[1], text[1], failure[1]);
  if (process < 0) number = errno;
  if (number == 0) {
    setpgid(process, process);
    guard = fork();
    if (guard == 0) become_guard(process, leash[0]);
    if (guard < 0) number = errno;
  }
  close(failure[1]);
  if (number == 0) {
    ssize_t count;
    do count = read(failure[0], &number, sizeof number);
    while (count < 0 && errno == EINTR);
    if (count != sizeof number) number = 0;
  }
  close(failure[0]);
  close(input[0]);
  close(output[1]);
  close(text[1]);
  close(leash[0]);
  *child = (bandit_child){process, guard, input[1], output[0], text[0], leash[1]};
  if (number != 0) {
    if (process > 0) bandit_child_end(child);
    close(input[1]);
    close(output[0]);
    close(text[0]);
    close(leash[1]);
    return number;
  }
  int own[3] = {child->input, child->output, child->words};
  for (int index = 0; index < 3; index++) fcntl(own[index], F_SETFL, O_NONBLOCK);
  return 0;
}

int bandit_child_end(const bandit_child *child) {
  int status = 0;
  // Before it is collected: until then no other process group can have the number.
  kill(-child->process, SIGKILL);
  collect(child->process, &status);
  if (child->guard > 0) {
    ssize_t written = write(child->leash, "", 1);
    (void)written;
    collect(child->guard, NULL);
  }
  return status;
}

int bandit_child_has_ended(const bandit_child *child) {
  siginfo_t information = {0};
  return waitid(P_PID, (id_t)child->process, &information, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         information.si_pid == child->process;
}

int bandit_child_exit_status(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

int bandit_child_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

#else

int bandit_child_start(char *const words[], uint64_t memory, bandit_child *child) { return ENOSYS; }
int bandit_child_end(const bandit_child *child) { return 0; }
int bandit_child_has_ended(const bandit_child *child) { return 1; }
int bandit_child_exit_status(int status) { return -1; }
int bandit_child_signal(int status) { return 0; }

#endif
