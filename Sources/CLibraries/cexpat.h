// Expat, the XML parser of SSML.

#ifndef SPEECHBUS_CEXPAT_SHIM_H
#define SPEECHBUS_CEXPAT_SHIM_H

#include <expat.h>

#endif
