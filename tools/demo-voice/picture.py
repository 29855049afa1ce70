"""A PNG of spectrograms side by side, without a drawing library."""

import struct
import zlib

import numpy as np

from sound import spectrogram

# Dark to bright, evenly spaced.
COLOURS = np.array([(0, 0, 8), (60, 15, 110), (180, 55, 120), (252, 140, 90), (252, 250, 200)], float)
HEIGHT, GAP = 160, 6  # pixels


def coloured(levels):
    """Converts levels [rows, columns] in 0…1 to colours [rows, columns, 3] in bytes."""
    at = np.clip(levels, 0, 1) * (len(COLOURS) - 1)
    low = np.minimum(at.astype(int), len(COLOURS) - 2)
    part = (at - low)[..., None]
    return (COLOURS[low] * (1 - part) + COLOURS[low + 1] * part).astype(np.uint8)


def panel(samples, rate, width):
    """A spectrogram up to 8 kHz, low frequencies at the bottom; each of its `width` pixels is a hop of 256 samples."""
    levels = spectrogram(samples)
    levels = levels[: int(8_000 / rate * 1024)]
    rows = np.linspace(len(levels) - 1, 0, HEIGHT).astype(int)
    picture = np.full((HEIGHT, width), -np.inf)
    picture[:, : min(width, levels.shape[1])] = levels[rows][:, :width]
    return coloured((picture - levels.max() + 85) / 85)


def side_by_side(pairs, path):
    """Writes a picture with one row for each of `pairs`: [((samples, rate), (samples, rate))], all at one rate."""
    width = max(1 + len(sound) // 256 for pair in pairs for sound, _ in pair)
    rows = []
    for left, right in pairs:
        gap = np.full((HEIGHT, GAP, 3), 255, np.uint8)
        rows.append(np.concatenate((panel(*left, width), gap, panel(*right, width)), 1))
        rows.append(np.full((GAP, 2 * width + GAP, 3), 255, np.uint8))
    write_png(path, np.concatenate(rows[:-1]))


def write_png(path, pixels):
    """Writes pixels [rows, columns, 3] of bytes."""
    height, width, _ = pixels.shape

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + row.tobytes() for row in pixels)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))
