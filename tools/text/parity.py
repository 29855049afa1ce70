"""Compares the service's text front end with upstream, live, and prints a table.

  python3 tools/text/parity.py vocab.json -- COMMAND…

COMMAND is `speechbus tokenize --normalization upstream` with its arguments: it reads `language TAB text` lines and
writes JSON lines with `normalized` and `tokens`. The corpus comes from corpus.py; the expectations in upstream's own
test functions are tried as well. Needs requirements.txt. Exit status 1 where a language misses its floor.
"""
from collections import Counter
import ast
import inspect
import json
from pathlib import Path
import subprocess
import sys

from TTS.tts.layers.xtts import tokenizer as upstream

FLOOR = {"ja": 95.0, "zh-cn": 97.0}
TESTS = ["test_expand_numbers_multilingual", "test_abbreviations_multilingual", "test_symbols_multilingual"]


def upstream_cases():
    """(language, text, expected) from the lists in upstream's test functions."""
    for name in TESTS:
        tree = ast.parse(inspect.getsource(getattr(upstream, name)))
        cases = next(n.value for n in ast.walk(tree) if isinstance(n, ast.Assign) and n.targets[0].id == "test_cases")
        for text, expected, language in ast.literal_eval(cases):
            yield "zh-cn" if language == "zh" else language, text, expected


def run(command, lines):
    text = "".join(f"{language}\t{line}\n" for language, line in lines)
    output = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def compare_corpus(command, vocabulary):
    corpus = subprocess.run(
        [sys.executable, Path(__file__).parent / "corpus.py"], capture_output=True, text=True, check=True).stdout
    lines = [line.split("\t", 1) for line in corpus.splitlines()]
    answers = run(command, lines)
    assert len(answers) == len(lines), "the command must answer every line"
    reference = upstream.VoiceBpeTokenizer(vocab_file=vocabulary)
    total, same, tokens, failed = Counter(), Counter(), Counter(), Counter()
    for (language, text), answer in zip(lines, answers):
        lang, lowered = language.split("-")[0], text.strip().lower()
        try:
            expected = reference.preprocess_text(lowered, lang)
            expected_tokens = reference.encode(lowered, lang=lang)
        except Exception:  # upstream fails on some lines; those have no reference
            failed[language] += 1
            continue
        total[language] += 1
        if answer.get("normalized") != expected:
            print(f"{language} {text!r}\n  upstream {expected!r}\n  here     {answer.get('normalized')!r}")
            continue
        same[language] += 1
        if answer["tokens"] == expected_tokens:
            tokens[language] += 1
        else:
            print(f"{language} {text!r}: tokens differ")
    print(f"{'language':10}{'lines':>7}{'same':>7}{'same %':>9}{'tokens %':>10}{'upstream failed':>17}")
    missed = False
    for language in dict.fromkeys(language for language, _ in lines):
        share = 100 * same[language] / max(total[language], 1)
        token_share = 100 * tokens[language] / max(same[language], 1)
        missed |= share < FLOOR.get(language, 99.0) or token_share < 100
        print(f"{language:10}{total[language]:7}{same[language]:7}{share:9.2f}{token_share:10.2f}{failed[language]:17}")
    return missed


def compare_cases(command):
    """An expectation of one cleaning step holds where the text and the expected text end as the same."""
    cases = list(upstream_cases())
    answers = run(command, [(c[0], c[1]) for c in cases] + [(c[0], c[2]) for c in cases])
    cleaner = upstream.VoiceBpeTokenizer()
    failures = 0
    for case, got, wanted in zip(cases, answers, answers[len(cases):]):
        here, expected = got.get("normalized", ""), wanted.get("normalized", "")
        if here.lower() == expected.lower():
            continue
        failures += 1
        try:
            actual = cleaner.preprocess_text(case[1].strip().lower(), case[0].split("-")[0])
        except Exception as error:
            actual = repr(error)
        print(f"upstream's test case {case!r}\n  here     {here!r}\n  expected {expected!r}\n  upstream {actual!r}")
    print(f"upstream's own test cases: {len(cases) - failures} of {len(cases)}")


def main():
    split = sys.argv.index("--")
    vocabulary, command = sys.argv[1], sys.argv[split + 1:]
    missed = compare_corpus(command, vocabulary)
    compare_cases(command)
    sys.exit(missed)


main()
