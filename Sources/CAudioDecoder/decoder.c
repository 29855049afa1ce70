#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "CAudioDecoder.h"
#include "libraries.h"

#define LARGEST_SAMPLE_RATE 48000
#define LARGEST_CHANNEL_COUNT 8

/// The containers and codecs that are read. FFmpeg knows hundreds of others, many of them rarely used and little tested.
static const char *const containers[] = {"aac", "amr", "caf", "flac", "matroska", "mov", "mp3", "ogg", "wav"};
static const struct {
  enum AVCodecID id;
  const char *decoder;
} codecs[] = {
    {AV_CODEC_ID_AAC, "aac"},           {AV_CODEC_ID_ALAC, "alac"},         {AV_CODEC_ID_AMR_NB, "amrnb"},
    {AV_CODEC_ID_AMR_WB, "amrwb"},      {AV_CODEC_ID_FLAC, "flac"},         {AV_CODEC_ID_MP3, "mp3float"},
    {AV_CODEC_ID_OPUS, "opus"},         {AV_CODEC_ID_SPEEX, "speex"},       {AV_CODEC_ID_SPEEX, "libspeex"},
    {AV_CODEC_ID_VORBIS, "vorbis"},     {AV_CODEC_ID_PCM_U8, "pcm_u8"},     {AV_CODEC_ID_PCM_S8, "pcm_s8"},
    {AV_CODEC_ID_PCM_S16LE, "pcm_s16le"}, {AV_CODEC_ID_PCM_S16BE, "pcm_s16be"}, {AV_CODEC_ID_PCM_S24LE, "pcm_s24le"},
    {AV_CODEC_ID_PCM_S24BE, "pcm_s24be"}, {AV_CODEC_ID_PCM_S32LE, "pcm_s32le"}, {AV_CODEC_ID_PCM_S32BE, "pcm_s32be"},
    {AV_CODEC_ID_PCM_F32LE, "pcm_f32le"}, {AV_CODEC_ID_PCM_F32BE, "pcm_f32be"}, {AV_CODEC_ID_PCM_F64LE, "pcm_f64le"},
    {AV_CODEC_ID_PCM_ALAW, "pcm_alaw"}, {AV_CODEC_ID_PCM_MULAW, "pcm_mulaw"}, {AV_CODEC_ID_ADPCM_MS, "adpcm_ms"},
    {AV_CODEC_ID_ADPCM_IMA_WAV, "adpcm_ima_wav"}, {AV_CODEC_ID_ADPCM_IMA_QT, "adpcm_ima_qt"},
};

/// The file on descriptor 0, read at any position.
struct input {
  int64_t position, size;
};

static int read_input(void *opaque, uint8_t *buffer, int size) {
  struct input *input = opaque;
  ssize_t count = pread(STDIN_FILENO, buffer, (size_t)size, input->position);
  if (count <= 0) return count == 0 ? AVERROR_EOF : AVERROR(errno);
  input->position += count;
  return (int)count;
}

static int64_t seek_input(void *opaque, int64_t offset, int whence) {
  struct input *input = opaque;
  if (whence & AVSEEK_SIZE) return input->size;
  switch (whence & ~AVSEEK_FORCE) {
  case SEEK_SET: break;
  case SEEK_CUR: offset += input->position; break;
  case SEEK_END: offset += input->size; break;
  default: return AVERROR(EINVAL);
  }
  if (offset < 0 || offset > input->size) return AVERROR(EINVAL);
  return input->position = offset;
}

/// A container may name other files. None is opened.
static int refuse_file(AVFormatContext *s, AVIOContext **pb, const char *url, int flags, AVDictionary **options) {
  return AVERROR(EACCES);
}

