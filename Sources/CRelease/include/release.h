// The commit of this build: SPEECHBUS_COMMIT in the environment of `swift build`.

#ifndef SPEECHBUS_RELEASE_H
#define SPEECHBUS_RELEASE_H

// Hexadecimal digits; empty if the build was not given one.
const char *speechbus_commit(void);

#endif
