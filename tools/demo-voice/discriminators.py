"""Discriminators between the vocoder's and the teacher's sound, by periods and by spectrograms; for training only."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

SLOPE = 0.1


def judge(x, convolutions, last):
    """(score [B, …], the layers' outputs)."""
    layers = []
    for convolution in convolutions:
        x = F.leaky_relu(convolution(x), SLOPE)
        layers.append(x)
    return last(x).flatten(1), layers


class PeriodDiscriminator(nn.Module):
    """Arranges the samples in rows of `period`, so that a column holds every `period`-th sample."""

    def __init__(self, period):
        super().__init__()
        self.period = period
        widths = (1, 8, 24, 64, 96, 96)
        self.convolutions = nn.ModuleList(
            weight_norm(nn.Conv2d(a, b, (5, 1), (3 if i < 4 else 1, 1), (2, 0)))
            for i, (a, b) in enumerate(zip(widths, widths[1:]))
        )
        self.last = weight_norm(nn.Conv2d(widths[-1], 1, (3, 1), padding=(1, 0)))

    def forward(self, samples):
        samples = F.pad(samples, (0, -samples.shape[-1] % self.period), "reflect")
        return judge(samples.unflatten(-1, (-1, self.period)), self.convolutions, self.last)


class SpectrogramDiscriminator(nn.Module):
    def __init__(self, size, width=8):
        super().__init__()
        self.size = size
        self.register_buffer("window", torch.hann_window(size))
        self.convolutions = nn.ModuleList(
            weight_norm(nn.Conv2d(1 if i == 0 else width, width, (3, 9), (1, 2 if 0 < i < 4 else 1), (1, 4)))
            for i in range(5)
        )
        self.last = weight_norm(nn.Conv2d(width, 1, 3, padding=1))

    def forward(self, samples):
        with torch.autocast(samples.device.type, enabled=False):
            spectrum = torch.stft(
                samples.squeeze(1).float(), self.size, self.size // 4, window=self.window, return_complex=True
            ).abs()
        return judge(spectrum.transpose(1, 2).unsqueeze(1), self.convolutions, self.last)


class Discriminators(nn.Module):
    """A quarter of the usual widths and fewer members: on a CPU the usual set costs six times the vocoder's time."""

    def __init__(self):
        super().__init__()
        periods = [PeriodDiscriminator(period) for period in (2, 3, 7)]
        self.members = nn.ModuleList(periods + [SpectrogramDiscriminator(size) for size in (512, 2048)])

    def forward(self, samples):
        return [member(samples) for member in self.members]


def discriminator_loss(real, fake):
    """Least squares: 1 for the teacher's sound, 0 for the vocoder's."""
    return sum(((r.float() - 1) ** 2).mean() + (f.float() ** 2).mean() for (r, _), (f, _) in zip(real, fake))


def adversarial_loss(fake):
    return sum(((score.float() - 1) ** 2).mean() for score, _ in fake)


def feature_loss(real, fake):
    return sum(
        (a.float().detach() - b.float()).abs().mean() for (_, r), (_, f) in zip(real, fake) for a, b in zip(r, f)
    )