int audio_write_output(const void *bytes, size_t count) {
  for (const char *next = bytes; count > 0;) {
    ssize_t written = write(STDOUT_FILENO, next, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return 0;
    next += written;
    count -= (size_t)written;
  }
  return 1;
}

static int fail(enum audio_decoder_status status, const char *codec) {
  struct audio_decoder_header header = {.magic = audio_decoder_magic, .status = status, .frames = -1};
  strncpy(header.codec, codec, sizeof header.codec - 1);
  audio_write_output(&header, sizeof header);
  return 1;
}

static enum audio_decoder_status failure(int error) {
  return error == AVERROR(ENOMEM) ? audio_decoder_no_memory : audio_decoder_unreadable;
}

/// The first decoder of the list for the codec; NULL if none is allowed or installed.
static const AVCodec *decoder(enum AVCodecID id) {
  const AVCodec *found = NULL;
  for (size_t i = 0; i < sizeof codecs / sizeof codecs[0] && !found; i++) {
    if (codecs[i].id == id) found = ff.avcodec_find_decoder_by_name(codecs[i].decoder);
  }
  return found;
}

static int open_container(const char *name, struct input *input, AVFormatContext **format) {
  const AVInputFormat *demuxer = NULL;
  for (size_t i = 0; i < sizeof containers / sizeof containers[0]; i++) {
    if (strcmp(name, containers[i]) == 0) demuxer = ff.av_find_input_format(name);
  }
  if (!demuxer) return AVERROR_DEMUXER_NOT_FOUND;
  const int buffer_size = 32 << 10;
  unsigned char *buffer = ff.av_malloc(buffer_size);
  *format = ff.avformat_alloc_context();
  AVIOContext *io = buffer ? ff.avio_alloc_context(buffer, buffer_size, 0, input, read_input, NULL, seek_input) : NULL;
  if (!*format || !io) return AVERROR(ENOMEM);
  (*format)->pb = io;
  (*format)->io_open = refuse_file;
  (*format)->max_streams = 16;
  (*format)->probesize = 1 << 20;
  // No protocol has this name, so that none is allowed.
  AVDictionary *options = NULL;
  ff.av_dict_set(&options, "protocol_whitelist", "none", 0);
  int error = ff.avformat_open_input(format, "", demuxer, &options);
  ff.av_dict_free(&options);
  return error;
}

/// The decoded samples' way out: interleaved, with the rate and channels of the first frame.
struct output {
  SwrContext *converter;
  AVChannelLayout input_layout, layout;
  int input_format, input_rate, rate;
  int64_t frames;
  float *samples;
  int capacity;
  const char *codec;
};

static int write_header(struct output *output, const AVFrame *frame) {
  int channels = frame->ch_layout.nb_channels;
  output->rate = frame->sample_rate < LARGEST_SAMPLE_RATE ? frame->sample_rate : LARGEST_SAMPLE_RATE;
  // Positions of channels don't matter: all are mixed.
  ff.av_channel_layout_default(&output->layout, channels);
  struct audio_decoder_header header = {
      .magic = audio_decoder_magic,
      .status = audio_decoder_ok,
      .sample_rate = (uint32_t)output->rate,
      .channels = (uint32_t)channels,
      .frames = output->frames < 0
                    ? -1
                    : ff.av_rescale_q(output->frames, AV_TIME_BASE_Q, (AVRational){1, output->rate})};
  strncpy(header.codec, output->codec, sizeof header.codec - 1);
  return audio_write_output(&header, sizeof header);
}

static int prepare_converter(struct output *output, const AVFrame *frame) {
  if (output->converter && output->input_format == frame->format && output->input_rate == frame->sample_rate &&
      ff.av_channel_layout_compare(&output->input_layout, &frame->ch_layout) == 0) {
    return 0;
  }
  ff.swr_free(&output->converter);
  output->input_format = frame->format;
  output->input_rate = frame->sample_rate;
  int error = ff.av_channel_layout_copy(&output->input_layout, &frame->ch_layout);
  if (error < 0) return error;
  AVChannelLayout input = {0};
  // The same number of channels is copied channel by channel, whichever positions they have.
  error = frame->ch_layout.nb_channels == output->layout.nb_channels
              ? ff.av_channel_layout_copy(&input, &output->layout)
              : ff.av_channel_layout_copy(&input, &frame->ch_layout);
  if (error < 0) return error;
  error = ff.swr_alloc_set_opts2(&output->converter, &output->layout, AV_SAMPLE_FMT_FLT, output->rate, &input,
                                 frame->format, frame->sample_rate, 0, NULL);
  ff.av_channel_layout_uninit(&input);
  return error < 0 ? error : ff.swr_init(output->converter);
}

/// Returns a negative error, 0 if the reader has closed the pipe, or 1.
static int write_frame(struct output *output, const AVFrame *frame) {
  int channels = frame->ch_layout.nb_channels;
  if (channels < 1 || frame->sample_rate < 1) return AVERROR_INVALIDDATA;
  if (output->rate == 0 && !write_header(output, frame)) return 0;
  // The reader refuses such a file by its header.
  if (output->layout.nb_channels > LARGEST_CHANNEL_COUNT) return 0;
  int error = prepare_converter(output, frame);
  if (error < 0) return error;
  int room = ff.swr_get_out_samples(output->converter, frame->nb_samples);
  if (room < 0) return room;
  size_t frame_bytes = (size_t)output->layout.nb_channels * sizeof(float);
  if (room > output->capacity) {
    // Without its own `free`, since the process ends soon; frames have few different sizes.
    if (!(output->samples = ff.av_malloc((size_t)room * frame_bytes))) return AVERROR(ENOMEM);
    output->capacity = room;
  }
  uint8_t *samples = (uint8_t *)output->samples;
  int count = ff.swr_convert(output->converter, &samples, room, (const uint8_t **)frame->extended_data,
                             frame->nb_samples);
  if (count < 0) return count;
  return audio_write_output(samples, (size_t)count * frame_bytes);
}

/// Writes all frames that the decoder has ready. A damaged one is skipped. Returns 0 when nothing more is used, else 1 or
/// AVERROR(ENOMEM).
static int write_frames(AVCodecContext *decoder, AVFrame *frame, struct output *output) {
  for (;;) {
    int error = ff.avcodec_receive_frame(decoder, frame);
    if (error == AVERROR(ENOMEM)) return error;
    if (error < 0) return 1;
    int result = write_frame(output, frame);
    ff.av_frame_unref(frame);
    if (result == 0 || result == AVERROR(ENOMEM)) return result;
  }
}

static int decode(AVFormatContext *format, AVCodecContext *context, int stream, struct output *output) {
  AVFrame *frame = ff.av_frame_alloc();
  AVPacket *packet = ff.av_packet_alloc();
  int result = frame && packet ? 1 : AVERROR(ENOMEM);
  while (result == 1) {
    int error = ff.av_read_frame(format, packet);
    // The end of the file, or a place that can't be read. The sound before it counts.
    if (error < 0) {
      if (error == AVERROR(ENOMEM)) result = error;
      break;
    }
    if (packet->stream_index == stream) {
      if (ff.avcodec_send_packet(context, packet) == AVERROR(ENOMEM)) result = AVERROR(ENOMEM);
      else result = write_frames(context, frame, output);
    }
    ff.av_packet_unref(packet);
  }
  if (result == 1 && ff.avcodec_send_packet(context, NULL) >= 0) result = write_frames(context, frame, output);
  // Samples end with the output. An error without any needs a header.
  if (output->rate > 0) return result < 0;
  return fail(result < 0 ? failure(result) : audio_decoder_unreadable, output->codec);
}

int audio_decoder_run(const char *container, struct audio_decoder_limits limits) {
  if (!audio_decoder_load()) return fail(audio_decoder_not_installed, "");
  struct stat status;
  if (fstat(STDIN_FILENO, &status) != 0) return fail(audio_decoder_unreadable, "");
  audio_decoder_confine(limits, 1);
  ff.av_log_set_level(AV_LOG_QUIET);
  struct input input = {0, status.st_size};
  AVFormatContext *format = NULL;
  int error = open_container(container, &input, &format);
  if (error < 0) return fail(failure(error), "");

  int chosen = -1, other = -1;
  for (int i = 0; i < (int)format->nb_streams; i++) {
    const AVCodecParameters *parameters = format->streams[i]->codecpar;
    int is_audio = parameters->codec_type == AVMEDIA_TYPE_AUDIO;
    if (is_audio && chosen < 0 && decoder(parameters->codec_id)) chosen = i;
    else if (is_audio && other < 0) other = i;
    if (chosen != i) format->streams[i]->discard = AVDISCARD_ALL;
  }
  if (chosen < 0) {
    if (other < 0) return fail(audio_decoder_no_audio, "");
    return fail(audio_decoder_codec_refused, ff.avcodec_get_name(format->streams[other]->codecpar->codec_id));
  }
  const AVStream *stream = format->streams[chosen];
  struct output output = {.codec = ff.avcodec_get_name(stream->codecpar->codec_id), .frames = -1};
  if (stream->duration > 0) output.frames = ff.av_rescale_q(stream->duration, stream->time_base, AV_TIME_BASE_Q);
  else if (format->duration > 0) output.frames = format->duration;
  AVCodecContext *context = ff.avcodec_alloc_context3(decoder(stream->codecpar->codec_id));
  if (!context) return fail(audio_decoder_no_memory, output.codec);
  error = ff.avcodec_parameters_to_context(context, stream->codecpar);
  context->pkt_timebase = stream->time_base;
  context->thread_count = 1;
  if (error >= 0) error = ff.avcodec_open2(context, NULL, NULL);
  if (error < 0) return fail(failure(error), output.codec);
  return decode(format, context, chosen, &output);
}
