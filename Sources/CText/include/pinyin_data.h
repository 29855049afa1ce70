// Mandarin readings of characters and phrases. Derived from pypinyin (MIT licence); see tools/text/pinyin_data.py.
#pragma once

// UTF-8 text that lives as long as the process.
const char *xtts_pinyin_table(void);
unsigned long xtts_pinyin_table_size(void);
