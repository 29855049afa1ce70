"""Writes the teachers' speech: lines of a text file in several voices, as a series of shards.

  teacher.py PACK OUT_DIR --engine kokoro --model kokoro.onnx [--voices Nora] [--shards 60] [--size 128] [--processes 1]
  teacher.py PACK OUT_DIR --engine flite                      [--voices Ada Ralph] [--shards 60] [--size 2048]

PACK is the folder that `pack` wrote. A shard `kokoro-0000.npz` holds --size utterances: their samples, voice and line,
and the end and the letter of each sound. The script writes a temporary file and renames it, so a trainer can start with
the first shard, and an interrupted call loses one shard at most. The number of a shard, the texts and the options
determine its content.

Kokoro's voices ship with the model. flite's voices are cheap, robotic speech from which the model learns to read. Some
of flite's voices are played faster or slower, which moves pitch and formants together like another vocal tract; flite's
tempo is set to compensate.
"""

import argparse
import multiprocessing
import os
import random
from typing import NamedTuple

import numpy as np

import flite
from kokoro import RATE as KOKORO_RATE
from kokoro import Kokoro
from lexicon import Lexicon

HELD_OUT = "held-out-"  # prefix of a file of held-out sentences; the voice's name follows
SHARD = {"kokoro": 128, "flite": 2048}  # utterances per file
FLITE_RATE = 16_000  # Hz, the rate of the voices used here
LEAD, TAIL = 0.04, 0.12  # seconds kept before the first and after the last sound
LOUD = 200  # amplitude, full scale 32,768: speech of Kokoro is louder, the silence around it is not
LONGEST = 20.0  # seconds
SHORT = 28  # letters at most in a shard of even number, because the GPT learns to read from short texts
MOST_LETTERS = {"kokoro": 110, "flite": 245}  # letters at most in the other shards
SPARE_LINES = 4  # candidate lines per utterance of a shard


class TeacherVoice(NamedTuple):
    name: str
    engine: str
    source: object  # flite's voice, or {Kokoro's voice: weight}
    rate: int  # assumed sample rate in Hz; the engine's rate leaves the voice unchanged
    share: int  # weight among its engine's utterances, if no voices are named

    @property
    def stretch(self):
        """The factor by which flite must slow down to keep the tempo."""
        return self.rate / FLITE_RATE


def _kokoro(name, share=1, **mix):
    return TeacherVoice(name, "kokoro", mix, KOKORO_RATE, share)


def _flite(name, source, rate, share=1):
    return TeacherVoice(name, "flite", source, rate, share)


# Shards hold a voice's number, so the order must not change. Rates have large common divisors with 22,050 and 24,000 Hz,
# so that resampling is cheap.
VOICES = (
    _kokoro("Nora", 10, jf_gongitsune=1.0), _kokoro("Hugo", 8, jm_kumo=1.0),
    _kokoro("Iris", jf_gongitsune=0.6, jf_nezumi=0.4), _kokoro("Robin", jm_kumo=0.55, jf_gongitsune=0.45),
    _kokoro("Oscar", jm_kumo=1.25, jf_gongitsune=-0.25), _kokoro("Ella", jf_gongitsune=1.2, jm_kumo=-0.2),
    _flite("Ada", "slt", 16_000, 14), _flite("Ralph", "rms", 16_000, 10), _flite("Awb", "awb", 16_000, 2),
    _flite("Ada Low", "slt", 14_400), _flite("Ada High", "slt", 17_600), _flite("Ada Deep", "slt", 13_600),
    _flite("Ada Bright", "slt", 18_900), _flite("Ralph Low", "rms", 15_000), _flite("Ralph High", "rms", 17_600),
    _flite("Ralph Bright", "rms", 18_900), _flite("Ralph Light", "rms", 20_000), _flite("Awb Low", "awb", 15_000),
    _flite("Awb High", "awb", 17_600),
)  # fmt: skip
NUMBER_OF_VOICE = {voice.name: number for number, voice in enumerate(VOICES)}
BUILT_IN = ("Ada", "Ralph")  # the voices of the export, all of one engine; the first is the default
SHIPPED = VOICES[NUMBER_OF_VOICE[BUILT_IN[0]]].engine


