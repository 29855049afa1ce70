"""Writes sentences for training and testing the demo voice, from Debian's fortunes, wordnet-base and wamerican.

  texts.py OUT_DIR LEXICON_DIR [--count 120000] [--root /]

Writes train.txt and held-out.txt, one lower-case sentence per line. Real sentences are selected first, each once.
Random words fill the file up to --count lines: they add spellings that the sentences do not contain, and short inputs.
Some lines join two or three sentences, because the engine cuts text at 250 characters only.

The held-out sentences follow a fixed rule: take the fortunes' sentences of 4 to 16 words that are all in the lexicons,
and select the 200 with the smallest SHA-256. No training line contains one of them.
"""

import argparse
import glob
import hashlib
import os
import random
import re

from lexicon import Lexicon

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALLOWED = re.compile(rf"[{LETTERS} ,.!?;:'-]+")
LONGEST = 245  # characters; the engine's limit per piece is 250
HELD_OUT = 200


def clean(text):
    """The text in the model's alphabet, or None if the teachers might read it in different ways."""
    text = re.sub(r"\s+", " ", text).strip().lower().replace('"', "").replace("`", "'")
    text = re.sub(r"\s*--+\s*", ", ", text).strip(" ,;:-'")
    speakable = 3 <= len(text) <= LONGEST and ALLOWED.fullmatch(text) and re.search("[aeiouy]", text)
    if not speakable or re.search(r"[^a-z ]{3}| [^a-z]+ |(?<![a-z])[b-hj-z](?![a-z'])", text):
        return None  # refuses lone letters and strings of marks, because their pronunciation varies
    return text if text[-1] in ".!?" else text + "."


def sentences_of(text):
    return filter(None, (clean(part) for part in re.split(r"(?<=[.!?]) ", re.sub(r"\s+", " ", text))))


def fortunes(root):
    for path in sorted(glob.glob(f"{root}/usr/share/games/fortunes/*.u8")):
        if "ascii" not in path and not path.endswith("/art.u8"):
            with open(path, encoding="utf-8", errors="ignore") as file:
                for quote in file.read().split("\n%\n"):
                    yield from sentences_of(re.split(r"\n\s*--", quote)[0])


def glosses(root):
    """WordNet's definitions and its example sentences."""
    for path in sorted(glob.glob(f"{root}/usr/share/wordnet/data.*")):
        with open(path, encoding="utf-8", errors="ignore") as file:
            for line in file:
                if not line.startswith(" ") and " | " in line:
                    for part in line.split(" | ", 1)[1].split("; "):
                        yield from sentences_of(part)


def dictionary(root):
    with open(f"{root}/usr/share/dict/american-english", encoding="utf-8") as file:
        return [
            word for line in file if re.fullmatch("[a-z]{3,12}", word := line.strip()) and re.search("[aeiouy]", word)
        ]


def word_lists(words, chance):
    while True:
        count = chance.choice([1, 1, 2, 3, 5, 7, 9])
        yield " ".join(chance.sample(words, count)) + chance.choice("...!?")


def joined(lines, chance):
    """Two or three sentences in one line."""
    while True:
        line = " ".join(chance.sample(lines, chance.choice([2, 2, 3])))
        if len(line) <= LONGEST:
            yield line


def held_out_of(sentences, known):
    """The held-out sentences by the rule above; `known` tests whether the teachers can speak a sentence."""
    fitting = [line for line in set(sentences) if 4 <= len(line.split()) <= 16 and known(line)]
    return sorted(fitting, key=lambda line: hashlib.sha256(line.encode("ascii")).digest())[:HELD_OUT]


def collect(count, root, known, seed=1):
    """(training lines, held-out lines)."""
    chance = random.Random(seed)
    spoken = sorted(set(fortunes(root)))
    explained = sorted(set(glosses(root)) - set(spoken))
    chance.shuffle(spoken)
    chance.shuffle(explained)
    held_out = held_out_of(spoken, known)
    withheld = set(held_out)
    real = [line for line in spoken + explained if line not in withheld]
    real = real[: count * 7 // 10]
    more = (joined(real, chance), word_lists(dictionary(root), chance))
    lines = real + [next(more[i % 3 != 0]) for i in range(max(0, count - len(real)))]
    chance.shuffle(lines)
    # A longer sentence may contain a held-out one. Random words replace it.
    begun = [line[:-1] for line in held_out]
    fresh = word_lists(dictionary(root), chance)
    return [next(fresh) if any(part in line for part in begun) else line for line in lines], held_out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("lexicon", help="folder with us_gold.json and us_silver.json")
    parser.add_argument("--count", type=int, default=120_000)
    parser.add_argument("--root", default="", help="folder with the unpacked packages; default: the system")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    lexicon = Lexicon(arguments.lexicon)
    known = lambda line: lexicon.words(line) is not None
    for name, lines in zip(("train.txt", "held-out.txt"), collect(arguments.count, arguments.root, known)):
        with open(os.path.join(arguments.out, name), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        print(f"{name}: {len(lines)} lines, {sum(map(len, lines)) / len(lines):.0f} characters each")


if __name__ == "__main__":
    main()
