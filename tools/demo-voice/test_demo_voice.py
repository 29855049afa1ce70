"""Tests of what decides in the recipe: python3 -m unittest, in this folder.

Needs numpy; what needs torch, or flite, is skipped without it.
"""

import os
import struct
import tempfile
import unittest
import zlib

import numpy as np

import picture
import sound
import teacher
import texts
from edits import edits, words
from flite import Sound, Voice

try:
    import torch
except ImportError:
    torch = None


class TextTests(unittest.TestCase):
    def test_sentences_are_cleaned_or_refused(self):
        self.assertEqual(texts.clean('He said: "Stay  here"'), "he said: stay here.")
        self.assertEqual(texts.clean("wait -- what?"), "wait, what?")
        for refused in ("see 3 of them", "plan b failed", "hm", "x" * 300, "naïve", "what ?! now", "brr"):
            self.assertIsNone(texts.clean(refused), refused)

    def test_words_are_what_a_recogniser_writes(self):
        heard = ["don't", "wait", "it's", "a", "well", "known", "trick"]
        self.assertEqual(words("Don't wait -- it's a well-known 'trick'!"), heard)

    def test_edits(self):
        self.assertEqual(edits("kitten", "sitting"), 3)
        self.assertEqual(edits([], [1, 2]), 2)
        self.assertEqual(edits([1, 2], []), 2)
        self.assertEqual(edits([1, 2, 3], [1, 2, 3]), 0)


class TeacherTests(unittest.TestCase):
    def test_sounds_are_spread_over_the_letters_of_their_word(self):
        said = [
            Sound(0, 0.1, -1),
            Sound(1, 0.2, 0),
            Sound(2, 0.3, 0),
            Sound(0, 0.4, -1),
            Sound(3, 0.5, 1),
            Sound(0, 0.6, -1),
        ]
        np.testing.assert_allclose(teacher.places("ab, cde.", said), [0, 0, 1, 3, 5, 7])

    def test_silence_around_is_cut(self):
        samples = np.arange(16_000, dtype=np.int16)
        kept, sounds = teacher.trimmed(samples, [Sound(0, 0.3, -1), Sound(5, 0.6, 0), Sound(0, 1.0, -1)])
        self.assertEqual(kept[0], int(0.26 * 16_000))
        self.assertEqual(len(kept), int(0.72 * 16_000) - int(0.26 * 16_000))
        self.assertAlmostEqual(sounds[1].end, 0.34)
        self.assertIsNone(teacher.trimmed(samples, [Sound(0, 1.0, -1)]))

    def test_a_shard_is_the_same_every_time_and_draws_all_lines(self):
        lines = [str(i) for i in range(10)]
        self.assertEqual(teacher.jobs(3, lines, 8), teacher.jobs(3, lines, 8))
        self.assertNotEqual(teacher.jobs(3, lines, 8), teacher.jobs(4, lines, 8))
        self.assertEqual({line for shard in range(5) for _, line in teacher.jobs(shard, lines, 2)}, set(range(10)))


class FliteTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.voice = Voice("rms")
        except OSError as error:
            raise unittest.SkipTest(f"flite is not here: {error}")

    def test_a_text_is_said_the_same_every_time(self):
        first, rate, sounds = self.voice.say("sure, it is.")
        self.voice.say("something else.")
        second, _, _ = self.voice.say("sure, it is.")
        np.testing.assert_array_equal(first, second)
        self.assertEqual(rate, teacher.FLITE_RATE)
        self.assertEqual([s.word for s in sounds if s.phone], sorted(s.word for s in sounds if s.phone))
        self.assertEqual({s.word for s in sounds}, {-1, 0, 1, 2})
        self.assertAlmostEqual(sounds[-1].end, len(first) / rate, delta=0.02)

    def test_a_stretch_takes_longer(self):
        self.assertGreater(len(self.voice.say("hello.", 1.3)[0]), 1.2 * len(self.voice.say("hello.")[0]))


