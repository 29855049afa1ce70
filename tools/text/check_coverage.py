"""Reads texts in every language and counts the tokens that the model does not know.

  python3 tools/text/check_coverage.py TEXTS [SPEECHBUS]

TEXTS is a folder of LANG.txt files (`coverage_texts.py` writes one); the first 500 lines of each are read with extended
normalisation. XTTS_MODEL_DIR must hold vocab.json. An unknown token whose line has no warning fails the check.
"""
from collections import Counter
from pathlib import Path
import json
import os
import subprocess
import sys

LINES = 500


def main():
    folder = Path(sys.argv[1])
    speechbus = sys.argv[2] if len(sys.argv) > 2 else ".build/release/speechbus"
    vocabulary = json.loads((Path(os.environ["XTTS_MODEL_DIR"]) / "vocab.json").read_text(encoding="utf-8"))
    unknown_token = vocabulary["model"]["vocab"]["[UNK]"]
    failed = False
    for path in sorted(folder.glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()][:LINES]
        feed = "".join(f"{path.stem}\t{line}\n" for line in lines)
        run = subprocess.run([speechbus, "tokenize"], input=feed.encode(), capture_output=True, check=True)
        readings = [json.loads(line) for line in run.stdout.decode().splitlines()]
        errors = [reading for reading in readings if reading.get("error")]
        warnings = Counter(character for reading in readings for character in reading.get("unreadable") or [])
        silent = [
            reading for reading in readings if unknown_token in (reading.get("tokens") or []) and not reading.get("unreadable")
        ]
        unknown = sum((reading.get("tokens") or []).count(unknown_token) for reading in readings)
        without = sum(reading["tokens"].count(unknown_token) for reading in silent)
        failed = failed or without > 0 or len(readings) != len(lines) or len(lines) < LINES
        print(
            f"{path.stem:6} {len(lines)} lines, {unknown} unknown tokens, {without} without a warning, "
            f"{len(errors)} errors, warned: {' '.join(f'U+{ord(c):04X}' for c, _ in warnings.most_common(8)) or 'none'}"
        )
        for reading in silent[:3] + errors[:3]:
            print(f"       {reading['text']} -> {reading.get('normalized') or reading.get('error')}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
