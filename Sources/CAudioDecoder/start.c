#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "CAudioDecoder.h"

/// An unnamed file in memory that can't be changed any more; -1 on failure.
static int memory_file(const char *bytes, size_t count) {
  int file = memfd_create("recording", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return -1;
  while (count > 0) {
    ssize_t written = write(file, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      int error = errno;
      close(file);
      errno = error;
      return -1;
    }
    bytes += written;
    count -= (size_t)written;
  }
  lseek(file, 0, SEEK_SET);
  fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  return file;
}

static int spawn(pid_t *process, const char *path, char *const arguments[], char *const environment[], int input,
                 int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  sigemptyset(&none);
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (error) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (!error) error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  if (!error) error = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  // The thread that starts the decoder may block signals.
  if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
  if (!error) error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  if (!error) error = posix_spawn(process, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int audio_decoder_start(const char *path, char *const arguments[], char *const environment[], const void *bytes,
                        size_t count, int *output) {
  int input = memory_file(bytes, count);
  if (input < 0) return -errno;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    int error = errno;
    close(input);
    return -error;
  }
  pid_t process = 0;
  int error = spawn(&process, path, arguments, environment, input, ends[1]);
  close(input);
  close(ends[1]);
  if (error) {
    close(ends[0]);
    return -error;
  }
  *output = ends[0];
  return process;
}

int audio_encoder_start(const char *path, char *const arguments[], char *const environment[], int seconds,
                        int *channel) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
  struct timeval limit = {.tv_sec = seconds};
  setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  pid_t process = 0;
  int error = spawn(&process, path, arguments, environment, ends[1], ends[1]);
  close(ends[1]);
  if (error) {
    close(ends[0]);
    return -error;
  }
  *channel = ends[0];
  return process;
}
