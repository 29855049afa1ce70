"""Writes the text corpus: `language TAB text` lines, at least 300 for each of the seventeen languages.

  python3 tools/text/corpus.py > corpus.tsv

The parts are in phrases/; numbers, amounts and hostile lines are made here, from a fixed seed.
"""
from pathlib import Path
import random
import sys

LANGUAGES = "en es fr de it pt pl tr ru nl cs ar zh-cn hu ko ja hi".split()

NUMBERS = [
    "0", "1", "2", "7", "10", "11", "12", "16", "19", "20", "21", "22", "31", "42", "56", "71", "77", "80", "81", "91",
    "99", "100", "101", "102", "110", "111", "121", "180", "200", "201", "215", "300", "500", "700", "900", "999", "1000",
    "1001", "1100", "1234", "1999", "2000", "2001", "2024", "5000", "10000", "10001", "12345", "21000", "80000", "100000",
    "101000", "200000", "654321", "1000000", "1000001", "2000000", "3500000", "21000000", "1000000000", "12345678901",
    "007", "0042", "123456789012345",
]
GROUPED = ["1,234", "12,345,678", "1.234", "12.345.678", "1,000,000.5", "1.000.000,5", "100,000.5", "3 000", "1,23", "1.2.3"]
DECIMALS = ["0.5", "0,5", "3.14", "3,14", "12.50", "12,05", "0.001", "99.9", "1.0", "2,75", "36.6", "1234.56", "0,125"]
AMOUNTS = [
    "$1", "$2", "$20", "20$", "$5.50", "5,25$", "$0.99", "$1000000", "€1", "€2", "20€", "20.15€", "20,15€", "€3.99", "1€",
    "0,01€", "€1000000", "£1", "£20", "20£", "£2.50", "£0.01", "$21", "21€", "£31", "$1,234.50", "$100.10",
]
ORDINALS = {
    "en": ["1st", "2nd", "3rd", "4th", "5th", "8th", "9th", "12th", "20th", "21st", "22nd", "30th", "100th", "101st", "1000th"],
    "es": ["1º", "2º", "3er", "4º", "10º", "11º", "12o", "20ª", "21º", "45a", "100º", "101º", "1000º", "2024º", "5os"],
    "fr": ["1er", "1re", "2e", "3ème", "5e", "9e", "10e", "20º", "21e", "71e", "80ème", "91e", "100e", "1000e", "2024e"],
    "de": ["1.", "2.", "3.", "7.", "8.", "10.", "12.", "16.", "20.", "21.", "31.", "100.", "101.", "1000.", "3º"],
    "it": ["1º", "2ª", "3°", "4o", "6º", "10º", "11º", "20º", "23º", "26a", "31i", "100º", "1000º", "2000e", "101º"],
    "pt": ["1º", "2ª", "3o", "4a", "10º", "11º", "20º", "21ª", "45os", "100º", "101º", "1000º", "2024º", "6as", "7º"],
    "pl": ["1st", "2nd", "3rd", "4th", "10º", "11º", "20º", "21º", "45ª", "100º", "101º", "1000º", "2000º", "2024º", "5º"],
    "tr": ["1.", "2.", "3.", "4üncü", "5inci", "6nci", "9uncu", "10.", "20.", "21.", "100.", "101.", "1000.", "2024.", "7."],
    "ru": ["1-й", "2-я", "3-е", "4-ое", "5-го", "10-й", "11-й", "20-й", "21-й", "40-й", "100-й", "101-й", "1000-й", "2024-й", "3-ье"],
    "nl": ["1e", "2de", "3e", "4de", "5e", "8ste", "10e", "12de", "20ste", "21e", "100ste", "101e", "1000ste", "2024e", "7de"],
    "cs": ["1.", "2.", "3.", "4.", "10.", "11.", "20.", "21.", "45.", "100.", "101.", "1000.", "2024.", "5.", "6."],
    "ar": ["1ث", "2ر", "3ث", "4ون", "5ين", "10ى", "11ث", "20ون", "21ث", "45ر", "100ث", "101ون", "1000ث", "12ث", "19ث"],
    "hu": ["1.", "2.", "3.", "5.", "6.", "10.", "11.", "20.", "21.", "100.", "101.", "1000.", "3adik", "5ödik", "6odik"],
    "ko": ["1번째", "2번째", "3번", "5차", "10째", "11번째", "20번째", "21번째", "31번", "99째", "15차", "6번째", "7번", "8번째", "45번째"],
    "hi": ["1st", "2nd"],
    "zh-cn": ["1", "2", "10", "12", "20", "22", "100", "101", "1000", "2024", "3", "5", "6", "7", "8"],
    "ja": ["1", "2", "10", "12", "20", "22", "100", "101", "1000", "2024", "3", "5", "6", "7", "8"],
}
HOSTILE = [
    "!!!", "...", "?!?!", "—", "\u200b\u200b", "\u202eright to left\u202c", "a\u0301\u0302\u0303\u0304b", "\u0301\u0301", "\ufeffbom",
    "😀 smile 👩‍👩‍👧‍👦 family", "🇩🇪🇫🇷", "x" * 300, "1" * 25, "9" * 40, "a.b.c.d.e", ",,,,;;;;", "((([[[{{{", "<b>bold</b>",
    "null\x01\x02\x1fcontrol", "tab\there", "two  spaces   here", "ÀÉÎÕÜ ßẞ İı ŁØ", "ΑΒΓΣ ΟΔΟΣ Σ", "ﬁnal ﬂow ﬃ", "①②③ ⅣⅤ ½ ¾",
    "１２３ ＡＢＣ", "٣٤٥ ۱۲۳ १२३", "\ufffd\ufffd", "𝒜𝓑𝔠 𝟙𝟚𝟛", "\u0e01\u0e34\u0e19", "#$%&@£°", "$ 5 € £", "5.", ".5", "5,", "1..2", "1,,2", "$1.2.3",
    "[SPACE] [en] [STOP]", "[ru]", "100%%", "&&amp;&", "'single' \"double\" «angle»", "-5 +5 ±5", "3x4=12", "a1b2c3", "v1.2.3-beta",
    "12:30", "2024-05-03", "03/04/2025", "http://example.org/a?b=c&d=5%", "user_name_1", "C:\\path\\file.txt", "é vs é",
]
MIXED = [
    "Hello мир 世界 안녕 नमस्ते مرحبا", "Wi-Fi 5 GHz und 4G", "iPhone 15 Pro Max", "la vida è bella 2 gether", "日本語 and English 100",
    "Привет John, 50 рублей", "naïve 中文 12.5 café", "ABC-123 xyz", "E=mc² und H₂O", "№5 § 3 ¶", "20€ mit 5% を", "한국 123 日本 45",
]


