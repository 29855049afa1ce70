"""Upstream's speed on this machine, for a ratio measured side by side. Prints one JSON object; seconds are medians.

  bench.py MODEL_DIR [--codes 100] [--threads 2] [--runs 3] [--text ...] [--device cuda]
"""
import argparse
import json
import resource
import statistics
import time

import common

p = argparse.ArgumentParser()
p.add_argument("model")
p.add_argument("--codes", type=int, default=100)
p.add_argument("--threads", type=int, default=2)
p.add_argument("--runs", type=int, default=3)
p.add_argument("--device", default="cpu")
p.add_argument("--text", default="A boat left at noon, and nobody on the pier could say where or why it went.")
a = p.parse_args()

started = time.perf_counter()
model, config = common.load(a.model, a.threads)
model.to(a.device)
load_seconds = time.perf_counter() - started
voice = next(iter(common.read_speakers(a.model).values()))
latent, speaker = (voice[name].to(a.device) for name in ("gpt_cond_latent", "speaker_embedding"))
settings = {name: getattr(config, name) for name in ("temperature", "repetition_penalty", "top_k", "top_p")}
# Exactly --codes codes: no stop, and a limit that upstream's own arguments don't offer.
model.gpt.mel_head.bias.data[model.gpt.stop_audio_token] = -1e9
generate = model.gpt.generate
model.gpt.generate = lambda *args, **kwargs: generate(*args, **{**kwargs, "max_new_tokens": a.codes})

whole, first = [], []
for run in range(a.runs + 1):
    started = time.perf_counter()
    wav = model.inference(a.text, "en", latent, speaker, **settings)["wav"]
    whole.append(time.perf_counter() - started)
    started = time.perf_counter()
    next(iter(model.inference_stream(a.text, "en", latent, speaker, stream_chunk_size=20, **settings)))
    first.append(time.perf_counter() - started)
audio_seconds = len(wav) / config.model_args.output_sample_rate
synthesis_seconds = statistics.median(whole[1:])  # the first is a warm-up
print(json.dumps({
    "load_seconds": load_seconds, "audio_seconds": audio_seconds, "synthesis_seconds": synthesis_seconds,
    "real_time_factor": synthesis_seconds / audio_seconds, "first_audio_seconds": statistics.median(first[1:]),
    "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
