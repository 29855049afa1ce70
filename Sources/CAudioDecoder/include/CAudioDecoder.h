#ifndef CAUDIODECODER_H
#define CAUDIODECODER_H

#include <stddef.h>
#include <stdint.h>

// Decodes one recording or encodes one reply with FFmpeg's libraries, for a process that does nothing else. The libraries
// are loaded when that process starts, so a program that only links this target does not need or load them.

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
  /// Seconds of processor time; for a decoder also five times as many of real time.
  uint32_t seconds;
};

/// Loads the libraries. Returns 0 if they are not installed. A second call does nothing.
int audio_decoder_load(void);

/// Reads the file on descriptor 0, writes a header and samples to descriptor 1, and returns the process' exit status: 0, or
/// 1 after a header that names the error. First limits this process for good: no new files, processes or connections.
/// @param container one of: aac amr caf flac matroska mov mp3 ogg wav
int audio_decoder_run(const char *container, struct audio_decoder_limits limits);

/// Limits this process for good. Returns 1 if the kernel filters system calls, else 0.
/// @param ends_with_parent whether it ends with the thread that started it, and after five times `limits.seconds`.
int audio_decoder_confine(struct audio_decoder_limits limits, int ends_with_parent);

struct audio_encoder_settings {
  /// `adts` or `m4a`.
  const char *container;
  uint32_t sample_rate, channels;
  /// Bits per second.
  uint32_t bitrate;
  /// Whether m4a is written in fragments as it is made, instead of whole at the end.
  int is_stream;
  /// The comment in an m4a file.
  const char *comment;
};

/// Encodes AAC, as a conversation on descriptors 0 and 1, and returns the exit status. Each message is a 32-bit number of
/// frames, at most `audio_encoder_block`, and interleaved float32 samples; 0 frames end the audio. Each answer, and one
/// before the first message, is a 32-bit number of bytes and the bytes that are ready. A negative number is an
/// `audio_decoder_status`, and the end.
int audio_encoder_run(struct audio_encoder_settings settings, struct audio_decoder_limits limits);

enum { audio_encoder_block = 65536 };

/// Starts a program with the bytes as its descriptor 0, a pipe as 1, and no others. Returns its process id and the pipe's
/// end in `output`, or a negative error number.
int audio_decoder_start(const char *path, char *const arguments[], char *const environment[], const void *bytes,
                        size_t count, int *output);

/// Starts a program with one end of a socket as its descriptors 0 and 1, and no others. Returns its process id and the other
/// end in `channel`, or a negative error number. Calls on that end take at most `seconds`.
int audio_encoder_start(const char *path, char *const arguments[], char *const environment[], int seconds,
                        int *channel);

#endif
