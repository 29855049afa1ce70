"""The teachers' speech: lines of a text file said by several voices, in shards that appear one by one.

  teacher.py PACK OUT_DIR --engine kokoro --model kokoro.onnx [--voices Nora] [--shards 60] [--size 128] [--processes 1]
  teacher.py PACK OUT_DIR --engine flite                      [--voices Slt Rms] [--shards 60] [--size 2048]

PACK is the folder that `pack` wrote. A shard `kokoro-0000.npz` holds --size utterances: samples, which voice, which
line, and when each sound of which letter was made. It appears whole (written aside, then renamed), so a trainer can
begin with the first, and an interrupted call loses one shard at most. Shards follow from their number, the texts and
the options alone.

Kokoro's voices are what the model ships. flite's are cheap, robotic speech from which the model learns to read.
flite's voices are also played faster or slower: that moves pitch and formants together, as another vocal tract would,
while flite's tempo is set against it.
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

HELD_OUT = "held-out-"  # begins the name of a file of held-out sentences; the voice's name follows
SHARD = {"kokoro": 128, "flite": 2048}  # utterances of a file
FLITE_RATE = 16_000  # Hz, of the voices used here
LEAD, TAIL = 0.04, 0.12  # seconds kept before the first and after the last sound
LOUD = 200  # of 32,768: what Kokoro says is louder, what it adds around is not
LONGEST = 20.0  # seconds
SHORT = 28  # letters; a shard of even number has only lines up to this, since reading is learned from short texts
MOST_LETTERS = {"kokoro": 110, "flite": 245}  # of the other shards
SPARE_LINES = 4  # lines that a shard may choose from, for each utterance


class TeacherVoice(NamedTuple):
    name: str
    engine: str
    source: object  # flite's voice, or {Kokoro's voice: weight}
    rate: int  # Hz at which the samples are taken to be: the engine's own rate leaves the voice as it is
    share: int  # of its engine's utterances, where no voices are named

    @property
    def stretch(self):
        """How much slower flite has to speak so that the tempo stays."""
        return self.rate / FLITE_RATE


def _kokoro(name, share=1, **mix):
    return TeacherVoice(name, "kokoro", mix, KOKORO_RATE, share)


def _flite(name, source, rate, share=1):
    return TeacherVoice(name, "flite", source, rate, share)


# The export offers the first BUILT_IN voices, and the first of them is the default. Shards hold a voice's number, so
# the order must stay. Rates have large common divisors with 22,050 and 24,000 Hz, so that resampling is cheap.
VOICES = (
    _kokoro("Nora", 10, jf_gongitsune=1.0), _kokoro("Hugo", 8, jm_kumo=1.0),
    _kokoro("Iris", jf_gongitsune=0.6, jf_nezumi=0.4), _kokoro("Robin", jm_kumo=0.55, jf_gongitsune=0.45),
    _kokoro("Oscar", jm_kumo=1.25, jf_gongitsune=-0.25), _kokoro("Ella", jf_gongitsune=1.2, jm_kumo=-0.2),
    _flite("Slt", "slt", 16_000, 14), _flite("Rms", "rms", 16_000, 10), _flite("Awb", "awb", 16_000, 2),
    _flite("Slt Low", "slt", 14_400), _flite("Slt High", "slt", 17_600), _flite("Slt Deep", "slt", 13_600),
    _flite("Slt Bright", "slt", 18_900), _flite("Rms Low", "rms", 15_000), _flite("Rms High", "rms", 17_600),
    _flite("Rms Bright", "rms", 18_900), _flite("Rms Light", "rms", 20_000), _flite("Awb Low", "awb", 15_000),
    _flite("Awb High", "awb", 17_600),
)  # fmt: skip
BUILT_IN = 2
NUMBER_OF_VOICE = {voice.name: number for number, voice in enumerate(VOICES)}


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


def trimmed(samples, sounds, rate=FLITE_RATE, by_loudness=False):
    """(samples, sounds) from shortly before the first sound that is not silence to shortly after the last.

    With `by_loudness` the samples decide where speech ends: the durations that Kokoro plans are not exact there.
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
    """The arrays of one utterance, or None where it is too short or too long. Times are in seconds as it is heard."""
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
    """The synthesisers of one process, each loaded when it is first needed."""

    def __init__(self, lexicon_folder=None, kokoro_model=None):
        self._lexicon_folder, self._kokoro_model = lexicon_folder, kokoro_model
        self._kokoro, self._flite = None, {}

    def speak(self, voice, text):
        """One utterance of a ``TeacherVoice`` as ``utterance`` gives it, or None."""
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
    """[(voice, line)] of a shard. Shards share no lines until all are used."""
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
    """A file of the utterances of [(voice, line)]; those that are None are left out."""
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
    """(voice's number, line, samples int16) of each utterance of a file."""
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
    parser.add_argument("--model", help="Kokoro's model, as kokoro.py writes it")
    parser.add_argument("--voices", nargs="+", help="names of VOICES; all of the engine's where left out")
    parser.add_argument("--held-out", action="store_true", help="say the held-out sentences, a file for each voice")
    parser.add_argument("--first", type=int, default=0, help="number of the first shard")
    parser.add_argument("--shards", type=int, default=60)
    parser.add_argument("--size", type=int, help="utterances of a shard")
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
    # All processes work on one shard after the other, so that the first is there soon.
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
