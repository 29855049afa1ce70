"""Converts English words to phonemes, with the lexicons of the PyPI package `misaki` (Apache-2.0).

The phonemes are the input of the synthesiser Kokoro: IPA letters, `A I O W Y` for diphthongs, stress marks before
the stressed vowel.
"""

import json
import os
from typing import NamedTuple

from flite import NUMBER_OF

MARKS = ",.!?;:"
TRIMMED = MARKS + "'-"
VOWELS = "AIOWYæɑɔəɐɛɪiʊuʌɜɚᵊᵻ"
STRESS = "ˈˌ"
UNVOICED, HISSING = "ptkfθ", "szʃʒʧʤ"

# Maps each phoneme to a sound of flite's list. All teachers use this list of sounds.
SOUND_OF = {
    "A": "ey", "I": "ay", "O": "ow", "W": "aw", "Y": "oy", "æ": "ae", "ɑ": "aa", "ɔ": "ao", "ə": "ax", "ɐ": "ax",
    "ᵊ": "ax", "ɛ": "eh", "ɪ": "ih", "ᵻ": "ih", "i": "iy", "ʊ": "uh", "u": "uw", "ʌ": "ah", "ɜ": "er", "ɚ": "er",
    "b": "b", "d": "d", "f": "f", "ɡ": "g", "h": "hh", "j": "y", "k": "k", "l": "l", "m": "m", "n": "n", "p": "p",
    "s": "s", "t": "t", "v": "v", "w": "w", "z": "z", "ð": "dh", "ŋ": "ng", "ɹ": "r", "ɾ": "d", "ʃ": "sh", "ʒ": "zh",
    "ʔ": "t", "ʤ": "jh", "ʧ": "ch", "θ": "th",
}  # fmt: skip


def sound_of(phoneme):
    """The number of a phoneme's sound; silence for a mark, a space or None."""
    return NUMBER_OF[SOUND_OF.get(phoneme, "pau")]


class Word(NamedTuple):
    index: int  # number of the whitespace-separated word of the text
    phonemes: str
    mark: str  # the punctuation mark that follows, or ""


class Lexicon:
    def __init__(self, folder):
        """`folder` holds us_gold.json and us_silver.json."""
        self._entries = []
        for name in ("us_gold.json", "us_silver.json"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                self._entries.append(json.load(file))

    def _entry(self, word):
        for entries in self._entries:
            for spelling in (word, word.capitalize()):
                entry = entries.get(spelling)
                if isinstance(entry, dict):
                    entry = entry.get("DEFAULT") or next(filter(None, entry.values()), None)
                if entry:
                    return entry
        return None

    def pronounce(self, word):
        """The phonemes of a lower-case word, or None. Regular endings are derived from the stem."""
        entry = self._entry(word)
        if entry:
            return entry
        if word.endswith("'s"):
            return _plural(self.pronounce(word[:-2]))
        if word.endswith("s'") or word.endswith("in'"):
            return self.pronounce(word[:-1] if word.endswith("s'") else word[:-1] + "g")
        if word.endswith("ies") and len(word) > 4:
            return _plural(self.pronounce(word[:-3] + "y"))
        if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
            return _plural(self.pronounce(word[:-1]) or (self.pronounce(word[:-2]) if word.endswith("es") else None))
        if word.endswith("ied") and len(word) > 4:
            return _past(self.pronounce(word[:-3] + "y"))
        for ending, derive in (("ed", _past), ("ing", _progressive)):
            stem = word[: -len(ending)]
            if word.endswith(ending) and len(stem) > 2:
                doubled = stem[:-1] if stem[-1] == stem[-2] else None
                known = self._entry(stem + "e") or self._entry(stem) or (doubled and self._entry(doubled))
                return derive(known)
        if word.endswith("ly") and len(word) > 5:
            stem = self.pronounce(word[:-2])
            return stem and stem + "li"
        return None

    def words(self, text):
        """[Word] of a lower-case text, or None when a word is not in the lexicons."""
        tokens = text.split(" ")
        result = []
        for index, token in enumerate(tokens):
            core = token.strip(TRIMMED)
            following = tokens[index + 1].strip(TRIMMED) if index + 1 < len(tokens) else ""
            phonemes = self._in_context(core, following)
            if phonemes is None:
                return None
            tail = token[len(token.rstrip(TRIMMED)) :]
            mark = next((c for c in tail if c in MARKS), "," if tail.endswith("-") else "")
            result.append(Word(index, phonemes, mark))
        return result

    def _in_context(self, word, following):
        """The phonemes of a word before `following`; the most frequent words have unstressed forms."""
        if word == "a":
            return "ɐ"
        if word in ("the", "to"):
            next_phonemes = self.pronounce(following.split("-")[0]) if following else None
            before_vowel = next_phonemes is not None and next_phonemes.lstrip(STRESS)[:1] in VOWELS
            if word == "the":
                return "ði" if before_vowel else "ðə"
            return "tu" if before_vowel or not following else "tə"
        parts = [self.pronounce(part) for part in word.split("-") if part]
        return None if None in parts else " ".join(parts)


def _plural(stem):
    return stem and stem + ("ᵻz" if stem[-1] in HISSING else "s" if stem[-1] in UNVOICED else "z")


def _past(stem):
    return stem and stem + ("ᵻd" if stem[-1] in "td" else "t" if stem[-1] in UNVOICED + "sʃʧ" else "d")


def _progressive(stem):
    return stem and stem + "ɪŋ"
