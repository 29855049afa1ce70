// What Swift cannot import: the variadic login, unions of frames, and Linux's eventfd.

#ifndef SPEECHBUS_CRABBITMQ_SHIM_H
#define SPEECHBUS_CRABBITMQ_SHIM_H

#include <stdint.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

// Handshake with user name and password. Blocks up to the connection's handshake timeout.
// The strings are borrowed for the call.
static inline amqp_rpc_reply_t rabbitmq_login(
    amqp_connection_state_t connection, const char *virtual_host, int channel_limit, int frame_bytes,
    int heartbeat_seconds, const amqp_table_t *client_properties, const char *user, const char *password) {
  return amqp_login_with_properties(connection, virtual_host, channel_limit, frame_bytes, heartbeat_seconds,
                                    client_properties, AMQP_SASL_METHOD_PLAIN, user, password);
}

// The payload of a received frame, without reaching into the anonymous union.
static inline amqp_method_t rabbitmq_frame_method(const amqp_frame_t *frame) { return frame->payload.method; }

static inline uint64_t rabbitmq_frame_body_size(const amqp_frame_t *frame) {
  return frame->payload.properties.body_size;
}

// NULL unless the frame is a content header of class basic. Valid until the channel's buffers are released.
static inline const amqp_basic_properties_t *rabbitmq_frame_properties(const amqp_frame_t *frame) {
  if (frame->frame_type != AMQP_FRAME_HEADER || frame->payload.properties.class_id != AMQP_BASIC_CLASS) return NULL;
  return (const amqp_basic_properties_t *)frame->payload.properties.decoded;
}

static inline amqp_bytes_t rabbitmq_frame_body(const amqp_frame_t *frame) { return frame->payload.body_fragment; }

// An eventfd that wakes the thread polling it; -1 when there is no descriptor left.
static inline int rabbitmq_wake_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline void rabbitmq_wake_signal(int descriptor) { (void)eventfd_write(descriptor, 1); }
static inline void rabbitmq_wake_reset(int descriptor) {
  eventfd_t count;
  (void)eventfd_read(descriptor, &count);
}

#endif
