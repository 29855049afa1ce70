"""Runs upstream stage by stage and returns what each gives."""
import torch

import common


def conditioning(model, config, reference_audio):
    """(gpt_cond_latent [1, 32, D], speaker_embedding [1, 512, 1]) of audio files."""
    return model.get_conditioning_latents(
        audio_path=list(reference_audio), max_ref_length=config.max_ref_len, gpt_cond_len=config.gpt_cond_len,
        gpt_cond_chunk_len=config.gpt_cond_chunk_len, sound_norm_refs=config.sound_norm_refs)


def first_mel(model, config, reference_audio):
    """[80, frames]: the normalised mel spectrogram of the first chunk."""
    audio = torch.cat([common.load_audio(path, 22050) for path in reference_audio], dim=-1)
    return common.xtts_module.wav_to_mel_cloning(
        audio[:, : 22050 * config.gpt_cond_chunk_len], mel_norms=model.mel_stats, n_fft=2048, hop_length=256,
        win_length=1024, power=2, normalized=False, sample_rate=22050, f_min=0, f_max=8000, n_mels=80)[0]


@torch.inference_mode()
def synthesis(model, text, language, latent, speaker, codes=60, repetition_penalty=5.0):
    """All stages from the text to the waveform, greedily, exactly `codes` codes: the stop code is switched off."""
    model.gpt.mel_head.bias.data[model.gpt.stop_audio_token] = -1e9
    tokens = torch.IntTensor(model.tokenizer.encode(text.strip().lower(), lang=language.split("-")[0])).unsqueeze(0)
    chosen = model.gpt.generate(
        cond_latents=latent, text_inputs=tokens, do_sample=False, num_beams=1, num_return_sequences=1,
        repetition_penalty=repetition_penalty, max_new_tokens=codes)
    first = model.gpt.gpt_inference(model.gpt.compute_embeddings(latent, tokens)).logits[0, -1]
    latents = model.gpt(
        tokens, torch.tensor([tokens.shape[-1]]), chosen, torch.tensor([chosen.shape[-1] * model.gpt.code_stride_len]),
        cond_latents=latent, return_attentions=False, return_latent=True)
    wav = model.hifigan_decoder(latents, g=speaker).squeeze()
    return {
        "text_tokens": tokens[0].long(), "gpt_cond_latent": latent, "speaker_embedding": speaker, "codes": chosen[0],
        "first_logits": first, "latents": latents, "wav": wav,
    }
