"""Sound files, and measurements of sounds; needs numpy only."""

import wave

import numpy as np


def read_wave(path):
    """(samples [S] float32 in [-1, 1], sample rate) of a 16-bit mono file."""
    with wave.open(path, "rb") as file:
        if file.getsampwidth() != 2 or file.getnchannels() != 1:
            raise ValueError(f"{path} is not 16-bit mono")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768, file.getframerate()


def write_wave(path, samples, rate):
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def resampled(samples, rate, wanted):
    """The samples at another rate, without frequencies above half of the lower rate."""
    count = round(len(samples) * wanted / rate)
    if count == len(samples):
        return samples
    spectrum = np.fft.rfft(samples)
    kept = np.zeros(count // 2 + 1, spectrum.dtype)
    common = min(len(kept), len(spectrum))
    kept[:common] = spectrum[:common]
    return (np.fft.irfft(kept, count) * count / len(samples)).astype(np.float32)


def spectrogram(samples, size=1024, hop=256):
    """Magnitudes in dB [size // 2 + 1, frames]."""
    samples = np.pad(samples, size // 2)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop] * np.hanning(size)
    return 20 * np.log10(np.abs(np.fft.rfft(frames, axis=1)).T + 1e-4)


def pitch(samples, rate, lowest=60, highest=400):
    """The median fundamental of the voiced frames in Hz, by autocorrelation; None if no frame is voiced."""
    size, found = int(rate * 0.04), []
    for at in range(0, len(samples) - 2 * size, size // 2):
        frame = samples[at : at + 2 * size] - samples[at : at + 2 * size].mean()
        if np.abs(frame).max() < 0.05:
            continue
        spectrum = np.fft.rfft(frame, 4 * size)
        correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: 2 * size]
        first, last = int(rate / highest), int(rate / lowest)
        lag = first + int(correlation[first:last].argmax())
        if correlation[lag] > 0.5 * correlation[0]:
            found.append(rate / lag)
    return float(np.median(found)) if found else None


def timbre(samples, rate, bands=40):
    """The mean spectrum of the loud frames, in dB, in `bands` bands that widen with frequency; its mean is removed."""
    levels = spectrogram(resampled(samples, rate, 16_000), 512, 160)
    loud = levels[:, levels.max(0) > levels.max() - 30]
    edges = np.unique(np.geomspace(2, len(levels), bands + 1).astype(int))
    means = np.array([loud[a:b].mean() for a, b in zip(edges, edges[1:])])
    return means - means.mean()
