#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "CAudioDecoder.h"
#include "libraries.h"

/// The bytes that the container wrote. The whole of an m4a file stays until the end, because its index is moved to the
/// front; otherwise only the bytes that were not sent yet.
struct file {
  uint8_t *bytes;
  int64_t size, capacity, position;
};

static int write_file(void *opaque, uint8_t *bytes, int count) {
  struct file *file = opaque;
  int64_t end = file->position + count;
  if (end > file->capacity) {
    int64_t capacity = end * 2;
    uint8_t *larger = ff.av_realloc(file->bytes, (size_t)capacity);
    if (!larger) return AVERROR(ENOMEM);
    file->bytes = larger;
    file->capacity = capacity;
  }
  memcpy(file->bytes + file->position, bytes, (size_t)count);
  file->position = end;
  if (end > file->size) file->size = end;
  return count;
}

static int read_file(void *opaque, uint8_t *bytes, int count) {
  struct file *file = opaque;
  int64_t left = file->size - file->position;
  if (left <= 0) return AVERROR_EOF;
  if (count > left) count = (int)left;
  memcpy(bytes, file->bytes + file->position, (size_t)count);
  file->position += count;
  return count;
}

static int64_t seek_file(void *opaque, int64_t offset, int whence) {
  struct file *file = opaque;
  if (whence & AVSEEK_SIZE) return file->size;
  if (whence == SEEK_CUR) offset += file->position;
  if (whence == SEEK_END) offset += file->size;
  if (offset < 0 || offset > file->size) return AVERROR(EINVAL);
  return file->position = offset;
}

static AVIOContext *open_file(struct file *file, int is_writer, int is_seekable) {
  const int size = 32 << 10;
  unsigned char *buffer = ff.av_malloc(size);
  if (!buffer) return NULL;
  AVIOContext *io = ff.avio_alloc_context(buffer, size, is_writer, file, is_writer ? NULL : read_file,
                                          is_writer ? write_file : NULL, is_seekable ? seek_file : NULL);
  if (io) io->seekable = is_seekable ? AVIO_SEEKABLE_NORMAL : 0;
  return io;
}

/// The muxer reads its own file to move the index. No other file is opened.
static int open_again(AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options) {
  if (flags & AVIO_FLAG_WRITE || !format->pb->seekable) return AVERROR(EACCES);
  struct file *copy = ff.av_malloc(sizeof *copy);
  if (!copy) return AVERROR(ENOMEM);
  // Its place is separate, its bytes are shared: while it is read, the muxer writes only within the file.
  *copy = *(struct file *)format->opaque;
  copy->position = 0;
  *io = open_file(copy, 0, 1);
  return *io ? 0 : AVERROR(ENOMEM);
}

/// The memory is freed by the end of the process, which follows.
static int close_again(AVFormatContext *format, AVIOContext *io) { return 0; }

struct encoder {
  struct audio_encoder_settings settings;
  AVFormatContext *format;
  AVCodecContext *context;
  AVFrame *frame;
  AVPacket *packet;
  struct file file;
  int64_t sample;
};

static int read_input(void *bytes, size_t count) {
  for (char *next = bytes; count > 0;) {
    ssize_t received = read(STDIN_FILENO, next, count);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return 0;
    next += received;
    count -= (size_t)received;
  }
  return 1;
}

/// Sends the bytes that are ready. Returns 0 if the reader is gone.
static int answer(struct encoder *encoder, int is_end) {
  struct file *file = &encoder->file;
  int keeps = !is_end && !encoder->settings.is_stream && strcmp(encoder->settings.container, "m4a") == 0;
  int32_t count = keeps ? 0 : (int32_t)file->size;
  if (!audio_write_output(&count, sizeof count)) return 0;
  if (count == 0) return 1;
  file->size = file->position = 0;
  return audio_write_output(file->bytes, (size_t)count);
}

static int fail(int error) {
  int32_t status = -(error == AVERROR(ENOMEM)                ? audio_decoder_no_memory
                     : error == AVERROR_ENCODER_NOT_FOUND ? audio_decoder_not_installed
                                                          : audio_decoder_unreadable);
  audio_write_output(&status, sizeof status);
  return 1;
}

