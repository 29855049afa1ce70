"""Shards of the teachers' speech as tensors, and batches of them."""

import os
from typing import NamedTuple

import numpy as np
import torch

import teacher
from audio import Resampler
from features import CODE_SAMPLES, FRAMES_PER_CODE, MEL_RATE, LogMel, patches

# One token per letter: the vocabulary of vocab.json.
SPECIAL = ["[STOP]", "[UNK]", "[SPACE]", "[en]", "[START]"]
VOCABULARY = {token: number for number, token in enumerate(SPECIAL + list("abcdefghijklmnopqrstuvwxyz,.!?;:'-"))}
TEXT_STOP, TEXT_START = VOCABULARY["[STOP]"], VOCABULARY["[START]"]
LEADING = 2  # tokens before the first letter: [START], [en]
PROMPT_FRAMES = (86, 344)  # one to four seconds of other utterances, like the engine's pieces of a reference clip


def tokens(text):
    """[START] [en] letters [STOP], the GPT's input in the engine and in upstream."""
    letters = [VOCABULARY["[SPACE]"] if letter == " " else VOCABULARY.get(letter, 1) for letter in text]
    return [TEXT_START, VOCABULARY["[en]"], *letters, TEXT_STOP]


def without_period(text):
    """The text without a final period, because the engine drops that of an English segment."""
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def padded(rows, fill, device):
    width = max(len(row) for row in rows)
    return torch.tensor([list(row) + [fill] * (width - len(row)) for row in rows], device=device)


class Streams:
    """Pieces of sound of one kind, grouped by voice, so that a clip of a voice is one slice."""

    def __init__(self, pieces, voices):
        order = sorted(range(len(pieces)), key=lambda i: voices[i])
        counts = torch.tensor([piece.shape[-1] for piece in pieces])
        starts = torch.zeros(len(pieces), dtype=torch.long)
        starts[order] = torch.cat((counts.new_zeros(1), counts[order].cumsum(0)[:-1]))
        self.data = torch.cat([pieces[i] for i in order], -1)
        self.starts, self.counts = starts.to(self.data.device), counts.to(self.data.device)
        lows = {v: min(starts[i] for i in order if voices[i] == v) for v in set(voices)}
        highs = {v: max(starts[i] + counts[i] for i in order if voices[i] == v) for v in set(voices)}
        spans = [(lows.get(v, 0), highs.get(v, 0)) for v in range(max(voices) + 1)]
        self._spans = torch.tensor(spans, device=self.data.device)

    def clips(self, voices, length):
        """Random slices of the given voices' sound: [..., B, length]."""
        low, high = self._spans[voices].unbind(1)
        offset = low + ((high - low - length).clamp(min=1) * torch.rand(len(voices), device=low.device)).long()
        at = offset[:, None] + torch.arange(length, device=low.device)
        return self.data[..., at.clamp(max=self.data.shape[-1] - 1)]

    def piece(self, i):
        return self.data[..., self.starts[i] : self.starts[i] + self.counts[i]]


class Batch(NamedTuple):
    ids: torch.Tensor  # [B]
    text: torch.Tensor  # [B, T]
    text_counts: torch.Tensor  # [B]
    codes: torch.Tensor  # [B, n + 2], the start code first
    counts: torch.Tensor  # [B], start and stop codes not counted
    length: int  # the largest count