def parts(language):
    sections, current = {}, None
    for line in (Path(__file__).parent / "phrases" / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], [])
        elif line:
            current.append(line)
    return sections


def lines(language):
    random.seed(language)
    part = parts(language)
    glue = "" if language in ("zh-cn", "ja") else " "
    yield from (s + glue + p for s in part["subjects"] for p in part["predicates"])
    yield from part["sentences"]
    yield from part["abbreviations"]
    fill = lambda kind, values: (part[kind][i % len(part[kind])].replace("{}", v) for i, v in enumerate(values))
    yield from fill("numbers", NUMBERS)
    yield from fill("numbers", GROUPED + DECIMALS)
    yield from fill("numbers", [str(random.randint(0, 10 ** random.randint(1, 9))) for _ in range(50)])
    yield from fill("numbers", [f"{random.randint(0, 9999)}{random.choice('.,')}{random.randint(0, 999)}" for _ in range(20)])
    yield from fill("ordinals", ORDINALS[language])
    yield from fill("money", AMOUNTS)
    yield from HOSTILE
    yield from (part["subjects"][i % len(part["subjects"])] + " " + h for i, h in enumerate(HOSTILE[:12]))
    yield from MIXED


def main():
    for language in LANGUAGES:
        seen = dict.fromkeys(line.replace("\t", " ") for line in lines(language))
        assert len(seen) >= 300, (language, len(seen))
        for text in seen:
            sys.stdout.write(f"{language}\t{text}\n")


main()