class SoundTests(unittest.TestCase):
    def test_a_tone_keeps_its_pitch_through_another_rate(self):
        tone = np.sin(2 * np.pi * 150 * np.arange(24_000) / 24_000).astype(np.float32)
        self.assertAlmostEqual(sound.pitch(tone, 24_000), 150, delta=2)
        lower = sound.resampled(tone, 24_000, 16_000)
        self.assertEqual(len(lower), 16_000)
        self.assertAlmostEqual(sound.pitch(lower, 16_000), 150, delta=2)
        self.assertIsNone(sound.pitch(np.zeros(24_000, np.float32), 24_000))

    def test_a_file_gives_back_its_samples(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.wav")
            sound.write_wave(path, np.array([0, 0.5, -2.0]), 8_000)
            samples, rate = sound.read_wave(path)
        self.assertEqual(rate, 8_000)
        np.testing.assert_allclose(samples, [0, 0.5, -1], atol=1e-4)

    def test_a_picture_has_its_pixels(self):
        pixels = np.random.default_rng(1).integers(0, 255, (5, 7, 3)).astype(np.uint8)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.png")
            picture.write_png(path, pixels)
            with open(path, "rb") as file:
                data = file.read()
        self.assertEqual(struct.unpack(">II", data[16:24]), (7, 5))
        start = data.index(b"IDAT") + 4
        rows = zlib.decompress(data[start : start + struct.unpack(">I", data[start - 8 : start - 4])[0]])
        np.testing.assert_array_equal(np.frombuffer(rows, np.uint8).reshape(5, 22)[:, 1:].reshape(5, 7, 3), pixels)


@unittest.skipUnless(torch, "torch is not here")
class ModelTests(unittest.TestCase):
    def setUp(self):
        from gpt import GPT

        torch.manual_seed(0)
        self.gpt = GPT(39, 66, 3, 48, 4).eval()
        self.latents = torch.randn(2, 32, 48)
        self.text, self.codes = torch.randint(5, 39, (2, 9)), torch.randint(0, 64, (2, 7))

    def test_padding_changes_nothing(self):
        together, _ = self.gpt(self.latents, self.text, self.codes, torch.tensor([9, 6]))
        alone, _ = self.gpt(self.latents[1:], self.text[1:, :6], self.codes[1:])
        torch.testing.assert_close(together[1], alone[0], atol=2e-5, rtol=0)

    def test_no_code_sees_those_after_it(self):
        changed = self.codes.clone()
        changed[:, 5:] = 1
        torch.testing.assert_close(
            self.gpt(self.latents, self.text, self.codes)[0][:, :5],
            self.gpt(self.latents, self.text, changed)[0][:, :5],
        )

    def test_the_guide_pulls_attention_to_the_place(self):
        from gpt import AttentionGuide

        places = torch.full((2, 7), 4.0)
        guide = AttentionGuide(places, torch.ones(2, 7, dtype=torch.bool), 9, reach=1)
        optimizer = torch.optim.Adam(self.gpt.parameters(), 3e-3)
        losses = []
        for _ in range(60):
            loss = self.gpt(self.latents, self.text, self.codes, None, 0.0, guide, (1,))[1]
            losses.append(loss.item())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        self.assertLess(losses[-1], 0.3 * losses[0])

    def test_codes_tell_classes_apart_that_the_loudest_directions_hide(self):
        from features import CodeBook

        sounds = torch.randint(0, 4, (4000,))
        features = torch.randn(4000, 20)
        features[:, 0] *= 30  # says nothing
        features[:, 3] += 6 * sounds
        book = CodeBook.fit(features, sounds, 16, dimensions=3)
        from progress import unsaid

        self.assertLess(unsaid(book.codes(features), sounds), 0.25)  # 1.39 nats without the codes

    def test_start_and_stop_codes_are_not_swapped(self):
        from gpt_training import swapped

        codes = torch.tensor([[8, 0, 1, 2, 9, 9]])
        neighbours = torch.full((8, 2), 7)
        self.assertEqual(swapped(codes, neighbours, 1.0).tolist(), [[8, 7, 7, 7, 9, 9]])
        self.assertEqual(swapped(codes, neighbours, 0.0).tolist(), codes.tolist())

    def test_parts_go_back_together(self):
        from progress import Parts, Work

        with tempfile.TemporaryDirectory() as folder:
            first, second = (Work(os.path.join(folder, name), torch.device("cpu")) for name in "ab")
            book = {"directions": torch.randn(320, 4), "centres": torch.randn(8, 4), "mel_scale": torch.ones(80)}
            first.write("book.pt", book)
            first.write("gpt.pt", {"reader": {"w": torch.randn(300, 300)}, "optimizer": {}, "step": 5, "done": 0.5})
            os.mkdir(first.path("model"))
            with open(first.path("model/vocab.json"), "w") as file:
                file.write("{}")
            parts = Parts(os.path.join(folder, "kept"))
            parts.SIZE = 50_000
            parts.keep(first)
            self.assertGreater(len(os.listdir(parts.folder)), 3)
            parts.restore(second)
            self.assertEqual(second.share_done("gpt"), 0.5)
            torch.testing.assert_close(second.read("book.pt")["centres"], book["centres"])
            self.assertNotIn("optimizer", second.read("gpt.pt"))
            with open(second.path("model/vocab.json")) as file:
                self.assertEqual(file.read(), "{}")


if __name__ == "__main__":
    unittest.main()
