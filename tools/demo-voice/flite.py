"""The synthesiser flite through its C library: speech, with the time and the word of each sound."""

import ctypes
import os
import zlib
from ctypes import POINTER, Structure, c_char_p, c_float, c_int, c_short, c_void_p
from typing import NamedTuple

import numpy as np

# The sounds of flite's English voices; silence first.
PHONES = (
    "pau aa ae ah ao aw ax ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw v w y z zh"
).split()
NUMBER_OF = {phone: number for number, phone in enumerate(PHONES)}


class Sound(NamedTuple):
    phone: int  # index into PHONES
    end: float  # seconds
    word: int  # number of the whitespace-separated word of the text, -1 for a silence


class _Wave(Structure):
    _fields_ = [
        ("type", c_char_p),
        ("sample_rate", c_int),
        ("num_samples", c_int),
        ("num_channels", c_int),
        ("samples", POINTER(c_short)),
    ]


def _library(name):
    """Loads a library of flite from the folder FLITE_LIBRARIES if that is set, otherwise from the system."""
    folder = os.environ.get("FLITE_LIBRARIES")
    return ctypes.CDLL(os.path.join(folder, name) if folder else name, mode=ctypes.RTLD_GLOBAL)


class Voice:
    """One of flite's voices (`slt`, `rms`, `awb`). A process loads each once; do not use it from several threads."""

    def __init__(self, name):
        self._libc = ctypes.CDLL(None)
        if os.environ.get("FLITE_LIBRARIES"):
            _library("libasound.so.2")  # flite is linked to it
        self._flite = _library("libflite.so.1")
        for part in ("libflite_usenglish.so.1", "libflite_cmulex.so.1"):
            _library(part)
        register = getattr(_library(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
        register.restype, register.argtypes = c_void_p, [c_char_p]
        self._flite.flite_init()
        self._voice = register(None)
        self._features = c_void_p.from_address(self._voice + ctypes.sizeof(c_void_p)).value  # cst_voice: name, features
        call = self._call
        self._synthesise = call("flite_synth_text", c_void_p, c_char_p, c_void_p)
        self._free = call("delete_utterance", None, c_void_p)
        self._wave = call("utt_wave", POINTER(_Wave), c_void_p)
        self._relation = call("utt_relation", c_void_p, c_void_p, c_char_p)
        self._head = call("relation_head", c_void_p, c_void_p)
        self._next = call("item_next", c_void_p, c_void_p)
        self._parent = call("item_parent", c_void_p, c_void_p)
        self._within = call("item_as", c_void_p, c_void_p, c_char_p)
        self._string = call("item_feat_string", c_char_p, c_void_p, c_char_p)
        self._number = call("item_feat_float", c_float, c_void_p, c_char_p)
        self._set = call("feat_set_float", None, c_void_p, c_char_p, c_float)

    def _call(self, name, result, *arguments):
        function = getattr(self._flite, name)
        function.restype, function.argtypes = result, list(arguments)
        return function

    def say(self, text, stretch=1.0):
        """(samples [S] int16, sample rate, [Sound]) of an ASCII text; a stretch above 1 is slower.

        Deterministic: flite draws its noise from C's generator, which restarts with each text.
        """
        self._libc.srand(zlib.crc32(text.encode("ascii")) & 0x7FFFFFFF)
        self._set(self._features, b"duration_stretch", stretch)
        utterance = self._synthesise(text.encode("ascii"), self._voice)
        try:
            wave = self._wave(utterance).contents
            samples = np.ctypeslib.as_array(wave.samples, (wave.num_samples,)).copy()
            return samples, wave.sample_rate, list(self._sounds(utterance))
        finally:
            self._free(utterance)

    def _items(self, utterance, relation):
        item = self._head(self._relation(utterance, relation))
        while item:
            yield item
            item = self._next(item)

    def _sounds(self, utterance):
        # A token is the text between two spaces. Items of several relations share their contents, not their addresses.
        # Therefore a number is written into each token to identify it.
        set_number = self._call("item_set_float", None, c_void_p, c_char_p, c_float)
        for index, token in enumerate(self._items(utterance, b"Token")):
            set_number(token, b"at", float(index))
        for segment in self._items(utterance, b"Segment"):
            syllable = self._within(segment, b"SylStructure")
            word = self._parent(self._parent(syllable)) if syllable else None
            token = self._parent(self._within(word, b"Token")) if word else None
            phone = NUMBER_OF[self._string(segment, b"name").decode()]
            yield Sound(phone, self._number(segment, b"end"), int(self._number(token, b"at")) if token else -1)
