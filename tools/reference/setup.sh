#!/usr/bin/env bash
# Sets up upstream XTTS (coqui-tts, MPL-2.0) in a virtual environment, as numerical oracle and speed peer.
# usage: setup.sh VENV_DIR      needs Python 3.11 and a package index; a few minutes, 3 GB
set -euo pipefail
venv=${1:?usage: setup.sh VENV_DIR}
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv "$venv"
"$venv/bin/pip" install -q -r "$here/requirements.txt"
# Their compiled parts link CUDA; only the Python parts are used here (audio is read by soundfile, see common.py).
"$venv/bin/pip" install -q --no-deps "torchaudio==2.11.0" "torchcodec==0.17.0"
rm -f "$venv"/lib/python3*/site-packages/torchaudio/lib/*.so
"$venv/bin/python" -c "from TTS.tts.models.xtts import Xtts; import torch; print('reference ready: torch', torch.__version__)" 2>/dev/null
