// OpenSSL's digests and message authentication codes. librabbitmq and libcurl bring the library along anyway.

#ifndef SPEECHBUS_CCRYPTO_SHIM_H
#define SPEECHBUS_CCRYPTO_SHIM_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#endif