def word_spans(text):
    """[(first, end)] character positions of the words between spaces."""
    spans, at = [], 0
    for word in text.split(" "):
        if word:
            spans.append((at, at + len(word)))
        at += len(word) + 1
    return spans


def places(text, sounds):
    """The character that each sound is read from, as floats [sounds].

    A word's sounds are spread evenly over its letters; a silence has the position of the end of the word before it.
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


def trimmed(samples, sounds, rate=FLITE_RATE, by_loudness=False):
    """(samples, sounds) from shortly before the first sound that is not silence to shortly after the last.

    With `by_loudness` the samples determine the end of speech, because Kokoro's planned durations are not exact there.
    """
    spoken = [i for i, sound in enumerate(sounds) if sound.phone != 0]
    if not spoken:
        return None
    begins, ends = sounds[spoken[0] - 1].end if spoken[0] else 0.0, sounds[spoken[-1]].end
    if by_loudness:
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > LOUD)
        if len(loud) == 0:
            return None
        begins, ends = min(begins, loud[0] / rate), loud[-1] / rate
    start, end = max(0.0, begins - LEAD), min(ends + TAIL, len(samples) / rate)
    kept = [sound._replace(end=min(sound.end, end) - start) for sound in sounds if sound.end > start]
    return samples[int(start * rate) : int(end * rate)], kept


def utterance(voice, text, spoken, own_rate=FLITE_RATE):
    """The arrays of one utterance, or None if it is too short or too long. Times are in seconds at `voice.rate`."""
    cut = spoken and trimmed(*spoken, own_rate, voice.engine == "kokoro")
    if not cut:
        return None
    samples, sounds = cut
    if not 0.3 < len(samples) / voice.rate < LONGEST:
        return None
    peak = max(1, int(np.abs(samples.astype(np.int32)).max()))
    return {
        "samples": (samples.astype(np.float32) * (0.7 * 32767 / peak)).astype(np.int16),
        "phones": np.array([sound.phone for sound in sounds], np.uint8),
        "ends": np.array([sound.end for sound in sounds], np.float32) * own_rate / voice.rate,
        "places": places(text, sounds),
    }


class Teachers:
    """The synthesisers of one process; each is loaded on first use."""

    def __init__(self, lexicon_folder=None, kokoro_model=None):
        self._lexicon_folder, self._kokoro_model = lexicon_folder, kokoro_model
        self._kokoro, self._flite = None, {}

    def speak(self, voice, text):
        """The result of ``utterance`` for a text in a ``TeacherVoice``, or None."""
        if voice.engine == "kokoro":
            if self._kokoro is None:
                self._kokoro = Kokoro(self._kokoro_model, Lexicon(self._lexicon_folder))
            return utterance(voice, text, self._kokoro.say(text, voice.source), KOKORO_RATE)
        if voice.source not in self._flite:
            self._flite[voice.source] = flite.Voice(voice.source)
        samples, rate, sounds = self._flite[voice.source].say(text, voice.stretch)
        if rate != FLITE_RATE:
            raise ValueError(f"{voice.source} speaks at {rate} Hz, not {FLITE_RATE}")
        return utterance(voice, text, (samples, sounds))


def jobs(shard, lines, size, voices, most_letters, sayable=lambda text: True):
    """[(voice, line)] of a shard. A line repeats only after all lines are used."""
    chance = random.Random(shard)
    draw = [number for number in voices for _ in range(VOICES[number].share)]
    longest = SHORT if shard % 2 == 0 else most_letters
    first, result = shard * size * SPARE_LINES, []
    for line in range(first, first + size * SPARE_LINES):
        text = lines[line % len(lines)]
        if len(result) < size and len(text) <= longest and sayable(text):
            result.append((chance.choice(draw), line % len(lines)))
    return result


def write_utterances(work, path, spoken):
    """Writes the utterances of [(voice, line)] to a file; skips those that are None."""
    heard = [(job, one) for job, one in zip(work, spoken) if one]
    arrays = {name: np.concatenate([u[name] for _, u in heard]) for name in ("samples", "phones", "ends", "places")}
    arrays["sample_counts"] = np.array([len(u["samples"]) for _, u in heard])
    arrays["phone_counts"] = np.array([len(u["phones"]) for _, u in heard])
    arrays["voices"] = np.array([job[0] for job, _ in heard])
    arrays["lines"] = np.array([job[1] for job, _ in heard])
    aside = f"{path[:-4]}.{os.getpid()}.part.npz"
    np.savez(aside, **arrays)
    os.rename(aside, path)


def utterances(path):
    """Yields (voice's number, line, samples int16) for each utterance of a file."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in ("voices", "lines", "sample_counts", "samples")}
    edges = np.concatenate(([0], arrays["sample_counts"].cumsum()))
    for i, (voice, line) in enumerate(zip(arrays["voices"].tolist(), arrays["lines"].tolist())):
        yield voice, line, arrays["samples"][edges[i] : edges[i + 1]]


def shard_path(folder, engine, shard):
    return os.path.join(folder, f"{engine}-{shard:04d}.npz")


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if line.strip()]


