"""The vocoder's training data: the teachers' utterances as the GPT's hidden states, computed once, and as sound."""

import math

import numpy as np
import torch

import teacher
from audio import Resampler
from gpt_training import autocast, swapped
from vocoder import FRAMES_PER_CODE, HOP, SPEAKER_RATE, VOCODER_RATE, frames_of

CLIP_SECONDS = 2.0  # length of a clip for the speaker encoder
CLIP_SOURCE_SECONDS = 90.0  # clips are cut from about this much sound per voice


class Spoken:
    """Utterances as hidden states [codes, D] (half) and samples at 24,000 Hz (int16)."""

    def __init__(self, gpt, neighbours, swaps, device):
        self._gpt, self._neighbours, self._swaps, self._device = gpt, neighbours, swaps, device
        self._resample = Resampler(torch.device("cpu"))
        self._taken = set()
        self.hidden, self.samples, self.voices = [], [], []
        self._clips = {}  # maps a voice to its sound at 16,000 Hz

    def __len__(self):
        return len(self.hidden)

    @property
    def hours(self):
        return sum(len(samples) for samples in self.samples) / VOCODER_RATE / 3600

    @torch.no_grad()
    def add(self, shard):
        """Adds the utterances of a shard, once; replaces some of the input codes of the hidden states by neighbours."""
        if shard.path in self._taken:
            return
        self._taken.add(shard.path)
        with np.load(shard.path) as file:
            edges = np.concatenate(([0], file["sample_counts"].cumsum()))
            sound = torch.from_numpy(file["samples"])
        for ids in shard.order.split(16):
            batch = shard.batch(ids)
            read = swapped(batch.codes[:, : batch.length], self._neighbours, self._swaps)
            prompts, which = shard.prompts(batch.ids)
            with autocast(self._device):
                latents = self._gpt.conditioning(prompts)
                hidden, _ = self._gpt(latents, batch.text, read, batch.text_counts, voices=which)
            for row, i in enumerate(ids.tolist()):
                voice = int(shard.voices[i])
                samples = self._at(VOCODER_RATE, sound[edges[i] : edges[i + 1]], teacher.VOICES[voice].rate)
                self.hidden.append(hidden[row, : int(batch.counts[row])].half())
                self.samples.append(samples)
                self.voices.append(voice)
                clip = self._clips.setdefault(voice, torch.zeros(0))
                if len(clip) < CLIP_SOURCE_SECONDS * SPEAKER_RATE:
                    heard = self._at(SPEAKER_RATE, samples, VOCODER_RATE).float() / 32767
                    self._clips[voice] = torch.cat((clip, heard))

    def _at(self, wanted, samples, rate):
        if rate == wanted:
            return samples.clone()
        return self._resample(samples.float()[None] / 32767, rate, wanted)[0].mul(32767).clamp(-32768, 32767).short()

    def crops(self, count, width):
        """Random pieces: frames [B, D, width], samples [B, 1, 256 width], voices [B]."""
        frames, samples, voices = [], [], []
        while len(frames) < count:
            i = int(torch.randint(len(self.hidden), ()))
            room = min(int(len(self.hidden[i]) * FRAMES_PER_CODE), len(self.samples[i]) // HOP) - width
            if room < 1:
                continue
            first = int(torch.randint(room, ()))
            frames.append(frames_of(self.hidden[i][None].float())[0, :, first : first + width])
            samples.append(self.samples[i][first * HOP : (first + width) * HOP].float() / 32767)
            voices.append(self.voices[i])
        return torch.stack(frames), torch.stack(samples).unsqueeze(1), torch.tensor(voices)

    def clips(self, voices, seconds=CLIP_SECONDS):
        """Random pieces of the given voices, [B, samples] at 16,000 Hz."""
        length = int(seconds * SPEAKER_RATE)
        pieces = []
        for voice in voices.tolist():
            sound = self._clips[voice]
            sound = sound.repeat(math.ceil(length / len(sound)) + 1) if len(sound) < 2 * length else sound
            first = int(torch.randint(len(sound) - length, ()))
            pieces.append(sound[first : first + length])
        return torch.stack(pieces)
