"""Compares two dumps stage by stage (dump.py's first, the engine's second) and prints a table row each.

  compare.py NAME REFERENCE.safetensors ENGINE.safetensors      exits with 1 when a stage is outside its limit
"""
import math
import sys

import torch
from safetensors.torch import load_file

name, reference, engine = sys.argv[1], load_file(sys.argv[2]), load_file(sys.argv[3])
failed = False


def row(stage, figure, limit, good):
    global failed
    failed |= not good
    print(f"{name:<10} {stage:<20} {figure:<26} {limit:<16} {'ok' if good else 'FAILED'}", flush=True)


def relative(stage, limit, indices=slice(None)):
    a, b = reference[stage].double().flatten()[indices], engine[stage].double().flatten()[indices]
    error = ((a - b).norm() / a.norm()).item() if a.shape == b.shape else math.inf
    row(stage, f"{error:.1e} relative", f"<= {limit:.0e}", error <= limit)


def equal(stage):
    a, b = reference[stage].flatten().tolist(), engine[stage].flatten().tolist()
    same = sum(x == y for x, y in zip(a, b))
    row(stage, f"{same} of {len(a)} equal", "all", a == b)


equal("text_tokens")
relative("gpt_cond_latent", 1e-4)
relative("speaker_embedding", 1e-4)
# The stop code is switched off by a bias of -1e9 on one side and by never drawing it on the other.
kept = reference["first_logits"].flatten().abs() < 1e6
relative("first_logits", 1e-4, kept)
equal("codes")
relative("latents", 1e-3)
a, b = reference["wav"].double().flatten(), engine["wav"].double().flatten()
snr = 10 * math.log10((a.pow(2).sum() / (a - b).pow(2).sum().clamp(min=1e-300)).item()) if a.shape == b.shape else -math.inf
row("wav", f"{snr:.1f} dB SNR", ">= 60 dB", snr >= 60)
sys.exit(failed)
