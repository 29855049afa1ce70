"""Writes a trained model in the layout of the published checkpoint, for the engine and for upstream."""

import json
import os

import torch
from torch.nn import functional as F

from corpus import PROMPT_FRAMES, SPECIAL, TEXT_START, TEXT_STOP, VOCABULARY

LARGEST_MODEL = 24_000_000  # bytes of model.pth
TRAINING = "training.pt"  # the file next to the model with the remaining state of the training
CLIPS = 16  # number of clips that are averaged for a built-in voice
# The fewest sounds are wrong at this temperature: 34.8 %, 36.3 % at 0.05 and 40.8 % at 0.6, at step 5,322 of the GPT.
SAMPLING = {"temperature": 0.3, "top_k": 20, "top_p": 0.9, "repetition_penalty": 1.0}
HALF_FROM = 4096  # elements; smaller tensors stay float32, because their size is negligible


def configuration(settings, code_count):
    """config.json: sizes, `en` as the only language, and the sampling settings."""
    arguments = {
        "gpt_max_audio_tokens": 605, "gpt_max_text_tokens": 402, "gpt_max_prompt_tokens": 70,
        "gpt_layers": settings.layers, "gpt_n_model_channels": settings.width, "gpt_n_heads": settings.heads,
        "gpt_number_text_tokens": len(VOCABULARY), "gpt_start_text_token": TEXT_START, "gpt_stop_text_token": TEXT_STOP,
        "gpt_num_audio_tokens": code_count + 2, "gpt_start_audio_token": code_count,
        "gpt_stop_audio_token": code_count + 1, "gpt_code_stride_len": 1024, "gpt_use_perceiver_resampler": True,
        "input_sample_rate": 22050, "output_sample_rate": 24000, "output_hop_length": 256,
        "decoder_input_dim": settings.width, "d_vector_dim": 512, "cond_d_vector_in_each_upsampling_layer": True,
    }  # fmt: skip
    return {
        "model": "xtts", "audio": {"sample_rate": 22050, "output_sample_rate": 24000}, "model_args": arguments,
        "languages": ["en"], "length_penalty": 1.0, "gpt_cond_len": 12, "gpt_cond_chunk_len": 4, "max_ref_len": 12,
        "sound_norm_refs": False, **SAMPLING,
    }  # fmt: skip


def vocabulary():
    """vocab.json: one token per letter, no merges."""
    added = [
        {
            "id": VOCABULARY[token], "content": token, "special": True, "single_word": False, "lstrip": False,
            "rstrip": False, "normalized": False,
        }
        for token in SPECIAL
    ]  # fmt: skip
    model = {
        "type": "BPE", "dropout": None, "unk_token": "[UNK]", "continuing_subword_prefix": None,
        "end_of_word_suffix": None, "fuse_unk": False, "vocab": VOCABULARY, "merges": [],
    }  # fmt: skip
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"}, "post_processor": None, "decoder": None, "model": model,
    }  # fmt: skip


def stored(tensor):
    tensor = tensor.detach().cpu().contiguous()
    return tensor.half() if tensor.is_floating_point() and tensor.numel() > HALF_FROM else tensor


def rounded(module):
    """The module with the float16 values of the file, so that the voices are computed with the shipped weights."""
    state = {name: stored(tensor).to(tensor) for name, tensor in module.state_dict().items()}
    module.load_state_dict(state)
    return module.eval()


def state_dict(mel_scale, gpt, generator, speaker):
    state = {"mel_stats": mel_scale}
    parts = {"gpt.": gpt, "hifigan_decoder.waveform_decoder.": generator, "hifigan_decoder.speaker_encoder.": speaker}
    for prefix, module in parts.items():
        if module is None:
            continue
        state.update({prefix + name: tensor for name, tensor in module.state_dict().items()})
    return {name: stored(tensor) for name, tensor in state.items()}


@torch.no_grad()
def voices(gpt, speaker, shards, spoken, named):
    """speakers_xtts.pth: the conditioning of each (number, name), averaged over some clips like in upstream."""
    result = {}
    for number, name in named:
        shard = next((shard for shard in shards if bool((shard.voices == number).any())), None)
        if shard is None or number not in spoken.voices:
            continue
        own = torch.full((CLIPS,), number)
        prompts = shard.mel.clips(own.to(shard.device), PROMPT_FRAMES[0]).transpose(0, 1).float()
        latents, embedding = gpt.conditioning(prompts), speaker(spoken.clips(own))
        result[name] = {
            "gpt_cond_latent": latents.mean(0, keepdim=True).cpu(),
            "speaker_embedding": F.normalize(embedding.mean(0, keepdim=True), dim=1).cpu(),
        }
    return result


def write(folder, settings, code_count, mel_scale, gpt, generator, speaker, speakers, training):
    """Writes the four files of a model, and `training` as a fifth for continuing the training.

    Call `rounded` on the modules first. Generator and speaker may be None if the export only serves to start a
    training. Raises ValueError when model.pth is larger than the limit of the repository.
    """
    os.makedirs(folder, exist_ok=True)
    config = configuration(settings, code_count)
    path = os.path.join(folder, "model.pth")
    torch.save({"model": state_dict(mel_scale, gpt, generator, speaker), "config": config}, path)
    torch.save(speakers, os.path.join(folder, "speakers_xtts.pth"))
    torch.save(training, os.path.join(folder, TRAINING))
    for name, content in (("config.json", config), ("vocab.json", vocabulary())):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.write("\n")
    size = os.path.getsize(path)
    if size > LARGEST_MODEL:
        raise ValueError(f"{path} has {size} bytes, more than {LARGEST_MODEL}: use fewer layers, or narrower ones")
    return size
