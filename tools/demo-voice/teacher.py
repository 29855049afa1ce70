"""The teacher's speech: every line of a text file spoken by one of several voices, in shards that appear one by one.

  teacher.py train.txt OUT_DIR [--shards 60] [--size 2048] [--processes N]

A shard `speech-0000.npz` holds --size utterances: samples, which voice, which line, and when each sound of which letter
was made. It appears whole (written aside, then renamed), so a trainer can begin with the first. Shards follow from
their number and the texts alone: a lost machine makes them again.

The voices are flite's, as they are and played faster or slower: that moves pitch and formants together, as another
vocal tract would, while flite's tempo is set against it.
"""

import argparse
import multiprocessing
import os
import random
from typing import NamedTuple

import numpy as np

import flite

SHARD = 2048  # utterances of a file
FLITE_RATE = 16_000  # Hz, of the voices used here
LEAD, TAIL = 0.04, 0.12  # seconds kept before the first and after the last sound
LONGEST = 22.0  # seconds


class TeacherVoice(NamedTuple):
    name: str
    flite: str
    rate: int  # Hz at which the samples are taken to be: FLITE_RATE leaves the voice as it is
    share: int

    @property
    def stretch(self):
        return self.rate / FLITE_RATE


# The two that a recogniser understands best say the most; the first is the model's default. Rates have large common
# divisors with 22,050 and 24,000 Hz, so that resampling is cheap.
VOICES = (
    TeacherVoice("Slt", "slt", 16_000, 14), TeacherVoice("Rms", "rms", 16_000, 10), TeacherVoice("Awb", "awb", 16_000, 2),
    TeacherVoice("Slt Low", "slt", 14_400, 1), TeacherVoice("Slt High", "slt", 17_600, 1),
    TeacherVoice("Slt Deep", "slt", 13_600, 1), TeacherVoice("Slt Bright", "slt", 18_900, 1),
    TeacherVoice("Rms Low", "rms", 15_000, 1), TeacherVoice("Rms High", "rms", 17_600, 1),
    TeacherVoice("Rms Bright", "rms", 18_900, 1), TeacherVoice("Rms Light", "rms", 20_000, 1),
    TeacherVoice("Awb Low", "awb", 15_000, 1), TeacherVoice("Awb High", "awb", 17_600, 1),
)  # fmt: skip


def word_spans(text):
    """[(first, end)] character positions of the words between spaces."""
    spans, at = [], 0
    for word in text.split(" "):
        if word:
            spans.append((at, at + len(word)))
        at += len(word) + 1
    return spans


def places(text, sounds):
    """For each sound the character it is read from, as a float [sounds].

    A word's sounds are spread evenly over its letters; a silence stands where the word before it ends.
    """
    spans = word_spans(text)
    counts = {}
    for sound in sounds:
        counts[sound.word] = counts.get(sound.word, 0) + 1
    result, done, last = [], {}, 0.0
    for sound in sounds:
        if 0 <= sound.word < len(spans):
            first, end = spans[sound.word]
            nth = done.get(sound.word, 0)
            done[sound.word] = nth + 1
            letters = len(text[first:end].rstrip(".,!?;:'")) or 1
            result.append(first + (nth + 0.5) / counts[sound.word] * letters - 0.5)
            last = float(end)
        else:
            result.append(min(last, len(text) - 1.0))
    return np.array(result, np.float32)


def trimmed(samples, sounds):
    """(samples, sounds) from shortly before the first sound that is not silence to shortly after the last."""
    spoken = [i for i, sound in enumerate(sounds) if sound.phone != 0]
    if not spoken:
        return None
    begins = sounds[spoken[0] - 1].end if spoken[0] else 0.0
    start, end = max(0.0, begins - LEAD), sounds[spoken[-1]].end + TAIL
    kept = [sound._replace(end=sound.end - start) for sound in sounds if sound.end > start]
    return samples[int(start * FLITE_RATE) : int(end * FLITE_RATE)], kept


def utterance(voice, text, spoken):
    """The arrays of one utterance, or None where it is too short or too long. Times are in seconds as it is heard."""
    cut = trimmed(*spoken)
    if cut is None:
        return None
    samples, sounds = cut
    if not 0.3 < len(samples) / voice.rate < LONGEST:
        return None
    peak = max(1, int(np.abs(samples.astype(np.int32)).max()))
    return {
        "samples": (samples.astype(np.float32) * (0.7 * 32767 / peak)).astype(np.int16),
        "phones": np.array([sound.phone for sound in sounds], np.uint8),
        "ends": np.array([sound.end for sound in sounds], np.float32) * FLITE_RATE / voice.rate,
        "places": places(text, sounds),
    }


_voices = {}


def speak_as(voice, text):
    """One utterance of a ``TeacherVoice`` as ``utterance`` gives it, in this process."""
    if voice.flite not in _voices:
        _voices[voice.flite] = flite.Voice(voice.flite)
    samples, rate, sounds = _voices[voice.flite].say(text, voice.stretch)
    if rate != FLITE_RATE:
        raise ValueError(f"{voice.flite} speaks at {rate} Hz, not {FLITE_RATE}")
    return utterance(voice, text, (samples, sounds))


def speak(voice, text):
    """By a voice's number."""
    return speak_as(VOICES[voice], text)


def jobs(shard, lines, size=SHARD):
    """[(voice, line)] of a shard. Repeated lines get another draw of voices."""
    chance = random.Random(shard)
    weighted = [number for number, voice in enumerate(VOICES) for _ in range(voice.share)]
    return [(chance.choice(weighted), (shard * size + i) % len(lines)) for i in range(size)]


def write_utterances(work, lines, path, spoken=None):
    """A file of the utterances of [(voice, line)]; utterances that are too short or too long are omitted."""
    spoken = spoken or (speak(voice, lines[line]) for voice, line in work)
    heard = [(job, one) for job, one in zip(work, spoken) if one]
    arrays = {name: np.concatenate([u[name] for _, u in heard]) for name in ("samples", "phones", "ends", "places")}
    arrays["sample_counts"] = np.array([len(u["samples"]) for _, u in heard])
    arrays["phone_counts"] = np.array([len(u["phones"]) for _, u in heard])
    arrays["voices"] = np.array([job[0] for job, _ in heard])
    arrays["lines"] = np.array([job[1] for job, _ in heard])
    aside = f"{path[:-4]}.{os.getpid()}.part.npz"
    np.savez(aside, **arrays)
    os.rename(aside, path)


def _speak(job):
    return speak(*job)


def shard_path(folder, shard):
    return os.path.join(folder, f"speech-{shard:04d}.npz")


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if line.strip()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts")
    parser.add_argument("out")
    parser.add_argument("--shards", type=int, default=60)
    parser.add_argument("--size", type=int, default=SHARD)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    lines = read_lines(arguments.texts)
    # All processes work on one shard after the other, so that the first is there soon.
    with multiprocessing.Pool(arguments.processes) as pool:
        for shard in range(arguments.shards):
            path = shard_path(arguments.out, shard)
            if not os.path.exists(path):
                work = jobs(shard, lines, arguments.size)
                spoken = pool.imap(_speak, [(voice, lines[line]) for voice, line in work], chunksize=16)
                write_utterances(work, lines, path, spoken)
                print(path, flush=True)


if __name__ == "__main__":
    main()
