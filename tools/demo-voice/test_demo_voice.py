"""Tests of the demo voice's recipe. Run python3 -m unittest in this folder.

They need numpy; tests that need torch, onnx or flite are skipped without it.
"""

import json
import os
import struct
import subprocess
import tempfile
import time
import unittest
import zlib

import numpy as np

import kokoro
import picture
import sound
import teacher
import texts
from edits import edits, words
from flite import PHONES, Sound, Voice
from lexicon import Lexicon, Word

try:
    import torch
except ImportError:
    torch = None

try:
    import onnx
    import onnxruntime
except ImportError:
    onnx = None

HERE = os.path.dirname(os.path.abspath(__file__))


class TextTests(unittest.TestCase):
    def test_sentences_are_cleaned_or_refused(self):
        self.assertEqual(texts.clean('He said: "Stay  here"'), "he said: stay here.")
        self.assertEqual(texts.clean("wait -- what?"), "wait, what?")
        for refused in ("see 3 of them", "plan b failed", "hm", "x" * 300, "naïve", "what ?! now", "brr"):
            self.assertIsNone(texts.clean(refused), refused)

    def test_the_held_out_sentences_follow_from_their_hashes(self):
        sentences = [f"this is sentence number {'i' * n}." for n in range(1, 300)]
        sentences += ["too short.", "the unknown xyzzy word."]
        known = lambda line: "xyzzy" not in line
        held_out = texts.held_out_of(sentences, known)
        self.assertEqual(len(held_out), texts.HELD_OUT)
        self.assertEqual(held_out, texts.held_out_of(reversed(sentences), known))
        self.assertNotIn("too short.", held_out)
        self.assertNotIn("the unknown xyzzy word.", held_out)
        # The order of two sentences does not depend on the others: more sentences can only displace the last ones.
        self.assertEqual(held_out[:50], [line for line in texts.held_out_of(held_out, known)][:50])

    def test_words_are_what_a_recogniser_writes(self):
        heard = ["don't", "wait", "it's", "a", "well", "known", "trick"]
        self.assertEqual(words("Don't wait -- it's a well-known 'trick'!"), heard)

    def test_edits(self):
        self.assertEqual(edits("kitten", "sitting"), 3)
        self.assertEqual(edits([], [1, 2]), 2)
        self.assertEqual(edits([1, 2], []), 2)
        self.assertEqual(edits([1, 2, 3], [1, 2, 3]), 0)


class LexiconTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        entries = {
            "apple": "ˈæpᵊl", "box": "bˈɑks", "want": "wˈɑnt", "run": "ɹˈʌn", "live": {"DEFAULT": "lˈɪv", "ADJ": "lˈIv"},
            "Paris": "pˈɛɹəs", "fly": "flˈI",
        }  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("us_gold.json", entries), ("us_silver.json", {"quick": "kwˈɪk"})):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    json.dump(content, file)
            cls.lexicon = Lexicon(folder)

    def test_regular_endings_are_derived(self):
        said = {
            "boxes": "bˈɑksᵻz", "wanted": "wˈɑntᵻd", "running": "ɹˈʌnɪŋ", "lived": "lˈɪvd", "flies": "flˈIz",
            "quickly": "kwˈɪkli", "apple's": "ˈæpᵊlz", "paris": "pˈɛɹəs", "unheard": None,
        }  # fmt: skip
        self.assertEqual({word: self.lexicon.pronounce(word) for word in said}, said)

    def test_a_text_has_a_word_for_each_token(self):
        self.assertEqual(
            self.lexicon.words("the apple, a box!"),
            [Word(0, "ði", ""), Word(1, "ˈæpᵊl", ","), Word(2, "ɐ", ""), Word(3, "bˈɑks", "!")],
        )
        self.assertIsNone(self.lexicon.words("the unheard box."))

    def test_every_phoneme_of_an_entry_has_a_sound(self):
        spoken = kokoro.phonemes_of(self.lexicon.words("live box, apple"))
        sounds = kokoro.sounds_of(spoken, [0.1] * len(spoken))
        self.assertEqual([PHONES[s.phone] for s in sounds], "l ih v b aa k s pau pau ae p ax l".split())
        self.assertEqual([s.word for s in sounds], [0, 0, 0, 1, 1, 1, 1, -1, -1, 2, 2, 2, 2])
        lengths = np.diff([0] + [s.end + kokoro.EARLIER for s in sounds])
        # The time of i includes its stress mark; v and b share the time of the space between them.
        np.testing.assert_allclose(lengths[:5], [0.1, 0.2, 0.15, 0.15, 0.2])

    def test_a_long_sound_before_a_mark_is_mostly_a_pause(self):
        sounds = kokoro.sounds_of([("s", 0), (".", -1), (None, -1)], [0.5, 0.2, 0.1])
        self.assertEqual([PHONES[s.phone] for s in sounds], ["s", "pau", "pau", "pau"])
        self.assertAlmostEqual(sounds[0].end, kokoro.BEFORE_PAUSE - kokoro.EARLIER)
        self.assertAlmostEqual(sounds[-1].end, 0.8 - kokoro.EARLIER)


