#include "pinyin_data.h"

// #embed is C23; clang has it in every dialect from version 19 on.
#pragma clang diagnostic ignored "-Wc23-extensions"

// pinyin.txt, byte for byte; tools/text/pinyin_data.py writes it.
static const char table[] = {
#embed "pinyin.txt"
};

const char *xtts_pinyin_table(void) { return table; }

unsigned long xtts_pinyin_table_size(void) { return sizeof(table); }
