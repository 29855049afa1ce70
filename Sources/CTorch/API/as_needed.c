#include "ctorch.h"

// SwiftPM links each dynamic library that a target depends on, and the linker would record it in the program, so that
// every start would load libtorch. Swift passes the text of this section to the linker, ahead of the libraries:
// libraries that no code refers to are then not recorded. In the dynamic library itself it does the same for Swift's
// standard library, which C++ doesn't need.
__attribute__((section(".swift1_autolink_entries"), used)) static const char flags[] = "-Wl,--as-needed";
