"""Trains the GPT to read: next-code prediction, with three auxiliary losses that the export omits."""

import time
from dataclasses import dataclass, fields

import torch
from torch import nn
from torch.nn import functional as F

from features import FRAMES_PER_CODE
from flite import PHONES
from gpt import GPT, AttentionGuide

IGNORED = -100  # target of positions that the loss ignores
# For each level: the most text tokens of a text, and the gap in nats on held-out texts of that length at which the next
# level starts. The GPT learns to read from short texts first.
LEVELS = ((30, 1.0), (50, 2.0), (None, None))
LONGER = 0.15  # share of the batches that already use the next level


@dataclass
class GPTSettings:
    """The defaults were measured on two CPU cores; README.md lists the figures."""

    layers: int = 8
    width: int = 192
    heads: int = 4
    batch: int = 48
    positions: int = 16_000  # most tokens and codes per batch
    rate: float = 8e-4  # AdamW's peak learning rate
    warmup: int = 80  # steps
    steps: int = 40_000  # the whole training; the rate falls in the last fifth
    dropout: float = 0.0
    guide: float = 1.0  # weight of the attention guide
    sounds: float = 0.8  # weight of predicting the sound of each code
    mel: float = 0.5  # weight of predicting its spectrogram from the hidden state
    swaps: float = 0.08  # share of the input codes that a neighbour replaces, like in sampling
    averaging: float = 0.998  # decay of the weights' moving average, for reports and the export
    seed: int = 1

    @property
    def guided(self):
        """The layers whose first head is guided: low layers, so that the layers above can use the attended letters."""
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

    def values(self):
        return {field.name: getattr(self, field.name).item() for field in fields(self)}


def swapped(codes, neighbours, share):
    """The codes, with a share of them replaced by random neighbours; start and stop codes are kept."""
    real = codes < len(neighbours)
    drawn = torch.randint(neighbours.shape[1], codes.shape, device=codes.device)
    other = neighbours[codes.clamp(max=len(neighbours) - 1), drawn]
    return torch.where(real & (torch.rand(codes.shape, device=codes.device) < share), other, codes)


def autocast(device):
    """bfloat16 on a GPU. On CPUs it was slower than float32."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


def losses(reader, shard, batch, settings, neighbours=None, others_text=False):
    """``Losses`` of a batch. With `others_text` each utterance gets another's text; the increase measures reading."""
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
        prompts, voices = shard.prompts(batch.ids)
        latents = reader.gpt.conditioning(prompts)
        hidden, guided = reader.gpt(latents, text, read, text_counts, dropout, guide, settings.guided, voices)
        said, heard, drawn = reader.gpt.mel_head(hidden), reader.sound_head(hidden), reader.mel_head(hidden)
    only = lambda wanted: wanted.masked_fill(~counted, IGNORED).flatten()
    of = lambda scores, wanted: F.cross_entropy(scores.flatten(0, 1).float(), only(wanted), ignore_index=IGNORED)
    strokes = (drawn[:, :-1].float() - shard.mel_patches(batch.ids, batch.length)).abs().mean(-1)
    return Losses(
        of(said, batch.codes[:, 1:]), guided, of(heard, shard.phones[batch.ids, :length]),
        (strokes * spoken[:, :-1]).sum() / spoken.sum(),
    )  # fmt: skip


@dataclass
class Reading:
    """The losses on held-out utterances of one voice, in nats per code."""

    own: dict  # ``Losses`` as numbers
    gap: float  # additional cost of a code with another utterance's text: the gain by reading

    def __str__(self):
        return (
            f"gap {self.gap:.3f}, codes {self.own['codes']:.3f}, sounds {self.own['sounds']:.3f}, "
            f"guide {self.own['guide']:.3f}, mel {self.own['mel']:.3f}"
        )


