"""An independent recogniser, pocketsphinx with its own English model."""

from pocketsphinx import Decoder

from edits import words
from sound import resampled


def transcript(samples, rate):
    """The recogniser's words for the sound."""
    # A recogniser adapts to earlier sounds, so each transcription uses a new one to give the same words every time.
    recogniser = Decoder(samprate=16_000, loglevel="FATAL", cmn="batch")
    sound = (resampled(samples, rate, 16_000).clip(-1, 1) * 32767).astype("<i2")
    recogniser.start_utt()
    recogniser.process_raw(sound.tobytes(), full_utt=True)
    recogniser.end_utt()
    best = recogniser.hyp()
    return words(best.hypstr if best else "")