class Shard:
    """One file of a teacher: N utterances with at most n codes each.

    voices [N]; text [N, T] and text_counts; mel (half, [80, frames]) as ``Streams``; phones [N, n] and places [N, n]:
    the sound of each code and the text token it is read from. ``encode`` adds codes [N, n + 2].
    """

    def __init__(self, path, lines, device, mel_scale=None):
        self.path, self.device, self.mel_scale = path, device, mel_scale
        scaled = _cached(path) if mel_scale is not None else None
        with np.load(path) as file:
            # Samples are most of a file; they are only needed to compute the spectrograms.
            arrays = {name: file[name] for name in file.files if scaled is None or name != "samples"}
        if scaled is None:
            spectra = _spectra(arrays, device)
            if mel_scale is None:
                self.mel_scale = torch.cat(spectra, 1).float().abs().mean(1)  # XTTS's mel_stats
            scaled = [(spectrum.float() / self.mel_scale[:, None]).half() for spectrum in spectra]
            _write_cache(path, scaled)
        voices = arrays["voices"].tolist()
        self.voices = torch.tensor(voices, device=device)
        self.mel = Streams(scaled, voices)
        self.counts = self.mel.counts // FRAMES_PER_CODE
        self._load_text(arrays, lines)
        self._place(arrays)

    def __len__(self):
        return len(self.voices)

    def _load_text(self, arrays, lines):
        # Most texts lose their final period, like in the engine; some keep it, like in upstream.
        texts = [lines[line] for line in arrays["lines"]]
        texts = [text if i % 4 == 0 else without_period(text) for i, text in enumerate(texts)]
        rows = [tokens(text) for text in texts]
        self.text_counts = torch.tensor([len(row) for row in rows], device=self.device)
        self.text = padded(rows, TEXT_STOP, self.device)

    def _place(self, arrays):
        edges = np.concatenate(([0], arrays["phone_counts"].cumsum()))
        phones, places = [], []
        for i, (count, text_count) in enumerate(zip(self.counts.tolist(), self.text_counts.tolist())):
            one = slice(edges[i], edges[i + 1])
            middles = (np.arange(count) + 0.5) * CODE_SAMPLES / MEL_RATE
            sound = np.searchsorted(arrays["ends"][one], middles).clip(max=edges[i + 1] - edges[i] - 1)
            phones.append(arrays["phones"][one][sound].tolist() + [0])
            at = (arrays["places"][one][sound] + LEADING).clip(max=text_count - 2)
            places.append(at.tolist() + [text_count - 1.0])
        self.phones, self.places = padded(phones, 0, self.device), padded(places, 0.0, self.device)

    def features(self):
        """[codes of all utterances, 320], utterance by utterance, minus each voice's mean."""
        scaled, every = [], [patches(self.mel.piece(i)) for i in range(len(self))]
        means = {}
        for voice in self.voices.unique().tolist():
            spoken = torch.cat([every[i] for i in (self.voices == voice).nonzero()[:, 0].tolist()])
            means[voice] = spoken.mean(0)
        for i, voice in enumerate(self.voices.tolist()):
            scaled.append(every[i] - means[voice])
        return torch.cat(scaled)

    def sounds(self):
        """The sound of each code, in the order of ``features``."""
        return torch.cat([self.phones[i, :count] for i, count in enumerate(self.counts.tolist())])

    def encode(self, book):
        """Sets codes [N, n + 2]: the start code, the audio codes, stop codes up to the end."""
        start, stop = len(book.centres), len(book.centres) + 1
        self.codes = torch.full((len(self), int(self.counts.max()) + 2), stop, device=self.device)
        self.codes[:, 0] = start
        inside = torch.arange(self.codes.shape[1] - 1, device=self.device) < self.counts[:, None]
        self.codes[:, 1:][inside] = book.codes(self.features())
        # A copy on the host, so that reading the sizes of a batch does not wait for the device.
        self._sizes = torch.stack((self.text_counts, self.counts), 1).cpu()
        self.order = torch.argsort(self._sizes[:, 0] * 4096 + self._sizes[:, 1])

    def fitting(self, most_tokens=None, least_codes=0):
        """A mask of `order`: the utterances within these limits, or all if none is within them."""
        sizes = self._sizes[self.order]
        fits = sizes[:, 1] > least_codes
        if most_tokens is not None:
            fits &= sizes[:, 0] <= most_tokens
        return fits if bool(fits.any()) else torch.ones_like(fits)

    def near(self, size, least_codes=0, most_tokens=None, most_positions=None):
        """A random ``Batch`` of texts of similar length within the limits.

        Batches of long texts are smaller, so that a batch has at most `most_positions` tokens and codes.
        """
        order = self.order[self.fitting(most_tokens, least_codes)]
        first = int(torch.randint(0, max(1, len(order) - size + 1), ()))
        chosen = order[first : first + size]
        if most_positions is not None:
            chosen = chosen[: max(1, most_positions // int(self._sizes[chosen].max(0).values.sum()))]
        return self.batch(chosen)

    def batch(self, ids):
        """The ``Batch`` of the utterances `ids` [B], a tensor on the host."""
        text_length, length = self._sizes[ids].max(0).values.tolist()
        ids = ids.to(self.device, non_blocking=True)
        return Batch(
            ids,
            self.text[ids, :text_length],
            self.text_counts[ids],
            self.codes[ids, : length + 2],
            self.counts[ids],
            length,
        )

    def mel_patches(self, ids, length):
        """[B, length, 320]: the patch of each code; undefined beyond the end of an utterance."""
        at = self.mel.starts[ids][:, None] + torch.arange(length * FRAMES_PER_CODE, device=self.device)
        mel = self.mel.data[:, at.clamp(max=self.mel.data.shape[1] - 1)]
        return mel.float().unflatten(2, (length, FRAMES_PER_CODE)).permute(1, 2, 3, 0).flatten(2)

    def prompts(self, ids):
        """(normalised log-mel [V, 80, frames] of other words of each voice, index of each utterance's voice [B])."""
        voices, which = self.voices[ids].unique(return_inverse=True)
        frames = int(torch.randint(PROMPT_FRAMES[0], PROMPT_FRAMES[1] + 1, ()))
        return self.mel.clips(voices, frames).transpose(0, 1).float(), which


def _spectra(arrays, device):
    """The unscaled log-mel spectrogram [80, frames] of each utterance, half precision, cut to whole codes."""
    resample, mel = Resampler(device), LogMel(device)
    edges, voices = np.concatenate(([0], arrays["sample_counts"].cumsum())), arrays["voices"]
    spectra = [None] * len(voices)
    for voice in np.unique(voices):
        rate = teacher.VOICES[voice].rate
        ordered = sorted(np.flatnonzero(voices == voice), key=lambda i: arrays["sample_counts"][i])
        for part in batched(ordered, 64):
            rows = np.zeros((len(part), arrays["sample_counts"][part].max()), np.float32)
            for row, i in zip(rows, part):
                row[: edges[i + 1] - edges[i]] = arrays["samples"][edges[i] : edges[i + 1]]
            frames = mel(resample(torch.from_numpy(rows / 32768).to(device), rate, MEL_RATE)).half()
            for row, i in enumerate(part):
                whole = int(arrays["sample_counts"][i] / rate * MEL_RATE) // CODE_SAMPLES * FRAMES_PER_CODE
                spectra[i] = frames[row, :, :whole].clone()
    return spectra


def _cached(path):
    """The scaled spectrograms that ``_write_cache`` stored next to a shard, or None."""
    cache = path[:-4] + ".mel.pt"
    if not os.path.exists(cache) or os.path.getmtime(cache) < os.path.getmtime(path):
        return None
    data, counts = torch.load(cache, weights_only=True)
    return list(data.split(counts, 1))


def _write_cache(path, spectra):
    cache = path[:-4] + ".mel.pt"
    aside = f"{cache}.{os.getpid()}.part"
    torch.save((torch.cat([spectrum.cpu() for spectrum in spectra], 1), [s.shape[1] for s in spectra]), aside)
    os.rename(aside, cache)


def batched(items, size):
    return [items[at : at + size] for at in range(0, len(items), size)]
