"""Runs upstream on one case and writes every stage to a safetensors file, to compare the engine with stage by stage.

  dump.py MODEL_DIR OUT.safetensors --text "..." [--language en] [--reference-audio a.wav ... | --speaker NAME]
      [--codes 60] [--repetition-penalty 5]

Tensors: text_tokens [T] int64, gpt_cond_latent [1, 32, D], speaker_embedding [1, 512, 1], codes [N] int64 (greedy:
argmax after the repetition penalty), first_logits [V], latents [1, N, D], wav [S] float32 at 24 kHz; with reference
audio also mel [80, frames] of its first chunk. The stop code is switched off, so there are exactly --codes codes.
`speechbus synthesize --greedy --codes N --dump FILE` writes the same names.
"""
import argparse
import json

import common
from safetensors.torch import save_file

import stages

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("model")
p.add_argument("out")
p.add_argument("--text", required=True)
p.add_argument("--language", default="en")
p.add_argument("--reference-audio", nargs="*")
p.add_argument("--speaker")
p.add_argument("--codes", type=int, default=60)
p.add_argument("--repetition-penalty", type=float, default=5.0)
p.add_argument("--threads", type=int, default=2)
a = p.parse_args()

model, config = common.load(a.model, a.threads)
extra = {}
if a.reference_audio:
    latent, speaker = stages.conditioning(model, config, a.reference_audio)
    extra["mel"] = stages.first_mel(model, config, a.reference_audio)
else:
    voices = common.read_speakers(a.model)
    voice = voices[a.speaker or next(iter(voices))]
    latent, speaker = voice["gpt_cond_latent"], voice["speaker_embedding"]
result = {**stages.synthesis(model, a.text, a.language, latent, speaker, a.codes, a.repetition_penalty), **extra}
save_file({name: tensor.contiguous().clone() for name, tensor in result.items()}, a.out)
print(json.dumps({name: list(tensor.shape) for name, tensor in result.items()}))
