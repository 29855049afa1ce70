"""Samples codes from the GPT and counts wrong sounds, which needs no vocoder and no recogniser."""

import torch

from edits import edits
from gpt_training import autocast


@torch.no_grad()
def read_aloud(reader, latents, voices, text, text_counts, stop, temperature=0.0, top_k=20, most=400):
    """Reads texts [B, T] as a batch: ([[code]], [[sound predicted at each step]], [whether the stop code came]).

    Text b uses latents[voices[b]]. The start code is `stop` - 1. A temperature of 0 takes the most probable code
    at each step.
    """
    codes = torch.full((len(text), 1), stop - 1, device=text.device)
    sounds = []
    ended = torch.zeros(len(text), dtype=torch.bool, device=text.device)
    while codes.shape[1] <= most and not ended.all():
        with autocast(text.device):
            hidden = reader.gpt(latents, text, codes, text_counts, voices=voices)[0][:, -1]
            scores, heard = reader.gpt.mel_head(hidden).float(), reader.sound_head(hidden)
        if temperature > 0:
            best, which = (scores / temperature).topk(top_k)
            drawn = which.gather(1, torch.multinomial(best.softmax(-1), 1))[:, 0]
        else:
            drawn = scores.argmax(-1)
        ended |= drawn == stop
        codes = torch.cat((codes, torch.where(ended, stop, drawn)[:, None]), 1)
        sounds.append(heard.argmax(-1))
    lengths = (codes[:, 1:] != stop).sum(1).tolist()
    sounds = torch.stack(sounds, 1).tolist()
    codes = [row[1 : 1 + n] for row, n in zip(codes.tolist(), lengths)]
    return codes, [row[:n] for row, n in zip(sounds, lengths)], ended.tolist()


def collapsed(sounds):
    """The sequence of sounds without repeats and silences."""
    return [s for i, s in enumerate(sounds) if s > 0 and (i == 0 or sounds[i - 1] != s)]


@torch.no_grad()
def sound_errors(reader, shard, book, utterances=64, temperature=0.0):
    """(share of wrong sounds, share that end with 0.6 to 1.6 × the teacher's length) over a shard's utterances."""
    batch = shard.batch(shard.order[:: max(1, len(shard) // utterances)])
    counts = batch.counts.tolist()
    prompts, voices = shard.prompts(batch.ids)
    with autocast(shard.device):
        latents = reader.gpt.conditioning(prompts)
    read, sounds, ended = read_aloud(
        reader, latents, voices, batch.text, batch.text_counts, len(book.centres) + 1, temperature,
        most=int(1.7 * batch.length) + 10,
    )  # fmt: skip
    wanted = [collapsed(shard.phones[i, :count].tolist()) for i, count in zip(batch.ids.tolist(), counts)]
    wrong = sum(edits(collapsed(said), want) for said, want in zip(sounds, wanted))
    proper = sum(e and 0.6 <= len(codes) / count <= 1.6 for e, codes, count in zip(ended, read, counts))
    return wrong / max(1, sum(map(len, wanted))), proper / len(counts)
