"""HiFi-GAN on the GPT's hidden states, and its speaker encoder, in the layout of the published `hifigan_decoder.*`."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

from audio import MelSpectrogram
from features import CODE_SAMPLES, MEL_RATE

VOCODER_RATE, SPEAKER_RATE = 24_000, 16_000
HOP = 256  # samples at 24,000 Hz per frame
FRAME_RATE = VOCODER_RATE / HOP  # 93.75 Hz
FRAMES_PER_CODE = CODE_SAMPLES / MEL_RATE * FRAME_RATE  # 4.354
SPEAKER_SIZE = 512
SLOPE = 0.1  # slope of the leaky rectifiers


class ResidualBlock(nn.Module):
    def __init__(self, channels, kernel):
        super().__init__()
        conv = lambda d: weight_norm(nn.Conv1d(channels, channels, kernel, dilation=d, padding=(kernel - 1) * d // 2))
        self.convs1 = nn.ModuleList(conv(dilation) for dilation in (1, 3, 5))
        self.convs2 = nn.ModuleList(conv(1) for _ in range(3))

    def forward(self, x):
        for first, second in zip(self.convs1, self.convs2):
            x = x + second(F.leaky_relu(first(F.leaky_relu(x, SLOPE)), SLOPE))
        return x


class Generator(nn.Module):
    rates, kernels, residual_kernels = (8, 8, 2, 2), (16, 16, 4, 4), (3, 7, 11)

    def __init__(self, hidden, width):
        super().__init__()
        channels = [width >> stage for stage in range(5)]
        self.conv_pre = nn.Conv1d(hidden, width, 7, padding=3)
        self.ups = nn.ModuleList(
            weight_norm(nn.ConvTranspose1d(channels[i], channels[i + 1], kernel, rate, (kernel - rate) // 2))
            for i, (rate, kernel) in enumerate(zip(self.rates, self.kernels))
        )
        self.resblocks = nn.ModuleList(
            ResidualBlock(c, kernel) for c in channels[1:] for kernel in self.residual_kernels
        )
        self.conv_post = nn.Conv1d(channels[4], 1, 7, padding=3, bias=False)
        self.cond_layer = nn.Conv1d(SPEAKER_SIZE, width, 1)
        self.conds = nn.ModuleList(nn.Conv1d(SPEAKER_SIZE, c, 1) for c in channels[1:])

    def forward(self, frames, speaker):
        """frames [B, D, T] at 93.75 Hz, speaker [B, 512, 1]: samples [B, 1, 256 T]."""
        x = self.conv_pre(frames) + self.cond_layer(speaker)
        kinds = len(self.residual_kernels)
        for stage, (up, condition) in enumerate(zip(self.ups, self.conds)):
            x = up(F.leaky_relu(x, SLOPE)) + condition(speaker)
            x = sum(block(x) for block in self.resblocks[stage * kinds : (stage + 1) * kinds]) / kinds
        return torch.tanh(self.conv_post(F.leaky_relu(x)))


def frames_of(hidden):
    """Hidden states [B, N, D], one per code, to frames [B, D, T], by two linear interpolations like in upstream."""
    x = F.interpolate(hidden.transpose(1, 2), scale_factor=4.0, mode="linear")
    return F.interpolate(x, scale_factor=VOCODER_RATE / MEL_RATE, mode="linear")


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        inner = channels // 8
        self.fc = nn.Sequential(nn.Linear(channels, inner), nn.ReLU(), nn.Linear(inner, channels), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x.mean((2, 3)))[..., None, None]


class SpeakerBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs)
        self.se = SqueezeExcite(outputs)
        changes = stride != 1 or inputs != outputs
        shortcut = lambda: nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.downsample = shortcut() if changes else None

    def forward(self, x):
        y = self.se(self.bn2(self.conv2(self.bn1(F.relu(self.conv1(x))))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class PreEmphasis(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("filter", torch.tensor([[[-0.97, 1.0]]]))

    def forward(self, samples):
        return F.conv1d(F.pad(samples.unsqueeze(1), (1, 0), "reflect"), self.filter).squeeze(1)


class SpeakerEncoder(nn.Module):
    def __init__(self, widths=(16, 24, 32, 48)):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, widths[0], 3, padding=1), nn.BatchNorm2d(widths[0])
        inputs = widths[0]
        for number, (width, blocks, stride) in enumerate(zip(widths, (3, 4, 6, 3), (1, 2, 2, 2)), 1):
            stage = [SpeakerBlock(inputs if i == 0 else width, width, stride if i == 0 else 1) for i in range(blocks)]
            self.add_module(f"layer{number}", nn.Sequential(*stage))
            inputs = width
        pooled = inputs * 8  # 64 mel bands after three strides of two
        self.attention = nn.Sequential(
            nn.Conv1d(pooled, 128, 1), nn.ReLU(), nn.BatchNorm1d(128), nn.Conv1d(128, pooled, 1), nn.Softmax(2)
        )
        self.fc = nn.Linear(2 * pooled, SPEAKER_SIZE)
        mel = MelSpectrogram(SPEAKER_RATE, 512, 160, 64, torch.hamming_window(400))
        self.torch_spec = nn.Sequential(PreEmphasis(), mel)

    def forward(self, samples):
        """Samples [B, S] at 16,000 Hz to unit vectors [B, 512, 1]."""
        with torch.autocast(samples.device.type, enabled=False):
            x = F.instance_norm((self.torch_spec(samples.float()) + 1e-6).log()).unsqueeze(1)
        x = self.bn1(F.relu(self.conv1(x)))
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        x = x.flatten(1, 2).float()
        weights = self.attention(x).float()
        mean = (x * weights).sum(2)
        deviation = ((x**2 * weights).sum(2) - mean**2).clamp(min=1e-5).sqrt()
        return F.normalize(self.fc(torch.cat((mean, deviation), 1)).float(), dim=1).unsqueeze(-1)
