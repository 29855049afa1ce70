"""Trains HiFi-GAN and the speaker encoder on the hidden states of a GPT that no longer changes."""

import math
import time
from dataclasses import dataclass

import torch
import torchaudio
from torch import nn

from corpus import VOCODER_RATE
from discriminators import Discriminators, adversarial_loss, discriminator_loss, feature_loss
from gpt_training import autocast, swapped
from vocoder import FRAMES_PER_CODE, HOP, Generator, SpeakerEncoder, frames_of


@dataclass
class VocoderSettings:
    width: int = 256
    batch: int = 64
    crop: int = 36  # frames, 0.38 s
    rate: float = 5e-4  # AdamW's, at its highest
    warmup: int = 200  # steps
    spectral: float = 45.0  # weight of the spectrograms,
    features: float = 2.0  # and of the discriminators' layers
    swaps: float = 0.05  # share of the codes behind the hidden states that are a neighbour of the teacher's
    alone_until: float = 0.2  # share of the time before the discriminators join
    settle_from: float = 0.85  # share of the time after which batch norms use their averages, as the export does
    seed: int = 2


class Spectrograms(nn.Module):
    """Distances of log-mel spectrograms at several sizes, and of magnitudes, which weigh what is loud."""

    def __init__(self, sizes=((512, 40), (1024, 80), (2048, 128), (256, 24))):
        super().__init__()
        self.mels = nn.ModuleList(
            torchaudio.transforms.MelSpectrogram(
                VOCODER_RATE, size, size, size // 4, n_mels=bands, power=1, norm="slaney", mel_scale="slaney"
            )
            for size, bands in sizes
        )

    def forward(self, fake, real):
        """[B, 1, S] both: (log distance, share of the magnitude that differs)."""
        logs = shares = 0.0
        for mel in self.mels:
            a, b = mel(fake.squeeze(1).float()), mel(real.squeeze(1).float())
            logs = logs + (a.clamp(min=1e-5).log() - b.clamp(min=1e-5).log()).abs().mean()
            shares = shares + (a - b).norm() / b.norm().clamp(min=1e-5)
        return logs / len(self.mels), shares / len(self.mels)


class VocoderTraining:
    def __init__(self, settings, gpt, hidden, book, device):
        torch.manual_seed(settings.seed)
        self.settings, self.device = settings, device
        self.gpt, self.neighbours = gpt.eval().requires_grad_(False), book.neighbours()
        self.generator = Generator(hidden, settings.width).to(device)
        self.speaker = SpeakerEncoder().to(device)
        self.discriminators = Discriminators().to(device)
        self.spectrograms = Spectrograms().to(device)
        self.ours = [*self.generator.parameters(), *self.speaker.parameters()]
        make = lambda parameters: torch.optim.AdamW(
            parameters, lr=settings.rate, betas=(0.8, 0.99), fused=device.type == "cuda"
        )
        self.optimizer, self.judging = make(self.ours), make(self.discriminators.parameters())
        self.step, self.done = 0, 0.0

    MODULES = ("generator", "speaker", "discriminators")
    OPTIMIZERS = ("optimizer", "judging")

    def state(self):
        parts = {name: getattr(self, name).state_dict() for name in self.MODULES + self.OPTIMIZERS}
        return {**parts, "step": self.step, "done": self.done}

    def load(self, state):
        for name in self.MODULES + self.OPTIMIZERS:
            if name in state:
                getattr(self, name).load_state_dict(state[name])
        self.step, self.done = state["step"], state["done"]

    def crops(self, shard, batch):
        """Frames [B, D, crop] with the codes that are read partly replaced, and the teacher's samples [B, 1, 256 crop]."""
        width = self.settings.crop
        with torch.no_grad(), autocast(self.device):
            read = swapped(batch.codes[:, : batch.length], self.neighbours, self.settings.swaps)
            latents = self.gpt.conditioning(shard.prompts(batch.ids))
            hidden, _ = self.gpt(latents, batch.text, read, batch.text_counts)
        frames = frames_of(hidden.float())
        room = torch.minimum((batch.counts * FRAMES_PER_CODE).long(), shard.sound.counts[batch.ids] // HOP) - width
        first = (room.clamp(min=1) * torch.rand(len(room), device=self.device)).long()
        at = (first[:, None] + torch.arange(width, device=self.device)).clamp(max=frames.shape[2] - 1)
        samples = (shard.sound.starts[batch.ids] + first * HOP)[:, None] + torch.arange(width * HOP, device=self.device)
        real = shard.sound.data[samples.clamp(max=len(shard.sound.data) - 1)].float() / 32767
        return frames.gather(2, at[:, None].expand(-1, frames.shape[1], -1)), real.unsqueeze(1)

    def learning_rate(self):
        warm = min(1.0, (self.step + 1) / self.settings.warmup)
        return self.settings.rate * warm * (0.05 + 0.95 * (0.5 + 0.5 * math.cos(math.pi * min(self.done, 1.0))))

    def run(self, shards, seconds=math.inf, steps=math.inf, until=math.inf, refresh=None, log=print, every=250):
        """Trains until the budget (seconds or steps, earlier calls included) is used or the clock passes `until`."""
        began, before, first_step = time.monotonic(), self.done, self.step
        while self.done < 1 and time.monotonic() < until:
            if refresh and self.step % 100 == 0:
                refresh()
            for group in [*self.optimizer.param_groups, *self.judging.param_groups]:
                group["lr"] = self.learning_rate()
            self.speaker.train(self.done < self.settings.settle_from)
            self.generator.train()
            shard = shards[int(torch.randint(len(shards), ()))]
            least = math.ceil(self.settings.crop / FRAMES_PER_CODE)
            logs, judged = self._learn(shard, shard.near(self.settings.batch, least_codes=least))
            self.step += 1
            spent = (time.monotonic() - began) / seconds if seconds < math.inf else (self.step - first_step) / steps
            self.done = before + spent
            if self.step % every == 0:
                figures = f"log-mel {logs.item():.4f}, discriminators {float(judged):.3f}"
                log(f"vocoder step {self.step}, {self.done:.0%}: {figures}")
        return self.done >= 1

    def _learn(self, shard, batch):
        settings, judged = self.settings, 0.0
        torch.backends.cudnn.benchmark = True  # every crop has the same shape
        frames, real = self.crops(shard, batch)
        # Not in bfloat16: its rounding is heard, and the discriminators would hear it too.
        fake = self.generator(frames, self.speaker(shard.speaker_clips(batch.ids)))
        logs, shares = self.spectrograms(fake, real)
        loss = settings.spectral * logs + 5 * shares
        if self.done >= settings.alone_until:
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
        return logs.detach(), judged

    def _judge(self, fake, real):
        with autocast(self.device):
            loss = discriminator_loss(self.discriminators(real), self.discriminators(fake))
        self.judging.zero_grad(set_to_none=True)
        loss.backward()
        self.judging.step()
        return loss.detach()
