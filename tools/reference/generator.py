"""The counter-based generator of test checkpoints: the numpy twin of Sources/Checkpoint/Random (CounterRandom, TensorFill,
SpeakerSpectrogram, DemoVoices). Same seed and name, same bytes."""
import math

import numpy as np

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
VOICES = ["Demo Alto", "Demo Tenor", "Demo Bass"]


def _mix(value):
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & MASK
    return value ^ (value >> 31)


def _key(seed, name):
    hash = 0xCBF29CE484222325
    for byte in name.encode():
        hash = (hash ^ byte) * 0x100000001B3 & MASK
    return _mix(hash ^ _mix(seed + GOLDEN & MASK))


def bits(seed, name, count, first=0):
    """uint64 [count]: the random bits at indices first, first + 1, …"""
    z = np.arange(first + 1, first + count + 1, dtype=np.uint64) * np.uint64(GOLDEN) + np.uint64(_key(seed, name))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def symmetric(seed, name, count, first=0):
    """float32 [count], uniform in [-1, 1), multiples of 2^-23."""
    centred = (bits(seed, name, count, first) >> np.uint64(40)).astype(np.int64) - (1 << 23)
    return centred.astype(np.float32) * np.float32(2.0**-23)


def uniform(seed, name, shape, center, half_range):
    values = symmetric(seed, name, math.prod(shape)) * np.float32(half_range) + np.float32(center)
    return values.reshape(shape)


def fill(seed, name, shape, stop=None):
    """The tensor called `name`; `stop` is (code, typical count) where utterances end, see StopRamp.swift."""
    leaf = name.split(".")[-1]
    if leaf == "num_batches_tracked":
        return np.ones(shape, np.int64)
    if leaf == "filter":
        return np.array([-0.97, 1], np.float32).reshape(shape)
    if leaf == "window":
        return _hamming(shape[0])
    if leaf == "fb":
        return _mel_filterbank(*shape)
    values = uniform(seed, name, shape, *_range(name, leaf, shape))
    if stop and name == "gpt.mel_head.weight":
        values[stop[0]] = 0
        values[stop[0], 0] = 4
    if stop and name == "gpt.mel_pos_embedding.emb.weight":
        ramp = np.float32(0.1) * (np.arange(shape[0]) - (stop[1] - 25)).astype(np.float32)
        values[:, 0] = np.clip(ramp, np.float32(-6), np.float32(6))
    return values


def _range(name, leaf, shape):
    """(center, half range)"""
    if leaf == "mel_stats":
        return 4, 1
    if leaf in ("running_mean", "bias"):
        return 0, 0.1
    if leaf == "running_var":
        return 1, 0.5
    if leaf == "latents":
        return 0, 0.5
    if leaf == "original0":
        return (2, 0.4) if ".ups." in name else (0.8, 0.16)
    if leaf == "gamma" or len(shape) == 1:
        return 1, 0.2
    if "embedding." in name:
        return 0, 0.5
    return 0, _deviation(name, shape) * math.sqrt(3)


def _deviation(name, shape):
    if "waveform_decoder.cond" in name:
        return 0.5
    transposed = any(part in name for part in (".c_attn.", ".c_proj.", ".c_fc."))
    inputs = shape[0] if transposed else math.prod(shape[1:])
    return _gain(name) / math.sqrt(max(inputs, 1))


def _gain(name):
    if "_head." in name:
        return 3
    if ".c_proj." in name:
        return 0.5
    if ".conv_post." in name:
        return 0.3
    if "speaker_encoder." in name and "conv" in name:
        return math.sqrt(2)
    return 1


def _hamming(length):
    return np.array([0.54 - 0.46 * math.cos(2 * math.pi * i / length) for i in range(length)], np.float32)


def _mel_filterbank(bins, mels):
    nyquist = 8000.0
    top = 2595 * math.log10(1 + nyquist / 700)
    corners = [700 * (math.pow(10, top * i / (mels + 1) / 2595) - 1) for i in range(mels + 2)]
    rows = np.zeros((bins, mels), np.float32)
    for bin in range(bins):
        hertz = nyquist * bin / (bins - 1)
        for mel in range(mels):
            rising = (hertz - corners[mel]) / (corners[mel + 1] - corners[mel])
            falling = (corners[mel + 2] - hertz) / (corners[mel + 2] - corners[mel + 1])
            rows[bin, mel] = max(0.0, min(rising, falling))
    return rows


def voice(seed, name, latents, width, embedding_width):
    """A built-in speaker as numpy arrays."""
    embedding = [float(x) for x in symmetric(seed, f"{name}.speaker_embedding", embedding_width)]
    total = 0.0
    for value in embedding:
        total += value * value
    length = math.sqrt(total)
    return {
        "gpt_cond_latent": uniform(seed, f"{name}.gpt_cond_latent", (1, latents, width), 0, math.sqrt(3)),
        "speaker_embedding": np.array([x / length for x in embedding], np.float32).reshape(1, -1, 1),
    }


def reference_clip(seed, seconds, rate):
    """int16 [samples]: ten harmonics of a gliding tone with a beating envelope and some noise, as made by
    Tests/Support/ReferenceClip.swift."""
    count = int(seconds * rate)
    noise = symmetric(seed, "reference", count)
    samples = np.zeros(count, np.int16)
    base = 110.0 + 10.0 * (seed % 8)
    for i in range(count):
        t = i / rate
        phase = 2 * math.pi * base * t + 30.0 * (1 - math.cos(2 * math.pi * 0.7 * t))
        tone = 0.0
        for k in range(1, 11):
            tone += math.sin(k * phase) / k
        envelope = 0.2 * (0.6 + 0.4 * math.sin(2 * math.pi * 3 * t))
        samples[i] = math.floor((envelope * tone + 0.02 * float(noise[i])) * 32767 + 0.5)
    return samples
