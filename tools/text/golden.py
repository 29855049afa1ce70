"""Upstream's answers for the corpus, in the files that the tests read.

  python3 tools/text/golden.py [vocab.json] < corpus.tsv      (run in the repository's root)

Writes to Tests/XTTSTextTests/Fixtures:
  text-<language>.tsv   text TAB normalized TAB tokens-hash [TAB tokens-hash of the given vocab.json]; `!` for a line on
                        which upstream fails. \\ t n r are escaped with a backslash.
  vocab.json            a small vocabulary trained on the normalized lines with Hugging Face `tokenizers`
  morphemes.tsv         every Japanese word met, as UniDic 2.1.2 (BSD licence, unidic-lite 1.0.8) describes it
  morphemes-lines.tsv   for each Japanese line the numbers of its words
Needs requirements.txt.
"""
from collections import defaultdict
from pathlib import Path
import json
import sys

from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from TTS.tts.layers.xtts.tokenizer import VoiceBpeTokenizer

FIXTURES = Path("Tests/XTTSTextTests/Fixtures")
SCRIPTS = {5: "A", 6: "K", 7: "K"}


def escape(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def token_hash(tokens):
    """FNV-1a over the tokens as 32-bit little-endian numbers."""
    value = 0xCBF29CE484222325
    for token in tokens:
        for byte in token.to_bytes(4, "little"):
            value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def train_vocabulary(texts, languages):
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = ["[STOP]", "[UNK]", "[SPACE]"] + [f"[{language}]" for language in languages]
    tokenizer.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=1200, special_tokens=special, limit_alphabet=420, show_progress=False))
    tokenizer.save(str(FIXTURES / "vocab.json"), pretty=False)
    return VoiceBpeTokenizer(vocab_file=str(FIXTURES / "vocab.json"))


def morpheme(word):
    f = word.feature
    flags = ("s" if word.white_space else "") + ("u" if word.is_unk else "") + SCRIPTS.get(word.char_type, "")
    fields = [word.surface, flags, f.pos1, f.pos2, f.lemma, getattr(f, "kana", None), getattr(f, "pron", None)]
    return "\t".join(escape(x) if x and x != "*" else "" for x in fields)


def write_morphemes(texts, katsu):
    from cutlet.cutlet import normalize_text

    numbers, rows = {}, []
    for text in texts:
        words = katsu.tagger(normalize_text(text))
        rows.append(" ".join(str(numbers.setdefault(morpheme(word), len(numbers))) for word in words))
    (FIXTURES / "morphemes.tsv").write_text("\n".join(numbers) + "\n", encoding="utf-8")
    (FIXTURES / "morphemes-lines.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def main():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    cleaner = VoiceBpeTokenizer()
    corpus = defaultdict(list)
    for line in sys.stdin:
        language, text = line.rstrip("\n").split("\t", 1)
        corpus[language].append(text)
    normalized = {}
    for language, texts in corpus.items():
        for text in texts:
            try:
                normalized[language, text] = cleaner.preprocess_text(text.strip().lower(), language.split("-")[0])
            except Exception:  # upstream fails on some lines; those have no reference
                pass
    tokenizers = [train_vocabulary(normalized.values(), corpus)]
    if len(sys.argv) > 1:
        tokenizers.append(VoiceBpeTokenizer(vocab_file=sys.argv[1]))
    for language, texts in corpus.items():
        rows = []
        for text in texts:
            if (language, text) not in normalized:
                rows.append(escape(text) + "\t!")
                continue
            hashes = [token_hash(t.encode(text.strip().lower(), language.split("-")[0])) for t in tokenizers]
            rows.append("\t".join([escape(text), escape(normalized[language, text])] + hashes))
        (FIXTURES / f"text-{language}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    write_morphemes([t.strip().lower() for t in corpus["ja"]], cleaner.katsu)


main()