@unittest.skipUnless(onnx, "onnx and onnxruntime are not installed")
class KokoroTests(unittest.TestCase):
    def quantised_product(self):
        """A model of one integer product, in the form that exporters write, and the durations' tensor after it."""
        from onnx import TensorProto, helper, numpy_helper

        random = np.random.default_rng(1)
        constants = {"w": random.integers(0, 255, (6, 4)).astype(np.uint8), "wz": np.uint8(120), "ws": np.float32(0.03)}
        nodes = [
            helper.make_node("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]),
            helper.make_node("MatMulInteger", ["xq", "w", "xz", "wz"], ["p"], name="product"),
            helper.make_node("Cast", ["p"], ["f"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["xs", "ws"], ["s"]),
            helper.make_node("Mul", ["f", "s"], ["y"]),
            helper.make_node("Abs", ["y"], [kokoro.DURATIONS]),
        ]
        value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        graph = helper.make_graph(
            nodes, "g", [value("x", [3, 6])], [value("y", [3, 4])],
            [numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()],
        )  # fmt: skip
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)

    def test_products_are_the_same_in_float32(self):
        x = {"x": np.random.default_rng(2).standard_normal((3, 6)).astype(np.float32)}
        model = self.quantised_product()
        run = lambda names: onnxruntime.InferenceSession(model.SerializeToString()).run(names, x)
        (before,) = run(["y"])
        self.assertEqual(kokoro.float_model(model), 1)
        after, durations = run(["y", kokoro.DURATIONS])
        np.testing.assert_allclose(after, before, atol=0.1)
        np.testing.assert_array_equal(durations, np.abs(after))
        self.assertEqual([node.op_type for node in model.graph.node], ["MatMul", "Abs"])


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

    def test_loudness_decides_where_a_voice_with_inexact_durations_ends(self):
        samples = np.zeros(24_000, np.int16)
        samples[6_000:18_000] = 3_000
        kept, sounds = teacher.trimmed(samples, [Sound(0, 0.3, -1), Sound(5, 0.6, 0), Sound(0, 1.0, -1)], 24_000, True)
        self.assertEqual(len(kept), int((18_000 / 24_000 + teacher.TAIL) * 24_000) - int(0.21 * 24_000) - 1)
        self.assertAlmostEqual(sounds[1].end, 0.39)

    def test_a_shard_is_the_same_every_time_and_shards_share_no_line(self):
        lines = ["short."] * 100 + ["a line of more letters than a short one may have."] * 100
        voices = [teacher.NUMBER_OF_VOICE[name] for name in ("Ada", "Ralph")]
        jobs = lambda shard: teacher.jobs(shard, lines, 10, voices, 245)
        self.assertEqual(jobs(3), jobs(3))
        self.assertEqual({voice for voice, _ in jobs(1)}, set(voices))
        taken = [line for shard in range(5) for _, line in jobs(shard)]
        self.assertEqual(len(taken), len(set(taken)))
        self.assertEqual({lines[line] for _, line in teacher.jobs(0, lines, 40, voices, 245)}, {"short."})
        self.assertEqual(teacher.jobs(0, lines, 10, voices, 245, lambda text: False), [])

    def test_utterances_come_back_from_a_file(self):
        said = teacher.utterance(teacher.VOICES[0], "ab", (np.full(24_000, 900, np.int16), [Sound(5, 1.0, 0)]), 24_000)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "kokoro-0000.npz")
            teacher.write_utterances([(0, 7), (1, 8), (0, 9)], path, [said, None, said])
            self.assertEqual([(voice, line) for voice, line, _ in teacher.utterances(path)], [(0, 7), (0, 9)])
            np.testing.assert_array_equal(list(teacher.utterances(path))[1][2], said["samples"])


