#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/tcp_socket.h>
#else /* before librabbitmq 0.12 */
#include <amqp.h>
#include <amqp_tcp_socket.h>
#endif

/* Swift can't call functions with a variable number of arguments. */
static inline amqp_rpc_reply_t say_login(
    amqp_connection_state_t connection, const char *vhost, const char *user, const char *password) {
  return amqp_login(connection, vhost, 0, 131072, 30, AMQP_SASL_METHOD_PLAIN, user, password);
}
