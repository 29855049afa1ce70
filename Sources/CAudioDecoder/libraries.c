#include "libraries.h"

#include <dlfcn.h>

#include "CAudioDecoder.h"

struct libraries ff;

// The names contain the major version of the headers, because functions and structures match only that version.
#define TEXT(value) #value
#define SONAME(name, major) "lib" name ".so." TEXT(major)

int audio_decoder_load(void) {
  static int is_loaded;
  if (is_loaded) return 1;
  void *avutil = dlopen(SONAME("avutil", LIBAVUTIL_VERSION_MAJOR), RTLD_NOW);
  void *avcodec = dlopen(SONAME("avcodec", LIBAVCODEC_VERSION_MAJOR), RTLD_NOW);
  void *avformat = dlopen(SONAME("avformat", LIBAVFORMAT_VERSION_MAJOR), RTLD_NOW);
  void *swresample = dlopen(SONAME("swresample", LIBSWRESAMPLE_VERSION_MAJOR), RTLD_NOW);
  if (!avutil || !avcodec || !avformat || !swresample) return 0;
#define FIND(library, name) \
  if (!(ff.name = (__typeof__(ff.name))dlsym(library, #name))) return 0;
#define FIND_AVUTIL(name) FIND(avutil, name)
#define FIND_AVCODEC(name) FIND(avcodec, name)
#define FIND_AVFORMAT(name) FIND(avformat, name)
#define FIND_SWRESAMPLE(name) FIND(swresample, name)
  AVUTIL_FUNCTIONS(FIND_AVUTIL)
  AVCODEC_FUNCTIONS(FIND_AVCODEC)
  AVFORMAT_FUNCTIONS(FIND_AVFORMAT)
  SWRESAMPLE_FUNCTIONS(FIND_SWRESAMPLE)
  is_loaded = 1;
  return 1;
}
