"""Starts a training from an exported model; `training.pt` next to it holds the state that the model omits."""

import os

import torch

from export import TRAINING, stored

PARTS = {"generator": "hifigan_decoder.waveform_decoder.", "speaker": "hifigan_decoder.speaker_encoder."}
AIDS = ("sound_head.", "mel_head.")  # the heads of ``Reader`` that only training needs


def left_out(book, mel_scale, gpt, vocoder):
    """The content of `training.pt`, from the states of both stages; `vocoder` may be None."""
    return {
        "book": {"directions": book.directions, "centres": book.centres, "mel_scale": mel_scale},
        "aids": {name: stored(tensor) for name, tensor in gpt["averaged"].items() if name.startswith(AIDS)},
        "gpt": {"step": gpt["step"], "level": gpt["level"]},
        "vocoder": vocoder and {"step": vocoder["step"]},
    }


def begin(work, folder):
    """Writes the states from an exported model if the work folder has none; returns whether it did."""
    if work.read("book.pt") is not None:
        return False
    read = lambda name: torch.load(os.path.join(folder, name), map_location=work.device, weights_only=True)
    model, training = read("model.pth")["model"], read(TRAINING)
    widened = lambda tensor: tensor.float() if tensor.is_floating_point() else tensor
    within = lambda prefix: {name[len(prefix) :]: widened(t) for name, t in model.items() if name.startswith(prefix)}
    reader = {"gpt." + name: tensor for name, tensor in within("gpt.").items()}
    reader.update({name: widened(tensor) for name, tensor in training["aids"].items()})
    work.write("gpt.pt", {"reader": reader, **training["gpt"]})
    if training["vocoder"]:
        work.write("vocoder.pt", {**{name: within(prefix) for name, prefix in PARTS.items()}, **training["vocoder"]})
    work.write("book.pt", training["book"])
    return True
