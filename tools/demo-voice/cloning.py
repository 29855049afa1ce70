"""Measures whether a reference clip moves pitch and timbre towards its voice."""

import math
import os

import numpy as np

import teacher
from sound import pitch, read_wave, timbre, write_wave

# No voice of the training has these rates.
STRANGERS = (
    teacher.TeacherVoice("deeper than Ada", "flite", "slt", 15_200, 0),
    teacher.TeacherVoice("higher than Ralph", "flite", "rms", 19_400, 0),
    teacher.TeacherVoice("higher than Awb", "flite", "awb", 18_200, 0),
)
REFERENCE = "the boat drifted slowly past the old stone bridge, and nobody on the shore said a word about it."
SENTENCES = (
    "please leave a message after the tone",
    "the weather will be fine again tomorrow",
    "two tickets to the station",
)


def measured(paths):
    """(median pitch in Hz or None, mean spectrum in dB) over several files."""
    sounds = [read_wave(path) for path in paths]
    pitches = [p for p in (pitch(*sound) for sound in sounds) if p]
    return (float(np.median(pitches)) if pitches else None), np.mean([timbre(*sound) for sound in sounds], 0)


def semitones(a, b):
    return f"{12 * math.log2(a / b):+.1f}" if a and b else "no pitch"


def decibels(a, b):
    return f"{np.sqrt(((a - b) ** 2).mean()):.1f}"


def lines(synthesise, folder):
    """A Markdown table of the distances of the default voice and of clones to voices outside the training.

    `synthesise(text, path, *options)` writes a sound file.
    """
    path = lambda name: os.path.join(folder, f"clone-{name}.wav")
    default = [path(f"default-{i}") for i in range(len(SENTENCES))]
    for text, file in zip(SENTENCES, default):
        synthesise(text, file)
    table = [
        "| reference | pitch, default voice → clone (semitones from the reference) | spectrum, default voice → clone (dB) |",
        "|---|---|---|",
    ]
    plain, teachers = measured(default), teacher.Teachers()
    for number, stranger in enumerate(STRANGERS):
        spoken = teachers.speak(stranger, REFERENCE)
        reference = path(f"reference-{number}")
        write_wave(reference, spoken["samples"] / 32768, stranger.rate)
        clones = [path(f"{number}-{i}") for i in range(len(SENTENCES))]
        for text, file in zip(SENTENCES, clones):
            synthesise(text, file, "--reference-audio", reference)
        wanted, cloned = measured([reference]), measured(clones)
        table.append(
            f"| {stranger.name} | {semitones(plain[0], wanted[0])} → {semitones(cloned[0], wanted[0])} | "
            f"{decibels(plain[1], wanted[1])} → {decibels(cloned[1], wanted[1])} |"
        )
    return table
