// Starts child processes with pipes of their own: what Swift's Glibc has no words for.
#ifndef C_BANDIT_PROCESS_H
#define C_BANDIT_PROCESS_H

#include <stdint.h>

typedef struct {
  int process;  // leads a process group of its own
  int guard;    // a process that kills the group where this one ends without having said otherwise
  int input;    // written to; the child's descriptor 3
  int output;   // read from; the child's descriptor 4
  int words;    // read from; the child's stdout and stderr
  int leash;    // held open while the guard is to watch
} bandit_child;

// Starts a program found as a shell finds it; `words` ends with NULL and begins with its name. `memory` is the most
// bytes of address space, 0 for no limit. Returns 0, or the number of the error for which nothing was started.
// All descriptors are closed in programs that are started later; those of the pipes do not block.
int bandit_child_start(char *const words[], uint64_t memory, bandit_child *child);

// Kills the child's process group and collects the child and its guard. Returns the child's status as waitpid has it.
// Descriptors stay as they are.
int bandit_child_end(const bandit_child *child);

// Whether the child has ended by itself; it is not collected.
int bandit_child_has_ended(const bandit_child *child);

// What a status of waitpid says: the exit status, or -1 where a signal ended the child; that signal's number, or 0.
int bandit_child_exit_status(int status);
int bandit_child_signal(int status);

#endif