class GPTTraining:
    """Training steps on a corpus. `state` returns the training's state, `load` restores it."""

    def __init__(self, settings, text_tokens, book, device):
        torch.manual_seed(settings.seed)
        self.settings, self.device = settings, device
        self.reader = Reader(text_tokens, len(book.centres) + 2, settings).to(device)
        self.averaged = Reader(text_tokens, len(book.centres) + 2, settings).to(device).eval().requires_grad_(False)
        self.averaged.load_state_dict(self.reader.state_dict())
        self.neighbours = book.neighbours()
        self.optimizer = torch.optim.AdamW(
            self.reader.parameters(),
            lr=settings.rate,
            betas=(0.9, 0.96),
            weight_decay=0.02,
            fused=True,
        )
        self.step = self.warm_from = 0
        self.level = 0  # index into LEVELS

    def state(self):
        return {
            "reader": self.reader.state_dict(), "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(), "step": self.step, "level": self.level,
        }  # fmt: skip

    def load(self, state):
        """Loads a state. If it has weights only, the rate warms up again, because the optimizer has no state."""
        self.reader.load_state_dict(state["reader"])
        self.averaged.load_state_dict(state.get("averaged") or state["reader"])
        self.step, self.level = state["step"], state.get("level", 0)
        if "optimizer" in state:
            self.optimizer.load_state_dict(state["optimizer"])
        else:
            self.warm_from = self.step

    def learning_rate(self):
        settings = self.settings
        warm = min(1.0, (self.step - self.warm_from + 1) / settings.warmup)
        left = (settings.steps - self.step) / (0.2 * settings.steps)
        return settings.rate * warm * min(1.0, max(0.02, left))

    def longest(self):
        """The most text tokens of a text in the next batch; None for no limit."""
        level = self.level
        if level + 1 < len(LEVELS) and torch.rand(()) < LONGER:
            level += 1
        return LEVELS[level][0]

    def learn(self, shard):
        """One step on a batch of the shard: (``Losses``, utterances)."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate()
        self.reader.train()
        batch = shard.near(self.settings.batch, most_tokens=self.longest(), most_positions=self.settings.positions)
        loss = losses(self.reader, shard, batch, self.settings, self.neighbours)
        self.optimizer.zero_grad(set_to_none=True)
        loss.total(self.settings).backward()
        nn.utils.clip_grad_norm_(self.reader.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        decay = min(self.settings.averaging, 1 - 1 / (1 + self.step - self.warm_from))
        torch._foreach_lerp_(list(self.averaged.parameters()), list(self.reader.parameters()), 1 - decay)
        return loss, len(batch.ids)

    @torch.no_grad()
    def reading(self, held_out, count=64, longest="level"):
        """The ``Reading`` of the averaged weights on held-out texts of the present level's length."""
        most = LEVELS[self.level][0] if longest == "level" else longest
        fits = held_out.order if most is None else held_out.order[held_out.fitting(most)]
        batch = held_out.batch(fits[:: max(1, len(fits) // count)])
        own = losses(self.averaged, held_out, batch, self.settings)
        others = losses(self.averaged, held_out, batch, self.settings, others_text=True)
        return Reading(own.values(), (others.codes - own.codes).item())

    def advance(self, gap):
        """Switches to longer texts once the gap is large enough; returns whether it did."""
        needed = LEVELS[self.level][1]
        if needed is None or gap < needed:
            return False
        self.level += 1
        return True


class Report:
    """Mean losses since the last report, and the speed."""

    def __init__(self):
        self._began, self._sums, self._steps, self._utterances = time.monotonic(), {}, 0, 0

    def add(self, losses, utterances):
        for name, value in losses.values().items():
            self._sums[name] = self._sums.get(name, 0.0) + value
        self._steps += 1
        self._utterances += utterances

    def __str__(self):
        seconds = time.monotonic() - self._began
        means = ", ".join(f"{name} {total / max(1, self._steps):.3f}" for name, total in self._sums.items())
        return f"{self._utterances / seconds:.1f} utterances per second; training {means}"