class BackgroundTests(unittest.TestCase):
    def test_it_is_frozen_and_ends_by_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = lambda name: os.path.join(folder, name)
            write = lambda name: open(path(name), "w", encoding="utf-8").close()
            count = "n=0; while true; do n=$((n+1)); echo $n >count; sleep 0.05; done"
            subprocess.run(
                [os.path.join(HERE, "background"), folder, "test", "bash", "-c", f"cd {folder}; {count}"], check=True
            )
            seen = lambda: content(path("count"))
            self.assertTrue(eventually(seen))
            write("PAUSE")
            self.assertTrue(eventually(lambda: "is paused" in content(path("test.log"))))
            frozen = seen()
            time.sleep(0.5)
            self.assertEqual(seen(), frozen)
            os.remove(path("PAUSE"))
            self.assertTrue(eventually(lambda: seen() != frozen))
            write("STOP")
            self.assertTrue(eventually(lambda: not os.path.exists(path("test.pid"))))


def content(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def eventually(true, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return False


class FliteTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.voice = Voice("rms")
        except OSError as error:
            raise unittest.SkipTest(f"flite is not installed: {error}")

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


@unittest.skipUnless(torch, "torch is not installed")
class ModelTests(unittest.TestCase):
    def setUp(self):
        from gpt import GPT

        torch.manual_seed(0)
        self.gpt = GPT(39, 66, 3, 48, 4).eval()
        self.latents = torch.randn(2, 32, 48)
        self.text, self.codes = torch.randint(5, 39, (2, 9)), torch.randint(0, 64, (2, 7))

    def test_a_tone_stands_in_its_band_and_keeps_its_pitch_at_another_rate(self):
        from audio import MelSpectrogram, Resampler

        tone = torch.sin(2 * np.pi * 1000 * torch.arange(24_000) / 24_000)[None]
        lower = Resampler(torch.device("cpu"))(tone, 24_000, 16_000)
        self.assertEqual(lower.shape, (1, 16_000))
        wanted = torch.sin(2 * np.pi * 1000 * torch.arange(16_000) / 16_000)
        torch.testing.assert_close(lower[0, 100:-100], wanted[100:-100], atol=2e-3, rtol=0)
        # The bands are one mel wide and cover 24 mel of Slaney's scale: the tone of 15 mel is the centre of the 15th.
        mel = MelSpectrogram(24_000, 1024, 256, 23, highest=1000 * 6.4 ** (9 / 27), slaney_scale=True)(tone)
        self.assertEqual(int(mel[0, :, 40].argmax()), 14)

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
        features[:, 0] *= 30  # carries no information
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

    def test_utterances_of_a_voice_share_its_latents(self):
        voices = torch.tensor([1, 1])
        shared, _ = self.gpt(self.latents, self.text, self.codes, voices=voices)
        alone, _ = self.gpt(self.latents[voices], self.text, self.codes)
        torch.testing.assert_close(shared, alone, atol=2e-5, rtol=0)

    def test_a_state_goes_on_and_weights_alone_warm_up_again(self):
        from features import CodeBook
        from gpt_training import GPTSettings, GPTTraining

        settings = GPTSettings(layers=1, width=48, steps=1000, warmup=10)
        make = lambda: GPTTraining(settings, 39, CodeBook(torch.randn(320, 4), torch.randn(20, 4)), torch.device("cpu"))
        first, second, third = make(), make(), make()
        first.step, first.level = 400, 1
        second.load(first.state())
        self.assertEqual((second.step, second.level), (400, 1))
        self.assertAlmostEqual(second.learning_rate(), settings.rate)
        third.load({"reader": first.reader.state_dict(), "step": 400})
        self.assertAlmostEqual(third.learning_rate(), settings.rate / 10)
        third.step = 1000
        self.assertAlmostEqual(third.learning_rate(), settings.rate * 0.02)

    def test_texts_grow_longer_once_the_short_ones_are_read(self):
        from features import CodeBook
        from gpt_training import LEVELS, GPTSettings, GPTTraining

        book = CodeBook(torch.randn(320, 4), torch.randn(20, 4))
        training = GPTTraining(GPTSettings(layers=1, width=48), 39, book, torch.device("cpu"))
        self.assertFalse(training.advance(0.5))
        self.assertTrue(training.advance(1.1))
        self.assertFalse(training.advance(1.1))
        self.assertTrue(training.advance(2.1))
        self.assertFalse(training.advance(9.0))
        self.assertIsNone(LEVELS[training.level][0])

    def test_new_codes_begin_as_the_old_ones_that_they_replace(self):
        import recoding

        # The new code 0 replaces the old 2, the new 1 replaces the old 0 and 1, the new 2 does not occur.
        shares = recoding.shares(torch.tensor([2, 2, 0, 1, 1, 0]), torch.tensor([0, 0, 1, 1, 1, 1]), 3)
        weights = {key: torch.tensor([[1.0], [3.0], [10.0], [7.0], [8.0]]) for key in recoding.CODED}
        state = recoding.recoded({"reader": {**weights, "other": torch.ones(2)}, "step": 5, "optimizer": {}}, shares)
        self.assertEqual(state["reader"][recoding.CODED[0]][:, 0].tolist()[:2], [10.0, 2.0])
        self.assertEqual(state["reader"][recoding.CODED[0]][3:, 0].tolist(), [7.0, 8.0])
        self.assertEqual(set(state), {"reader", "step"})

    def test_training_begins_with_an_exported_model(self):
        import export
        import starting
        from features import CodeBook
        from gpt_training import GPTSettings, GPTTraining
        from progress import Work
        from vocoder_training import VocoderSettings, VocoderTraining

        settings, device = GPTSettings(layers=1, width=48), torch.device("cpu")
        book = CodeBook(torch.randn(320, 4), torch.randn(20, 4))
        gpt, vocoder = GPTTraining(settings, 39, book, device), VocoderTraining(VocoderSettings(width=16), 48, device)
        gpt.step, gpt.level, vocoder.step = 7, 1, 3
        parts = [export.rounded(m) for m in (gpt.averaged.gpt, vocoder.averaged_generator, vocoder.averaged_speaker)]
        training = starting.left_out(book, torch.ones(80), gpt.state(), vocoder.state())
        with tempfile.TemporaryDirectory() as folder:
            model, work = os.path.join(folder, "model"), Work(os.path.join(folder, "work"), device)
            export.write(model, settings, 20, torch.ones(80), *parts, {}, training)
            self.assertTrue(starting.begin(work, model))
            self.assertFalse(starting.begin(work, model))
            again, sound = GPTTraining(settings, 39, book, device), VocoderTraining(VocoderSettings(width=16), 48, device)
            again.load(work.read("gpt.pt"))
            sound.load(work.read("vocoder.pt"))
        self.assertEqual((again.step, again.level, sound.step), (7, 1, 3))
        for name, tensor in gpt.averaged.state_dict().items():
            torch.testing.assert_close(again.averaged.state_dict()[name], tensor, atol=1e-3, rtol=1e-3)
        for name, tensor in vocoder.averaged_generator.state_dict().items():
            torch.testing.assert_close(sound.generator.state_dict()[name], tensor)


if __name__ == "__main__":
    unittest.main()
