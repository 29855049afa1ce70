#ifndef LIBRARIES_H
#define LIBRARIES_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libavutil/mathematics.h>
#include <libavutil/mem.h>
#include <stddef.h>
#include <libswresample/swresample.h>

#define AVUTIL_FUNCTIONS(X) \
  X(av_channel_layout_compare) X(av_channel_layout_copy) X(av_channel_layout_default) X(av_channel_layout_uninit) \
  X(av_dict_free) X(av_dict_set) X(av_frame_alloc) X(av_frame_free) X(av_frame_get_buffer) X(av_frame_unref) \
  X(av_log_set_level) X(av_malloc) X(av_realloc) X(av_rescale_q)
#define AVCODEC_FUNCTIONS(X) \
  X(av_packet_alloc) X(av_packet_free) X(av_packet_rescale_ts) X(av_packet_unref) X(avcodec_alloc_context3) \
  X(avcodec_find_decoder_by_name) X(avcodec_find_encoder_by_name) X(avcodec_free_context) X(avcodec_get_name) \
  X(avcodec_open2) X(avcodec_parameters_from_context) X(avcodec_parameters_to_context) X(avcodec_receive_frame) \
  X(avcodec_receive_packet) X(avcodec_send_frame) X(avcodec_send_packet)
#define AVFORMAT_FUNCTIONS(X) \
  X(av_find_input_format) X(av_guess_format) X(av_read_frame) X(av_write_frame) X(av_write_trailer) \
  X(avformat_alloc_context) X(avformat_new_stream) X(avformat_open_input) X(avformat_write_header) \
  X(avio_alloc_context) X(avio_flush)
#define SWRESAMPLE_FUNCTIONS(X) X(swr_alloc_set_opts2) X(swr_convert) X(swr_free) X(swr_get_out_samples) X(swr_init)

#define MEMBER(name) __typeof__(&name) name;
/// FFmpeg's functions, found by `audio_decoder_load`.
struct libraries {
  AVUTIL_FUNCTIONS(MEMBER) AVCODEC_FUNCTIONS(MEMBER) AVFORMAT_FUNCTIONS(MEMBER) SWRESAMPLE_FUNCTIONS(MEMBER)
};
#undef MEMBER

extern struct libraries ff;

/// Writes all bytes to descriptor 1. Returns 0 if its reader is gone.
int audio_write_output(const void *bytes, size_t count);

#endif
