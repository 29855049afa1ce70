"""Reads 'language<TAB>text' lines, writes JSON lines {language, text, normalized, tokens} as upstream computes them.

  preprocess.py vocab.json < corpus.tsv

`normalized` is upstream's preprocess_text of the stripped, lower-cased line, `tokens` its encode. A line on which
upstream fails has `error` instead: there is no reference answer for it.
"""
import json
import sys

import common  # noqa: F401  (quiets upstream)
from TTS.tts.layers.xtts.tokenizer import VoiceBpeTokenizer

tokenizer = VoiceBpeTokenizer(vocab_file=sys.argv[1])
for line in sys.stdin:
    language, text = line.rstrip("\n").split("\t", 1)
    code, sentence = language.split("-")[0], text.strip().lower()
    try:
        normalized = tokenizer.preprocess_text(sentence, code)
        answer = {"normalized": normalized, "tokens": tokenizer.encode(sentence, lang=code)}
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps({"language": language, "text": text, **answer}, ensure_ascii=False), flush=True)
