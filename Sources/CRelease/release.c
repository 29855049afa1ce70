#include "release.h"

#ifndef SPEECHBUS_COMMIT
#define SPEECHBUS_COMMIT ""
#endif

const char *speechbus_commit(void) { return SPEECHBUS_COMMIT; }
