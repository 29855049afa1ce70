// What Swift cannot import: libcurl's variadic setters and getters, and a member that stands for a longer address.

#ifndef SPEECHBUS_CCURL_SHIM_H
#define SPEECHBUS_CCURL_SHIM_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

static inline void ccurl_set_number(CURL *handle, CURLoption option, long value) {
  (void)curl_easy_setopt(handle, option, value);
}
static inline void ccurl_set_large(CURL *handle, CURLoption option, curl_off_t value) {
  (void)curl_easy_setopt(handle, option, value);
}
// The handle keeps a copy.
static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
// Borrowed until the transfer has ended: contexts, buffers and lists.
static inline void ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
  (void)curl_easy_setopt(handle, option, value);
}
static inline void ccurl_set_receiver(CURL *handle, CURLoption option, curl_write_callback callback) {
  (void)curl_easy_setopt(handle, option, callback);
}
static inline void ccurl_set_progress(CURL *handle, curl_xferinfo_callback callback) {
  (void)curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callback);
}
static inline void ccurl_set_open_socket(CURL *handle, curl_opensocket_callback callback) {
  (void)curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}

static inline long ccurl_number(CURL *handle, CURLINFO info) {
  long value = 0;
  (void)curl_easy_getinfo(handle, info, &value);
  return value;
}
static inline curl_off_t ccurl_large(CURL *handle, CURLINFO info) {
  curl_off_t value = 0;
  (void)curl_easy_getinfo(handle, info, &value);
  return value;
}
// NULL when there is none; valid until the next transfer.
static inline const char *ccurl_text(CURL *handle, CURLINFO info) {
  const char *value = NULL;
  (void)curl_easy_getinfo(handle, info, &value);
  return value;
}

static inline const struct sockaddr *ccurl_address(const struct curl_sockaddr *address) { return &address->addr; }

#endif
