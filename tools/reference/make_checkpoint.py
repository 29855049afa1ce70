"""Writes a checkpoint directory in the published layout with generated weights (see generator.py), at any size.

  make_checkpoint.py OUT --vocab vocab.json [--seed 0] [--set gpt_layers=2 ...] [--vocoder-channels 512]
      [--upsample-kernels 16 16 4 4] [--speaker-channels 32 64 128 256] [--float16] [--published-pickle]
      [--typical-codes N] [--digest]

With no --set it has the published sizes. --digest prints the SHA-256 of all tensors' bytes in their order and writes
nothing. The names and shapes come from upstream's own modules.
"""
import argparse
import hashlib
import os
import shutil

import common
import numpy as np
import torch

import generator

PUBLISHED = {
    "gpt_max_audio_tokens": 605, "gpt_max_text_tokens": 402, "gpt_max_prompt_tokens": 70, "gpt_layers": 30,
    "gpt_n_model_channels": 1024, "gpt_n_heads": 16, "gpt_number_text_tokens": 6681,
    "gpt_num_audio_tokens": 1026, "gpt_code_stride_len": 1024,
    "gpt_use_masking_gt_prompt_approach": True, "gpt_use_perceiver_resampler": True, "input_sample_rate": 22050,
    "output_sample_rate": 24000, "output_hop_length": 256, "d_vector_dim": 512,
    "cond_d_vector_in_each_upsampling_layer": True,
}
WIDTHS = {
    "vocoder_channels": 512, "upsample_kernels": [16, 16, 4, 4], "residual_kernels": [3, 7, 11],
    "speaker_channels": [32, 64, 128, 256], "speaker_blocks": [3, 4, 6, 3],
}


def configuration(changes=()):
    """An XttsConfig with the published sizes and defaults, `changes` (name, int) applied to its model arguments."""
    config = common.XttsConfig()
    for name, value in [*PUBLISHED.items(), *changes]:
        setattr(config.model_args, name, value)
    args = config.model_args
    args.decoder_input_dim = args.gpt_n_model_channels
    args.gpt_start_audio_token = args.gpt_num_audio_tokens - 2
    args.gpt_stop_audio_token = args.gpt_num_audio_tokens - 1
    defaults = {
        "temperature": 0.75, "length_penalty": 1.0, "repetition_penalty": 5.0, "top_k": 50, "top_p": 0.85,
        "gpt_cond_len": 30, "gpt_cond_chunk_len": 4, "max_ref_len": 30,
    }
    for name, value in defaults.items():
        setattr(config, name, value)
    return config


def layout(config, vocab, widths):
    """[(name, shape)] of upstream's state dict, no weights made beyond upstream's own."""
    common.use_widths({**WIDTHS, **widths})
    model = common.Xtts(config)
    model.tokenizer = common.xtts_module.VoiceBpeTokenizer(vocab_file=vocab)
    model.init_models()
    return [(name, tuple(tensor.shape)) for name, tensor in model.state_dict().items()]


def tensors(config, vocab, widths, seed, float16=False, typical_codes=None):
    """Yields (name, numpy array) in the file's order."""
    stop = typical_codes and (config.model_args.gpt_stop_audio_token, typical_codes)
    for name, shape in layout(config, vocab, widths):
        values = generator.fill(seed, name, shape, stop)
        yield name, values.astype(np.float16) if float16 and values.dtype == np.float32 else values


def digest(*args, **kwargs):
    sha256 = hashlib.sha256()
    for _, values in tensors(*args, **kwargs):
        sha256.update(np.ascontiguousarray(values).tobytes())
    return sha256.hexdigest()


def write(out, config, vocab, widths, seed, float16=False, published_pickle=False, typical_codes=None):
    os.makedirs(out, exist_ok=True)
    made = tensors(config, vocab, widths, seed, float16, typical_codes)
    state = {name: torch.from_numpy(values) for name, values in made}
    args = config.model_args
    args.gpt_number_text_tokens = state["gpt.text_embedding.weight"].shape[0]
    args.gpt_start_text_token = args.gpt_stop_text_token = None
    torch.save({"model": state, "config": config if published_pickle else config.to_dict()}, f"{out}/model.pth")
    config.save_json(f"{out}/config.json")
    shutil.copy(vocab, f"{out}/vocab.json")
    latents = state["gpt.conditioning_perceiver.latents"].shape[0]
    voices = {
        name: {key: torch.from_numpy(value) for key, value in
               generator.voice(seed, name, latents, args.gpt_n_model_channels, args.d_vector_dim).items()}
        for name in generator.VOICES
    }
    torch.save(voices, f"{out}/speakers_xtts.pth")
    return state


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out")
    p.add_argument("--vocab", required=True)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--set", nargs="*", default=[], metavar="model_arg=int")
    p.add_argument("--vocoder-channels", type=int, default=512)
    p.add_argument("--upsample-kernels", type=int, nargs=4, default=[16, 16, 4, 4])
    p.add_argument("--speaker-channels", type=int, nargs=4, default=[32, 64, 128, 256])
    p.add_argument("--float16", action="store_true")
    p.add_argument("--published-pickle", action="store_true", help="pickle the XttsConfig object itself")
    p.add_argument("--typical-codes", type=int, help="about how many codes an utterance gets before its stop")
    p.add_argument("--digest", action="store_true")
    a = p.parse_args()
    config = configuration([(k, int(v)) for k, v in (pair.split("=") for pair in a.set)])
    widths = {k: getattr(a, k) for k in ("vocoder_channels", "upsample_kernels", "speaker_channels")}
    if a.digest:
        print(digest(config, a.vocab, widths, a.seed, a.float16, a.typical_codes))
    else:
        state = write(a.out, config, a.vocab, widths, a.seed, a.float16, a.published_pickle, a.typical_codes)
        print(f"{len(state)} tensors, {sum(t.numel() for t in state.values()) / 1e6:.1f} M values in {a.out}")
