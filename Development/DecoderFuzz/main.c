// Decodes damaged copies of a recording, each in its own process, as the service does.
//
// usage: decoder-fuzz CONTAINER FILE COUNT [SEED]     prints: decoded refused crashed stopped
//        decoder-fuzz decode-audio CONTAINER [--memory BYTES] [--seconds N]     the decoder alone
//        decoder-fuzz encode-audio CONTAINER RATE CHANNELS BITRATE IS_STREAM COMMENT     the encoder alone
//        decoder-fuzz attempts     prints what a confined process could do, then "end"
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CAudioDecoder.h"

static const struct audio_decoder_limits limits = {256 << 20, 10};
static uint64_t state;

static uint64_t next_random(void) {
  state += 0x9E3779B97F4A7C15u;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

/// Changes bytes, mostly near the start, where headers are; overwrites, removes or repeats a part; cuts the end off.
static size_t mutate(unsigned char *bytes, size_t size) {
  static const unsigned char edges[] = {0, 1, 0x7F, 0x80, 0xFE, 0xFF};
  size_t reach = next_random() % 2 && size > 512 ? 512 : size;
  for (uint64_t count = 1 + next_random() % 12; count > 0; count--) {
    size_t at = next_random() % reach;
    bytes[at] = next_random() % 2 ? edges[next_random() % sizeof edges] : (unsigned char)next_random();
  }
  size_t from = next_random() % size, length = 1 + next_random() % 64;
  if (from + length > size) return size;
  switch (next_random() % 6) {
  case 0: memset(bytes + from, (int)(next_random() % 2) * 0xFF, length); return size;
  case 1: memmove(bytes + from, bytes + from + length, size - from - length); return size - length;
  case 2: memmove(bytes + next_random() % (size - length), bytes + from, length); return size;
  case 3: return 1 + next_random() % size;
  default: return size;
  }
}

/// Returns the exit status of `waitpid`.
static int decode(const char *container, const unsigned char *bytes, size_t size) {
  int file = memfd_create("recording", MFD_CLOEXEC);
  if (file < 0 || write(file, bytes, size) != (ssize_t)size) exit(2);
  pid_t child = fork();
  if (child < 0) exit(2);
  if (child == 0) {
    int null = open("/dev/null", O_WRONLY);
    dup2(file, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    _exit(audio_decoder_run(container, limits));
  }
  close(file);
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

static int fuzz(const char *container, const char *path, long count) {
  FILE *file = fopen(path, "rb");
  static unsigned char original[1 << 20], copy[1 << 20];
  size_t size = file ? fread(original, 1, sizeof original, file) : 0;
  if (size == 0 || !audio_decoder_load()) {
    fprintf(stderr, "decoder-fuzz: %s\n", size == 0 ? "the file can't be read" : "FFmpeg's libraries are missing");
    return 2;
  }
  long decoded = 0, refused = 0, crashed = 0, stopped = 0;
  for (long i = 0; i < count; i++) {
    memcpy(copy, original, size);
    int status = decode(container, copy, mutate(copy, size));
    if (WIFEXITED(status)) WEXITSTATUS(status) == 0 ? decoded++ : refused++;
    else if (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGKILL) stopped++;
    else crashed++;
  }
  printf("%ld %ld %ld %ld\n", decoded, refused, crashed, stopped);
  return 0;
}

static int attempt(void) {
  audio_decoder_confine(limits, 1);
  if (open("/etc/passwd", O_RDONLY) >= 0) printf("open ");
  if (open("decoder-fuzz-attempt", O_WRONLY | O_CREAT, 0600) >= 0) printf("create ");
  if (socket(AF_INET, SOCK_STREAM, 0) >= 0) printf("socket ");
  if (fork() >= 0) printf("fork ");
  if (kill(getppid(), 0) == 0) printf("kill ");
  if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) printf("execute ");
  if (mmap(NULL, 300 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) printf("memory ");
  printf("end\n");
  return 0;
}

int main(int count, char *arguments[]) {
  if (count >= 3 && strcmp(arguments[1], "decode-audio") == 0) {
    signal(SIGPIPE, SIG_IGN);
    struct audio_decoder_limits given = limits;
    for (int i = 3; i + 1 < count; i += 2) {
      if (strcmp(arguments[i], "--memory") == 0) given.memory = strtoull(arguments[i + 1], NULL, 10);
      if (strcmp(arguments[i], "--seconds") == 0) given.seconds = (uint32_t)strtoul(arguments[i + 1], NULL, 10);
    }
    return audio_decoder_run(arguments[2], given);
  }
  if (count == 8 && strcmp(arguments[1], "encode-audio") == 0) {
    struct audio_encoder_settings settings = {
        .container = arguments[2],
        .sample_rate = (uint32_t)atoi(arguments[3]),
        .channels = (uint32_t)atoi(arguments[4]),
        .bitrate = (uint32_t)atoi(arguments[5]),
        .is_stream = atoi(arguments[6]),
        .comment = arguments[7],
    };
    return audio_encoder_run(settings, (struct audio_decoder_limits){256 << 20, 600});
  }
  if (count == 2 && strcmp(arguments[1], "attempts") == 0) return attempt();
  if (count < 4) {
    fprintf(stderr, "usage: decoder-fuzz CONTAINER FILE COUNT [SEED]\n");
    return 64;
  }
  state = count > 4 ? strtoull(arguments[4], NULL, 10) : 1;
  return fuzz(arguments[1], arguments[2], strtol(arguments[3], NULL, 10));
}
