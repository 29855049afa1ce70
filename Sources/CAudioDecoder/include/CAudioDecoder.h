#ifndef CAUDIODECODER_H
#define CAUDIODECODER_H

#include <stddef.h>
#include <stdint.h>

// Decodes one recording with FFmpeg's libraries, for a process that does nothing else. The libraries are loaded when the
// decoder runs, so a program that only links this target does not need or load them.

/// The start of the output; interleaved float32 samples follow until the end of the output.
struct audio_decoder_header {
  uint32_t magic;
  /// One of `audio_decoder_status`.
  uint32_t status;
  /// Hertz, at most 48000: faster recordings are resampled.
  uint32_t sample_rate;
  uint32_t channels;
  /// Samples per channel by the container's header, which may be wrong; -1 if unknown.
  int64_t frames;
  /// FFmpeg's name of the codec, ends with a zero.
  char codec[32];
};

enum { audio_decoder_magic = 0x31414253 };

enum audio_decoder_status {
  audio_decoder_ok = 0,
  audio_decoder_unreadable = 1,
  audio_decoder_no_audio = 2,
  audio_decoder_codec_refused = 3,
  audio_decoder_not_installed = 4,
  audio_decoder_no_memory = 5,
};

struct audio_decoder_limits {
  /// Bytes of memory, beyond what the process has when decoding starts.
  uint64_t memory;
  /// Seconds of processor time, and five times as many of real time.
  uint32_t seconds;
};

/// Loads the libraries. Returns 0 if they are not installed. A second call does nothing.
int audio_decoder_load(void);

/// Reads the file on descriptor 0, writes a header and samples to descriptor 1, and returns the process' exit status: 0, or
/// 1 after a header that names the error. First limits this process for good: no new files, processes or connections.
/// @param container one of: aac amr caf flac matroska mov mp3 ogg wav
int audio_decoder_run(const char *container, struct audio_decoder_limits limits);

/// Limits this process as decoding does. Returns 1 if the kernel filters system calls, else 0.
int audio_decoder_confine(struct audio_decoder_limits limits);

/// Starts a program with the bytes as its descriptor 0, a pipe as 1, and no others. Returns its process id and the pipe's
/// end in `output`, or a negative error number.
int audio_decoder_start(const char *path, char *const arguments[], char *const environment[], const void *bytes,
                        size_t count, int *output);

#endif
