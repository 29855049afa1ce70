"""Fits the code book anew when there is more speech, and carries over what the GPT has learned of the old codes."""

import torch

CODED = ("gpt.mel_embedding.weight", "gpt.mel_head.weight", "gpt.mel_head.bias")  # a row for each code, start and stop


def shares(old, new, count):
    """[count, count]: how often each old code stands where each new one does, of the codes [N] of the same patches."""
    together = torch.zeros(count, count)
    together.index_put_((new, old), torch.ones(len(new)), accumulate=True)
    unseen = together.sum(1) == 0
    together[unseen] = together.sum(0)
    return together / together.sum(1, keepdim=True)


def recoded(state, shares):
    """The GPT's state for a new book: a new code begins as the mean of the old ones that it replaces.

    The optimizer is left out: it knows the old codes.
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
