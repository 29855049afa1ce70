"""Trains the GPT to read: next-code prediction, with three aids that are not exported."""

import math
import time
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from features import FRAMES_PER_CODE
from flite import PHONES
from gpt import GPT, AttentionGuide


IGNORED = -100  # a target that doesn't count
SHORT_TOKENS = 50  # a short text has fewer


@dataclass
class GPTSettings:
    layers: int = 8
    width: int = 192
    heads: int = 4
    batch: int = 192
    positions: int = 50_000  # tokens and codes of a batch at most
    rate: float = 8e-4  # AdamW's, at its highest
    warmup: int = 300  # steps
    dropout: float = 0.1
    guide: float = 0.3  # weight of the attention guide,
    sounds: float = 0.3  # of naming the sound that each code will be,
    mel: float = 0.5  # of drawing its spectrogram from the hidden state
    swaps: float = 0.08  # share of the codes read that are replaced by a neighbour, as sampling will
    short_until: float = 0.15  # share of the time in which only short utterances are read
    seed: int = 1

    @property
    def guided(self):
        """The layers whose first head is guided: low ones, so that those above find the letters in place."""
        return tuple(sorted({self.layers // 4, self.layers // 2}))


class Reader(nn.Module):
    """The GPT and the heads that only training needs."""

    def __init__(self, text_tokens, audio_codes, settings):
        super().__init__()
        self.gpt = GPT(text_tokens, audio_codes, settings.layers, settings.width, settings.heads)
        self.sound_head = nn.Linear(settings.width, len(PHONES))
        self.mel_head = nn.Linear(settings.width, 80 * FRAMES_PER_CODE)


@dataclass
class Losses:
    codes: torch.Tensor
    guide: torch.Tensor
    sounds: torch.Tensor
    mel: torch.Tensor

    def total(self, settings):
        return self.codes + settings.guide * self.guide + settings.sounds * self.sounds + settings.mel * self.mel


def swapped(codes, neighbours, share):
    """The codes with a share of them replaced by one of their neighbours; start and stop codes stay."""
    real = codes < len(neighbours)
    drawn = torch.randint(neighbours.shape[1], codes.shape, device=codes.device)
    other = neighbours[codes.clamp(max=len(neighbours) - 1), drawn]
    return torch.where(real & (torch.rand(codes.shape, device=codes.device) < share), other, codes)


def autocast(device):
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


def losses(reader, shard, batch, settings, neighbours=None, others_text=False):
    """``Losses`` of a batch. With `others_text` each is read with another's text: the additional loss is the gain of reading."""
    text, text_counts = batch.text, batch.text_counts
    if others_text:
        text, text_counts = text.roll(1, 0), text_counts.roll(1, 0)
    length = batch.length + 1
    at = torch.arange(length, device=text.device)
    counted, spoken = at <= batch.counts[:, None], at < batch.counts[:, None]
    read = batch.codes[:, :-1] if neighbours is None else swapped(batch.codes[:, :-1], neighbours, settings.swaps)
    guide = AttentionGuide(shard.places[batch.ids, :length], counted, text.shape[1])
    dropout = settings.dropout if reader.training else 0.0
    with autocast(text.device):
        latents = reader.gpt.conditioning(shard.prompts(batch.ids))
        hidden, guided = reader.gpt(latents, text, read, text_counts, dropout, guide, settings.guided)
        said, heard, drawn = reader.gpt.mel_head(hidden), reader.sound_head(hidden), reader.mel_head(hidden)
    only = lambda wanted: wanted.masked_fill(~counted, IGNORED).flatten()
    of = lambda scores, wanted: F.cross_entropy(scores.flatten(0, 1).float(), only(wanted), ignore_index=IGNORED)
    strokes = (drawn[:, :-1].float() - shard.mel_patches(batch.ids, batch.length)).abs().mean(-1)
    return Losses(
        of(said, batch.codes[:, 1:]), guided, of(heard, shard.phones[batch.ids, :length]),
        (strokes * spoken[:, :-1]).sum() / spoken.sum(),
    )  # fmt: skip


class GPTTraining:
    """Steps through a corpus for a time, or a number of steps, and can be saved and resumed."""

    def __init__(self, settings, text_tokens, book, device):
        torch.manual_seed(settings.seed)
        self.settings, self.device = settings, device
        self.reader = Reader(text_tokens, len(book.centres) + 2, settings).to(device)
        self.neighbours = book.neighbours()
        self.optimizer = torch.optim.AdamW(
            self.reader.parameters(),
            lr=settings.rate,
            betas=(0.9, 0.96),
            weight_decay=0.02,
            fused=device.type == "cuda",
        )
        self.step = 0
        self.done = 0.0  # share of the budget

    def state(self):
        return {
            "reader": self.reader.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step,
            "done": self.done,
        }  # fmt: skip

    def load(self, state):
        self.reader.load_state_dict(state["reader"])
        if "optimizer" in state:
            self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.done = state["step"], state["done"]

    def learning_rate(self, done):
        warm = min(1.0, (self.step + 1) / self.settings.warmup)
        return self.settings.rate * warm * (0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * min(done, 1.0))))

    def run(
        self, shards, held_out, seconds=math.inf, steps=math.inf, until=math.inf, refresh=None, log=print, every=500
    ):
        """Trains until the budget (seconds or steps, earlier calls included) is used or the clock passes `until`.

        `refresh()` is called now and then and may append to `shards`.
        """
        began, before = time.monotonic(), self.done
        first_step = self.step
        self.reader.train()
        while self.done < 1 and time.monotonic() < until:
            if refresh and self.step % 100 == 0:
                refresh()
            for group in self.optimizer.param_groups:
                group["lr"] = self.learning_rate(self.done)
            shard = shards[int(torch.randint(len(shards), ()))]
            most = SHORT_TOKENS if self.done < self.settings.short_until else None
            batch = shard.near(self.settings.batch, most_tokens=most, most_positions=self.settings.positions)
            loss = losses(self.reader, shard, batch, self.settings, self.neighbours)
            self.optimizer.zero_grad(set_to_none=True)
            loss.total(self.settings).backward()
            nn.utils.clip_grad_norm_(self.reader.parameters(), 1.0)
            self.optimizer.step()
            self.step += 1
            spent = (time.monotonic() - began) / seconds if seconds < math.inf else (self.step - first_step) / steps
            self.done = before + spent
            if self.step % every == 0:
                log(f"gpt step {self.step}, {self.done:.0%}: {self.report(loss, held_out)}")
        return self.done >= 1

    @torch.no_grad()
    def report(self, loss, held_out):
        """The loss on unseen text, and its increase with another's text: this gap is the gain of reading."""
        self.reader.eval()
        batch = held_out.batch(held_out.order[:: max(1, len(held_out) // 64)])
        own = losses(self.reader, held_out, batch, self.settings)
        others = losses(self.reader, held_out, batch, self.settings, others_text=True)
        self.reader.train()
        return (
            f"codes {loss.codes.item():.3f}, held-out {own.codes.item():.3f}, with another's text {others.codes.item():.3f} "
            f"(gap {(others.codes - own.codes).item():.3f}), sounds {own.sounds.item():.3f}, guide {own.guide.item():.3f}, "
            f"mel {own.mel.item():.3f}"
        )