static int begin(struct encoder *encoder) {
  struct audio_encoder_settings settings = encoder->settings;
  int is_m4a = strcmp(settings.container, "m4a") == 0;
  const AVCodec *codec = ff.avcodec_find_encoder_by_name("aac");
  const AVOutputFormat *container = ff.av_guess_format(is_m4a ? "ipod" : "adts", NULL, NULL);
  if (!codec || !container) return AVERROR_ENCODER_NOT_FOUND;
  encoder->format = ff.avformat_alloc_context();
  encoder->context = ff.avcodec_alloc_context3(codec);
  encoder->frame = ff.av_frame_alloc();
  encoder->packet = ff.av_packet_alloc();
  AVIOContext *io = open_file(&encoder->file, 1, is_m4a && !settings.is_stream);
  if (!encoder->format || !encoder->context || !encoder->frame || !encoder->packet || !io) return AVERROR(ENOMEM);

  AVCodecContext *context = encoder->context;
  context->sample_fmt = AV_SAMPLE_FMT_FLTP;
  context->sample_rate = (int)settings.sample_rate;
  context->time_base = (AVRational){1, context->sample_rate};
  context->bit_rate = settings.bitrate;
  context->thread_count = 1;
  ff.av_channel_layout_default(&context->ch_layout, (int)settings.channels);
  // Without the library's version in the bytes.
  context->flags |= AV_CODEC_FLAG_BITEXACT | (container->flags & AVFMT_GLOBALHEADER ? AV_CODEC_FLAG_GLOBAL_HEADER : 0);
  int error = ff.avcodec_open2(context, codec, NULL);
  if (error < 0) return error;

  AVFormatContext *format = encoder->format;
  format->oformat = container;
  format->pb = io;
  format->opaque = &encoder->file;
  format->io_open = open_again;
  format->io_close2 = close_again;
  format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT | AVFMT_FLAG_FLUSH_PACKETS;
  AVStream *stream = ff.avformat_new_stream(format, NULL);
  if (!stream) return AVERROR(ENOMEM);
  stream->time_base = context->time_base;
  error = ff.avcodec_parameters_from_context(stream->codecpar, context);
  if (error < 0) return error;
  AVDictionary *options = NULL;
  if (is_m4a) {
    ff.av_dict_set(&format->metadata, "comment", settings.comment, 0);
    // With a delayed index, it can name the encoder's delay.
    const char *flags = settings.is_stream ? "+delay_moov+default_base_moof" : "+faststart";
    ff.av_dict_set(&options, "movflags", flags, 0);
    if (settings.is_stream) ff.av_dict_set(&options, "frag_duration", "200000", 0);
  }
  error = ff.avformat_write_header(format, &options);
  ff.av_dict_free(&options);
  return error;
}

/// Encodes a frame, or ends with NULL, and writes the finished packets.
static int encode(struct encoder *encoder, const AVFrame *frame) {
  AVStream *stream = encoder->format->streams[0];
  int error = ff.avcodec_send_frame(encoder->context, frame);
  while (error >= 0) {
    error = ff.avcodec_receive_packet(encoder->context, encoder->packet);
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return 0;
    if (error < 0) break;
    ff.av_packet_rescale_ts(encoder->packet, encoder->context->time_base, stream->time_base);
    encoder->packet->stream_index = 0;
    error = ff.av_write_frame(encoder->format, encoder->packet);
    ff.av_packet_unref(encoder->packet);
  }
  return error;
}

/// Encodes the collected samples as one frame.
static int encode_samples(struct encoder *encoder, const float *samples, int count) {
  AVFrame *frame = encoder->frame;
  frame->format = AV_SAMPLE_FMT_FLTP;
  frame->sample_rate = encoder->context->sample_rate;
  frame->nb_samples = count;
  int channels = (int)encoder->settings.channels;
  int error = ff.av_channel_layout_copy(&frame->ch_layout, &encoder->context->ch_layout);
  if (error >= 0) error = ff.av_frame_get_buffer(frame, 0);
  if (error < 0) return error;
  for (int channel = 0; channel < channels; channel++) {
    float *plane = (float *)frame->extended_data[channel];
    for (int i = 0; i < count; i++) plane[i] = samples[i * channels + channel];
  }
  frame->pts = encoder->sample;
  encoder->sample += count;
  error = encode(encoder, frame);
  ff.av_frame_unref(frame);
  return error;
}

static int end(struct encoder *encoder) {
  int error = encode(encoder, NULL);
  if (error >= 0) error = ff.av_write_trailer(encoder->format);
  ff.avio_flush(encoder->format->pb);
  return error;
}

int audio_encoder_run(struct audio_encoder_settings settings, struct audio_decoder_limits limits) {
  if (settings.channels < 1 || settings.channels > 2) return fail(AVERROR(EINVAL));
  if (!audio_decoder_load()) return fail(AVERROR_ENCODER_NOT_FOUND);
  audio_decoder_confine(limits, 0);
  ff.av_log_set_level(AV_LOG_QUIET);
  struct encoder encoder = {.settings = settings};
  int error = begin(&encoder);
  if (error < 0) return fail(error);
  if (!answer(&encoder, 0)) return 1;

  size_t frame_bytes = settings.channels * sizeof(float);
  size_t frame_size = (size_t)encoder.context->frame_size;
  float *samples = malloc((audio_encoder_block + frame_size) * frame_bytes);
  if (!samples) return fail(AVERROR(ENOMEM));
  size_t held = 0;
  for (;;) {
    uint32_t count = 0;
    if (!read_input(&count, sizeof count) || count > audio_encoder_block) return 1;
    if (!read_input((char *)samples + held * frame_bytes, count * frame_bytes)) return 1;
    held += count;
    size_t used = 0;
    for (; error >= 0 && held - used >= frame_size; used += frame_size) {
      error = encode_samples(&encoder, samples + used * settings.channels, (int)frame_size);
    }
    if (count == 0) {
      if (error >= 0 && held > used) {
        error = encode_samples(&encoder, samples + used * settings.channels, (int)(held - used));
      }
      if (error >= 0) error = end(&encoder);
      if (error < 0) return fail(error);
      return !answer(&encoder, 1);
    }
    if (error < 0) return fail(error);
    held -= used;
    memmove(samples, samples + used * settings.channels, held * frame_bytes);
    ff.avio_flush(encoder.format->pb);
    if (!answer(&encoder, 0)) return 1;
  }
}
