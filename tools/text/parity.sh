#!/bin/sh
# Compares text cleaning and tokens with upstream, live: XTTS_MODEL_DIR must hold a vocab.json with all language tags.
# PYTHON is an interpreter that has requirements.txt (made under .run/ otherwise); SPEECHBUS is the executable.
set -eu
cd "$(dirname "$0")/../.."
vocabulary="${XTTS_VOCABULARY:-${XTTS_MODEL_DIR:?set XTTS_MODEL_DIR or XTTS_VOCABULARY}/vocab.json}"
python="${PYTHON:-.run/text-parity/bin/python}"
if ! [ -x "$(command -v "$python" || true)" ]; then
  python3 -m venv .run/text-parity
  .run/text-parity/bin/pip install --quiet -r tools/text/requirements.txt
fi
# The oracle reads Japanese with its own UniDic; the service is given the same one.
: "${XTTS_JAPANESE_DICTIONARY:=$("$python" -c 'import unidic_lite; print(unidic_lite.DICDIR)')}"
export XTTS_JAPANESE_DICTIONARY
exec "$python" tools/text/parity.py "$vocabulary" -- \
  ${TOKENIZE:-"${SPEECHBUS:-.build/release/speechbus}" tokenize --normalization upstream --model-dir "$(dirname "$vocabulary")"}
