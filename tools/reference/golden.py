"""Regenerates the golden tensors in Tests/: see README.md here and in Tests/XTTSModelTests/Fixtures.

  golden.py [--only NAME]

Makes each case's checkpoint from its seed in a temporary folder, runs upstream on it, and writes the stages, some
processed scores and the digest of the weights.
"""
import argparse
import json
import os
import tempfile

import common
import numpy as np
import soundfile
import torch
import transformers
from safetensors.torch import save_file

import generator
import make_checkpoint
import stages

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests")
VOCAB = f"{TESTS}/CheckpointTests/Fixtures/vocab.json"

# Sizes and storage differ on purpose: head widths, kernels, code counts, float16, one or two reference clips.
CASES = {
    "narrow": {
        "seed": 11,
        "arguments": {"gpt_layers": 3, "gpt_n_model_channels": 96, "gpt_n_heads": 4, "gpt_num_audio_tokens": 258},
        "widths": {"vocoder_channels": 32, "speaker_channels": [8, 16, 24, 32]},
        "text": "A small boat left at 7, and came back before noon.",
        "clips": [(1, 6.2, 24000), (2, 1.5, 16000)],
    },
    "wide": {
        "seed": 12,
        "arguments": {"gpt_layers": 2, "gpt_n_model_channels": 128, "gpt_n_heads": 8},
        "widths": {"vocoder_channels": 64, "upsample_kernels": [8, 8, 8, 8], "speaker_channels": [16, 24, 32, 40]},
        "float16": True,
        "published_pickle": True,
        "text": "Nobody on the pier could say where it went.",
        "clips": [(3, 3.1, 22050)],
    },
}
CODES = 60
MEL_FRAMES = 64
SCORE_ROWS = 64
# (repetition penalty, temperature, top-k, top-p) of row i: the one at i % 4.
SETTINGS = [(5.0, 0.75, 50, 0.85), (1.0, 1.0, 20, 1.0), (2.0, 0.3, 50, 0.95), (10.0, 1.5, 5, 0.5)]


def processed_scores(seed, code_count):
    """The result of upstream's four processors for SCORE_ROWS rows of logits: tokens and scores, best first, padded with
    -1 and 0. Row i has the logits 4 * symmetric(seed, "scores.i") and the history [1, start, i % 40 codes]."""
    tokens = np.full((SCORE_ROWS, 50), -1, np.int64)
    scores = np.zeros((SCORE_ROWS, 50), np.float32)
    for row in range(SCORE_ROWS):
        penalty, temperature, top_k, top_p = SETTINGS[row % 4]
        logits = torch.from_numpy(generator.symmetric(seed, f"scores.{row}", code_count) * np.float32(4)).unsqueeze(0)
        codes = generator.bits(seed, f"history.{row}", row % 40) % np.uint64(code_count - 2)
        history = torch.tensor([[1, code_count - 2, *codes.astype(np.int64).tolist()]])
        steps = [
            transformers.RepetitionPenaltyLogitsProcessor(penalty), transformers.TemperatureLogitsWarper(temperature),
            transformers.TopKLogitsWarper(top_k),
        ]
        if top_p < 1:
            steps.append(transformers.TopPLogitsWarper(top_p))
        for step in steps:
            logits = step(history, logits)
        order = torch.argsort(logits[0], descending=True, stable=True)
        kept = [index for index in order.tolist() if logits[0, index] > -float("inf")]
        tokens[row, : len(kept)] = kept
        scores[row, : len(kept)] = logits[0, kept].numpy()
    return {"scores_tokens": torch.from_numpy(tokens), "scores_values": torch.from_numpy(scores)}


def run(name, case, folder):
    config = make_checkpoint.configuration(case["arguments"].items())
    make_checkpoint.write(folder, config, VOCAB, case["widths"], case["seed"], case.get("float16", False),
                          case.get("published_pickle", False))
    paths = []
    for index, (seed, seconds, rate) in enumerate(case["clips"]):
        paths.append(f"{folder}/clip-{index}.wav")
        soundfile.write(paths[-1], generator.reference_clip(seed, seconds, rate), rate, subtype="PCM_16")
    model, config = common.load(folder)
    with torch.inference_mode():
        latent, speaker = stages.conditioning(model, config, paths)
        mel = stages.first_mel(model, config, paths)[:, :MEL_FRAMES]
    result = stages.synthesis(model, case["text"], "en", latent, speaker, CODES)
    result["mel"] = mel
    result.update(processed_scores(case["seed"], config.model_args.gpt_num_audio_tokens))
    out = f"{TESTS}/XTTSModelTests/Fixtures/{name}.safetensors"
    copies = {key: tensor.contiguous().clone() for key, tensor in result.items()}
    save_file(copies, out, metadata={"text": case["text"]})
    os.chmod(out, 0o644)
    wav, logits = result["wav"], result["first_logits"].sort(descending=True).values
    print(f"{name}: {os.path.getsize(out)} bytes, {len(set(result['codes'].tolist()))} different codes of {CODES}, "
          f"first margin {logits[0] - logits[1]:.3f}, wav peak {wav.abs().max():.2f}")


def digests():
    """SHA-256 of all tensors' bytes, by case. The Swift generator must produce the same."""
    table = {}
    for name, case in CASES.items():
        config = make_checkpoint.configuration(case["arguments"].items())
        table[name] = make_checkpoint.digest(config, VOCAB, case["widths"], case["seed"], case.get("float16", False))
    with open(f"{TESTS}/XTTSModelTests/Fixtures/digests.json", "w") as file:
        json.dump(table, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", choices=CASES)
    a = p.parse_args()
    os.makedirs(f"{TESTS}/XTTSModelTests/Fixtures", exist_ok=True)
    for name, case in CASES.items():
        if a.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                run(name, case, folder)
    digests()
