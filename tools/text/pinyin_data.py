"""Writes Sources/CText/pinyin.txt: Mandarin readings in a form the service searches without parsing.

Source: pypinyin 0.55.0 (MIT licence, https://github.com/mozillazg/python-pinyin), whose tables come from
mozillazg/pinyin-data and mozillazg/phrase-pinyin-data (both MIT licence).

  python3 tools/text/pinyin_data.py > Sources/CText/pinyin.txt

Two lists, separated by an empty line:
  syllable TAB characters            every character under its first reading
  phrase [TAB position syllable ...] sorted by code point; positions (0-9, a-z) whose reading is not the first one
"""
from collections import defaultdict

from pypinyin import Style, pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT, RE_HANS
from pypinyin.converter import UltimateConverter

POSITIONS = "0123456789abcdefghijklmnopqrstuvwxyz"
converter = UltimateConverter(neutral_tone_with_five=True)


def tone3(character, reading):
    return converter.convert_style(character, reading, style=Style.TONE3, strict=True)


def first_readings():
    readings = {}
    for code in PINYIN_DICT:
        character = chr(code)
        if RE_HANS.match(character):
            readings[character] = tone3(character, PINYIN_DICT[code].split(",")[0])
    return readings


def phrase_line(phrase, readings):
    entry = PHRASES_DICT[phrase]
    marks = []
    for position, (character, options) in enumerate(zip(phrase, entry)):
        reading = tone3(character, options[0])
        if reading != readings.get(character):
            marks.append(POSITIONS[position] + reading)
    return phrase + "\t" + " ".join(marks) if marks else phrase


def lines():
    readings = first_readings()
    by_syllable = defaultdict(list)
    for character, reading in readings.items():
        by_syllable[reading].append(character)
    for syllable in sorted(by_syllable):
        yield syllable + "\t" + "".join(sorted(by_syllable[syllable]))
    yield ""
    for phrase in sorted(PHRASES_DICT):
        # Only unbroken runs of Chinese characters are looked up.
        if RE_HANS.match(phrase):
            assert len(PHRASES_DICT[phrase]) == len(phrase) <= len(POSITIONS), phrase
            yield phrase_line(phrase, readings)


print("\n".join(lines()))
