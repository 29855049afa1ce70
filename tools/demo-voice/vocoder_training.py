"""Trains HiFi-GAN and the speaker encoder on the hidden states of a fixed GPT."""

from dataclasses import dataclass

import torch
from torch import nn

from audio import MelSpectrogram
from discriminators import Discriminators, adversarial_loss, discriminator_loss, feature_loss
from gpt_training import autocast
from vocoder import VOCODER_RATE, Generator, SpeakerEncoder

LEAST_CLIPS = 4  # clips per step at least, because batch norms need several


@dataclass
class VocoderSettings:
    """The defaults were measured on two CPU cores; README.md lists the figures."""

    width: int = 128
    batch: int = 16
    crop: int = 24  # frames, 0.26 s
    rate: float = 5e-4  # AdamW's peak learning rate
    warmup: int = 50  # steps
    sound_hours: float = 8.0  # the most speech; its hidden states take some minutes at the start, and memory
    steps: int = 60_000  # the whole training; the rate falls in the last fifth
    spectral: float = 45.0  # weight of the spectrogram loss
    features: float = 2.0  # weight of the feature loss on the discriminators' layers
    swaps: float = 0.05  # share of the hidden states' input codes that a neighbour replaces
    alone_until: int = 15_000  # steps before the discriminators join, because they cost more than all the rest
    settle_from: int = 50_000  # steps after which batch norms use their averages, like the export
    averaging: float = 0.998  # decay of the weights' moving average, for the export
    seed: int = 2


class Spectrograms(nn.Module):
    """Distances of log-mel spectrograms at several sizes, and of magnitudes, which emphasise loud parts."""

    def __init__(self, sizes=((512, 40), (1024, 80), (2048, 128), (256, 24))):
        super().__init__()
        self.mels = nn.ModuleList(
            MelSpectrogram(VOCODER_RATE, size, size // 4, bands, power=1.0, slaney_norm=True, slaney_scale=True)
            for size, bands in sizes
        )

    def forward(self, fake, real):
        """Compares samples, both [B, 1, S]: (log distance, share of the magnitude that differs)."""
        logs = shares = 0.0
        for mel in self.mels:
            a, b = mel(fake.squeeze(1).float()), mel(real.squeeze(1).float())
            logs = logs + (a.clamp(min=1e-5).log() - b.clamp(min=1e-5).log()).abs().mean()
            shares = shares + (a - b).norm() / b.norm().clamp(min=1e-5)
        return logs / len(self.mels), shares / len(self.mels)


class VocoderTraining:
    """Training steps on ``Spoken``. `state` returns the training's state, `load` restores it."""

    MODULES = ("generator", "speaker", "averaged_generator", "averaged_speaker", "discriminators")
    OPTIMIZERS = ("optimizer", "judging")

    def __init__(self, settings, hidden, device):
        torch.manual_seed(settings.seed)
        self.settings, self.device = settings, device
        make = lambda: (Generator(hidden, settings.width).to(device), SpeakerEncoder().to(device))
        self.generator, self.speaker = make()
        self.averaged_generator, self.averaged_speaker = (module.eval().requires_grad_(False) for module in make())
        self.discriminators = Discriminators().to(device)
        self.spectrograms = Spectrograms().to(device)
        self.ours = [*self.generator.parameters(), *self.speaker.parameters()]
        optimizer = lambda parameters: torch.optim.AdamW(parameters, lr=settings.rate, betas=(0.8, 0.99), fused=True)
        self.optimizer, self.judging = optimizer(self.ours), optimizer(self.discriminators.parameters())
        self.step = self.warm_from = 0
        self._average(0.0)

    def state(self):
        parts = {name: getattr(self, name).state_dict() for name in self.MODULES + self.OPTIMIZERS}
        return {**parts, "step": self.step}

    def load(self, state):
        """Loads a state. If it has weights only, the rate warms up again, because the optimizers have no state."""
        for name in self.MODULES + self.OPTIMIZERS:
            if name in state:
                getattr(self, name).load_state_dict(state[name])
        self.step = state["step"]
        if "averaged_generator" not in state:
            self._average(0.0)
        if "optimizer" not in state:
            self.warm_from = self.step

    def learning_rate(self):
        settings = self.settings
        warm = min(1.0, (self.step - self.warm_from + 1) / settings.warmup)
        left = (settings.steps - self.step) / (0.2 * settings.steps)
        return settings.rate * warm * min(1.0, max(0.02, left))

    @torch.no_grad()
    def _average(self, decay):
        for ours, averaged in ((self.generator, self.averaged_generator), (self.speaker, self.averaged_speaker)):
            torch._foreach_lerp_(list(averaged.parameters()), list(ours.parameters()), 1 - decay)
            for mine, its in zip(ours.buffers(), averaged.buffers()):
                its.copy_(mine)

    def embeddings(self, spoken, voices):
        """Speaker embeddings [B, 512, 1], from one clip per voice; all pieces of a voice share it."""
        distinct, which = voices.unique(return_inverse=True)
        more = voices[torch.randint(len(voices), (max(0, LEAST_CLIPS - len(distinct)),))]
        return self.speaker(spoken.clips(torch.cat((distinct, more))).to(self.device))[which.to(self.device)]

    def learn(self, spoken):
        """One step: (log-mel distance, the discriminators' loss or None)."""
        settings, judged = self.settings, None
        for group in [*self.optimizer.param_groups, *self.judging.param_groups]:
            group["lr"] = self.learning_rate()
        self.generator.train()
        self.speaker.train(self.step < settings.settle_from)
        frames, real, voices = spoken.crops(settings.batch, settings.crop)
        frames, real = frames.to(self.device), real.to(self.device)
        # The generator does not use bfloat16: its rounding is audible, and the discriminators would detect it.
        fake = self.generator(frames, self.embeddings(spoken, voices))
        logs, shares = self.spectrograms(fake, real)
        loss = settings.spectral * logs + 5 * shares
        if self.step >= settings.alone_until:
            judged = self._judge(fake.detach(), real)
            self.discriminators.requires_grad_(False)
            with autocast(self.device):
                of_real, of_fake = self.discriminators(real), self.discriminators(fake)
            self.discriminators.requires_grad_(True)
            loss = loss + adversarial_loss(of_fake) + settings.features * feature_loss(of_real, of_fake)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.ours, 100.0)
        self.optimizer.step()
        self.step += 1
        self._average(min(settings.averaging, 1 - 1 / (1 + self.step - self.warm_from)))
        return logs.item(), judged

    def _judge(self, fake, real):
        with autocast(self.device):
            loss = discriminator_loss(self.discriminators(real), self.discriminators(fake))
        self.judging.zero_grad(set_to_none=True)
        loss.backward()
        self.judging.step()
        return loss.item()

    @torch.no_grad()
    def distance(self, spoken, pieces=32):
        """The log-mel distance of the averaged weights on random pieces of ``Spoken``."""
        frames, real, voices = spoken.crops(pieces, self.settings.crop)
        distinct, which = voices.unique(return_inverse=True)
        speakers = self.averaged_speaker(spoken.clips(distinct).to(self.device))[which.to(self.device)]
        fake = self.averaged_generator(frames.to(self.device), speakers)
        return self.spectrograms(fake, real.to(self.device))[0].item()
