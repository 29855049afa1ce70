"""Loads a checkpoint directory of any size into upstream XTTS.

Three things differ from calling upstream directly, none of them in the numbers: audio is read with soundfile; the
widths that upstream fixes in code (vocoder, speaker encoder) are taken from the tensors; and a checkpoint pickled with
Python objects is only read, where upstream would overwrite the file.
"""
import functools
import logging
import re
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import soundfile
import torch
import torchaudio
import TTS.tts.layers.xtts.hifigan_decoder as decoder_module
import TTS.tts.models.xtts as xtts_module
from TTS.encoder.models.resnet import ResNetSpeakerEncoder
from TTS.config.shared_configs import BaseDatasetConfig
from TTS.tts.configs.xtts_config import XttsArgs, XttsAudioConfig, XttsConfig
from TTS.tts.models.xtts import Xtts

VOCODER = "hifigan_decoder.waveform_decoder."
SPEAKER_ENCODER = "hifigan_decoder.speaker_encoder."


def load_audio(path, sampling_rate):
    """Mono mean, resampled, clipped to [-1, 1], as [1, samples]."""
    audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
    audio = torch.from_numpy(audio.T.copy()).mean(dim=0, keepdim=True)
    if rate != sampling_rate:
        audio = torchaudio.functional.resample(audio, rate, sampling_rate)
    return audio.clip(-1, 1)


xtts_module.load_audio = load_audio


def read_state(path):
    """The state dict of a model.pth, its configuration as dictionaries or as objects."""
    with torch.serialization.safe_globals([XttsConfig, XttsArgs, XttsAudioConfig, BaseDatasetConfig]):
        return torch.load(path, map_location="cpu", weights_only=True, mmap=True)["model"]


def read_speakers(model_dir):
    return torch.load(f"{model_dir}/speakers_xtts.pth", map_location="cpu", weights_only=True)


def widths_of(state):
    """The sizes that are missing from config.json, from the shapes of the tensors."""
    prefix = "xtts." if any(name.startswith("xtts.") for name in state) else ""
    shape = lambda name: state[prefix + name].shape
    count = lambda pattern: 1 + max(int(m.group(1)) for n in state if (m := re.match(re.escape(prefix) + pattern, n)))
    stages = count(re.escape(VOCODER) + r"ups\.(\d+)\.bias")
    kernel = lambda name: next(
        state[prefix + name + end].shape[2]
        for end in (".parametrizations.weight.original1", ".weight_v", ".weight")
        if prefix + name + end in state
    )
    residuals = count(re.escape(VOCODER) + r"resblocks\.(\d+)\.") // stages
    return {
        "vocoder_channels": shape(VOCODER + "conv_pre.weight")[0],
        "upsample_kernels": [kernel(f"{VOCODER}ups.{i}") for i in range(stages)],
        "residual_kernels": [kernel(f"{VOCODER}resblocks.{i}.convs1.0") for i in range(residuals)],
        "speaker_channels": [shape(f"{SPEAKER_ENCODER}layer{i}.0.conv1.weight")[0] for i in (1, 2, 3, 4)],
        "speaker_blocks": [count(re.escape(SPEAKER_ENCODER) + rf"layer{i}\.(\d+)\.") for i in (1, 2, 3, 4)],
    }


def use_widths(widths):
    """Makes upstream build its vocoder and speaker encoder with these widths from now on."""
    xtts_module.HifiDecoder = functools.partial(
        decoder_module.HifiDecoder,
        upsample_initial_channel_decoder=widths["vocoder_channels"],
        upsample_kernel_sizes_decoder=widths["upsample_kernels"],
        upsample_rates_decoder=[kernel // 2 for kernel in widths["upsample_kernels"]],
        resblock_kernel_sizes_decoder=widths["residual_kernels"],
    )
    decoder_module.ResNetSpeakerEncoder = functools.partial(
        ResNetSpeakerEncoder, num_filters=widths["speaker_channels"], layers=widths["speaker_blocks"]
    )


def load(model_dir, threads=2):
    """(model, configuration) ready for inference."""
    torch.set_num_threads(threads)
    config = XttsConfig()
    config.load_json(f"{model_dir}/config.json")
    state = read_state(f"{model_dir}/model.pth")
    use_widths(widths_of(state))
    model = Xtts.init_from_config(config)
    model._load_checkpoint = lambda path: state
    model.load_checkpoint(config, checkpoint_dir=model_dir, eval=True)
    return model, config
