"""Mel spectrograms and resampling with the formulas of torchaudio, which XTTS uses. They need torch only.

torchaudio itself is not used: its packages are built for CUDA and do not load together with a torch for CPUs.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

SINC_WIDTH, ROLLOFF = 6, 0.99


class Spectrogram(nn.Module):
    def __init__(self, size, window, hop, power):
        super().__init__()
        self.size, self.hop, self.power = size, hop, power
        self.register_buffer("window", window)

    def forward(self, samples):
        window = len(self.window)
        spectrum = torch.stft(samples, self.size, self.hop, window, self.window, pad_mode="reflect", return_complex=True)
        return spectrum.abs().pow(self.power)


class MelScale(nn.Module):
    def __init__(self, filters):
        super().__init__()
        self.register_buffer("fb", filters)

    def forward(self, spectrogram):
        return (spectrogram.transpose(-1, -2) @ self.fb).transpose(-1, -2)


class MelSpectrogram(nn.Module):
    """Samples [..., S] to [..., bands, 1 + S // hop]. The published checkpoint has the same names of buffers."""

    def __init__(
        self, rate, size, hop, bands, window=None, power=2.0, highest=None, slaney_norm=False, slaney_scale=False
    ):
        super().__init__()
        window = torch.hann_window(size) if window is None else window
        self.spectrogram = Spectrogram(size, window, hop, power)
        self.mel_scale = MelScale(mel_filters(rate, size // 2 + 1, bands, highest or rate / 2, slaney_norm, slaney_scale))

    def forward(self, samples):
        return self.mel_scale(self.spectrogram(samples))


def mel_filters(rate, bins, bands, highest, slaney_norm, slaney_scale):
    """[bins, bands]: overlapping triangles from 0 Hz to the highest frequency."""
    to_mel, to_hertz = (_slaney_mel, _slaney_hertz) if slaney_scale else (_htk_mel, _htk_hertz)
    corners = torch.tensor([to_hertz(to_mel(highest) * i / (bands + 1)) for i in range(bands + 2)])
    frequencies = torch.linspace(0, rate // 2, bins)
    widths = corners[1:] - corners[:-1]
    distances = corners - frequencies[:, None]
    rising, falling = -distances[:, :-2] / widths[:-1], distances[:, 2:] / widths[1:]
    filters = torch.minimum(rising, falling).clamp(min=0)
    return filters * (2 / (corners[2:] - corners[:-2])) if slaney_norm else filters


def _htk_mel(hertz):
    return 2595 * math.log10(1 + hertz / 700)


def _htk_hertz(mel):
    return 700 * (10 ** (mel / 2595) - 1)


# Slaney's scale is linear up to 1,000 Hz, which is 15 mel, and logarithmic above.
def _slaney_mel(hertz):
    return hertz * 3 / 200 if hertz < 1000 else 15 + math.log(hertz / 1000) * 27 / math.log(6.4)


def _slaney_hertz(mel):
    return mel * 200 / 3 if mel < 15 else 1000 * math.exp((mel - 15) * math.log(6.4) / 27)


class Resampler:
    """Windowed-sinc interpolation between any two rates; keeps its filters on the device."""

    def __init__(self, device):
        self._device, self._filters = device, {}

    def __call__(self, samples, rate, wanted):
        """[B, S] at `rate` to [B, ceil(S wanted / rate)]."""
        if rate == wanted:
            return samples
        common = math.gcd(rate, wanted)
        old, new = rate // common, wanted // common
        if (old, new) not in self._filters:
            self._filters[old, new] = sinc_filters(old, new).to(self._device)
        filters = self._filters[old, new]
        width = (filters.shape[-1] - old) // 2
        padded = F.pad(samples, (width, width + old))
        resampled = F.conv1d(padded[:, None], filters, stride=old).transpose(1, 2).flatten(1)
        return resampled[:, : math.ceil(new * samples.shape[1] / old)]


def sinc_filters(old, new):
    """[new, 1, taps]: one filter per phase."""
    cutoff = min(old, new) * ROLLOFF
    width = math.ceil(SINC_WIDTH * old / cutoff)
    taps = torch.arange(-width, width + old, dtype=torch.float64) / old
    phases = -torch.arange(new, dtype=torch.float64)[:, None] / new
    at = ((phases + taps) * cutoff).clamp(-SINC_WIDTH, SINC_WIDTH)
    window = torch.cos(at * math.pi / SINC_WIDTH / 2) ** 2
    return (torch.sinc(at) * window * cutoff / old).float()[:, None]
