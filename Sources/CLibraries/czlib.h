// zlib, to unpack request bodies. libcurl brings the library along anyway.

#ifndef SPEECHBUS_CZLIB_SHIM_H
#define SPEECHBUS_CZLIB_SHIM_H

#include <zlib.h>

#endif