_teachers = None


def _start(*options):
    global _teachers
    _teachers = Teachers(*options)


def _speak(job):
    voice, text = job
    return _teachers.speak(VOICES[voice], text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack")
    parser.add_argument("out")
    parser.add_argument("--engine", choices=SHARD, required=True)
    parser.add_argument("--model", help="Kokoro's model, written by kokoro.py")
    parser.add_argument("--voices", nargs="+", help="names of VOICES; default: all of the engine")
    parser.add_argument("--held-out", action="store_true", help="synthesise the held-out sentences, one file per voice")
    parser.add_argument("--first", type=int, default=0, help="number of the first shard")
    parser.add_argument("--shards", type=int, default=60)
    parser.add_argument("--size", type=int, help="utterances per shard")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    engine, size = arguments.engine, arguments.size or SHARD[arguments.engine]
    names = arguments.voices or [voice.name for voice in VOICES if voice.engine == engine]
    voices = [NUMBER_OF_VOICE[name] for name in names]
    if any(VOICES[number].engine != engine for number in voices):
        parser.error(f"--voices must all be of {engine}")
    os.makedirs(arguments.out, exist_ok=True)
    lexicon_folder = os.path.join(arguments.pack, "lexicon")
    name = "held-out.txt" if arguments.held_out else "train.txt"
    lines = read_lines(os.path.join(arguments.pack, "texts", name))

    lexicon = Lexicon(lexicon_folder)
    sayable = (lambda text: lexicon.words(text) is not None) if engine == "kokoro" else (lambda text: True)
    if arguments.held_out:
        files = [(os.path.join(arguments.out, f"{HELD_OUT}{name}.npz"), NUMBER_OF_VOICE[name]) for name in names]
    else:
        numbers = range(arguments.first, arguments.first + arguments.shards)
        files = [(shard_path(arguments.out, engine, number), number) for number in numbers]
    # All processes work on the same shard, so that the first shard is complete early.
    with multiprocessing.Pool(arguments.processes, _start, (lexicon_folder, arguments.model)) as pool:
        for path, number in files:
            if os.path.exists(path):
                continue
            if arguments.held_out:
                work = [(number, line) for line in range(len(lines))]
            else:
                work = jobs(number, lines, size, voices, MOST_LETTERS[engine], sayable)
            write_utterances(work, path, pool.imap(_speak, [(voice, lines[line]) for voice, line in work], chunksize=4))
            print(path, flush=True)


if __name__ == "__main__":
    main()
