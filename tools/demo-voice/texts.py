"""Sentences to train and test the demo voice on, from Debian's fortunes, wordnet-base and wamerican.

  texts.py OUT_DIR [--count 120000] [--root /]      writes train.txt and held-out.txt, one lower-case sentence a line

Real sentences first, each once; random words fill up to --count, for spellings that the sentences don't reach and for
short inputs. Some lines join two or three sentences, since the engine cuts text at 250 characters only.
"""

import argparse
import glob
import os
import random
import re

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALLOWED = re.compile(rf"[{LETTERS} ,.!?;:'-]+")
LONGEST = 245  # characters; the engine's limit of one piece is 250
HELD_OUT = 200


def clean(text):
    """The text as the model reads it, or None if it has what the model has no letters for."""
    text = re.sub(r"\s+", " ", text).strip().lower().replace('"', "").replace("`", "'")
    text = re.sub(r"\s*--+\s*", ", ", text).strip(" ,;:-'")
    speakable = 3 <= len(text) <= LONGEST and ALLOWED.fullmatch(text) and re.search("[aeiouy]", text)
    if not speakable or re.search(r"[^a-z ]{3}| [^a-z]+ |(?<![a-z])[b-hj-z](?![a-z'])", text):
        return None  # no lone letters or strings of marks: they are read out in ways that vary
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


def collect(count, root, seed=1):
    """(training lines, held-out lines): the held-out ones are whole sentences of 4 to 16 words that no other line holds."""
    chance = random.Random(seed)
    spoken = sorted(set(fortunes(root)))
    explained = sorted(set(glosses(root)) - set(spoken))
    chance.shuffle(spoken)
    chance.shuffle(explained)
    fits = lambda line: 4 <= len(line.split()) <= 16
    held_out = [line for line in spoken if fits(line)][:HELD_OUT]
    kept = set(held_out)
    real = [line for line in spoken if line not in kept] + explained
    real = real[: count * 7 // 10]
    more = (joined(real, chance), word_lists(dictionary(root), chance))
    lines = real + [next(more[i % 3 != 0]) for i in range(max(0, count - len(real)))]
    chance.shuffle(lines)
    return lines, held_out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=120_000)
    parser.add_argument("--root", default="", help="where the packages are unpacked; default: the system")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    for name, lines in zip(("train.txt", "held-out.txt"), collect(arguments.count, arguments.root)):
        with open(os.path.join(arguments.out, name), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        print(f"{name}: {len(lines)} lines, {sum(map(len, lines)) / len(lines):.0f} characters each")


if __name__ == "__main__":
    main()
