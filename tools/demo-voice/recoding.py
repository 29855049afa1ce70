"""Converts a GPT's state to a refitted code book, so that the GPT keeps its training on the old codes."""

import torch

CODED = ("gpt.mel_embedding.weight", "gpt.mel_head.weight", "gpt.mel_head.bias")  # one row per code, start and stop


def shares(old, new, count):
    """[new, old], count × count: the share of each old code in each new one, from the codes [N] of the same patches."""
    together = torch.zeros(count, count)
    together.index_put_((new, old), torch.ones(len(new)), accumulate=True)
    unseen = together.sum(1) == 0
    together[unseen] = together.sum(0)
    return together / together.sum(1, keepdim=True)


def recoded(state, shares):
    """The GPT's state for a new book: a new code starts as the weighted mean of the old codes that it replaces.

    The result has no optimizer state, because that belongs to the old codes.
    """
    result = {name: state[name] for name in ("step", "level") if name in state}
    for name in ("reader", "averaged"):
        if name in state:
            weights = dict(state[name])
            for key in CODED:
                codes, rest = weights[key][: len(shares)].float(), weights[key][len(shares) :].float()
                weights[key] = torch.cat((shares @ codes, rest))
            result[name] = weights
    return result
