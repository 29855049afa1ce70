"""The data that survives an interrupted call: the teacher's shards, the code book, the state of each stage."""

import glob
import io
import math
import os
import subprocess
import sys

import numpy as np
import torch

import teacher
from corpus import Shard
from features import CodeBook

HELD_OUT_VOICES = (0, 1)  # the two that a recogniser understands best, in turn
BOOK_SHARDS = 2  # that the code book is made from


class BackgroundTeacher:
    """The teacher in separate processes, at low priority, until `stop`."""

    def __init__(self, texts, folder, shards, size, processes):
        here = os.path.dirname(os.path.abspath(__file__))
        command = [
            sys.executable, os.path.join(here, "teacher.py"), os.path.join(texts, "train.txt"), folder,
            "--shards", str(shards), "--size", str(size), "--processes", str(processes),
        ]  # fmt: skip
        # One thread each, no GPU, and a separate session, so that its children end with it.
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
        self._process = subprocess.Popen(
            ["nice", "-n", "10", *command], env=environment, stdout=subprocess.DEVNULL, start_new_session=True
        )

    def failed(self):
        return self._process.poll() not in (None, 0)

    def wait_for(self, path):
        """Until the teacher has written it. Raises RuntimeError when it can't."""
        while not os.path.exists(path):
            try:
                status = self._process.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
            if not os.path.exists(path):
                raise RuntimeError(f"the teacher ended ({status}) without {path}")

    def stop(self):
        if self._process.poll() is None:
            os.killpg(self._process.pid, 15)
            self._process.wait()


class Corpus:
    """Training shards on the device, more as the teacher writes them, and the held-out sentences.

    `sounding` are those of the shards that hold what a vocoder needs.
    """

    def __init__(self, shards, held_out, book, more):
        self.shards, self.sounding = list(shards), list(shards)
        self.held_out, self.book, self._more = held_out, book, more

    def refresh(self):
        """Takes in one shard that is new."""
        shard = self._more()
        if shard is not None:
            self.shards.append(shard)
            self.sounding += [shard] if shard.sound else []


class Work:
    def __init__(self, folder, device):
        self.folder, self.device = folder, device
        self.speech = os.path.join(folder, "speech")
        os.makedirs(self.speech, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        if not os.path.exists(self.path(name)):
            return None
        return torch.load(self.path(name), map_location=self.device, weights_only=True)

    def write(self, name, value):
        """Whole or not at all."""
        torch.save(value, self.path(name) + ".part")
        os.rename(self.path(name) + ".part", self.path(name))

    def save(self, stage, training):
        self.write(f"{stage}.pt", training.state())

    def load(self, stage, training, log=print):
        state = self.read(f"{stage}.pt")
        if state:
            training.load(state)
            log(f"{stage} goes on from step {training.step}, {training.done:.0%}")

    def share_done(self, stage):
        state = self.read(f"{stage}.pt")
        return state["done"] if state else 0.0

    def summary(self):
        return ", ".join(f"{stage} {min(1.0, self.share_done(stage)):.0%}" for stage in ("gpt", "vocoder"))

    def corpus(self, texts, code_count, background, limit, sounding, log=print):
        """Waits for the first shards, makes or reads the code book, and gives a ``Corpus`` that grows to `limit` shards.

        The first `sounding` hold what a vocoder needs.
        """
        lines = teacher.read_lines(os.path.join(texts, "train.txt"))
        unseen = teacher.read_lines(os.path.join(texts, "held-out.txt"))
        held_out_path = self.path("held-out.npz")
        if not os.path.exists(held_out_path):
            teacher.write_utterances([(HELD_OUT_VOICES[i % 2], i) for i in range(len(unseen))], unseen, held_out_path)
        saved = self.read("book.pt")
        scale = saved["mel_scale"] if saved else None
        shards = []
        for number in range(min(limit, 1 if saved else BOOK_SHARDS)):
            background.wait_for(teacher.shard_path(self.speech, number))
            shards.append(Shard(teacher.shard_path(self.speech, number), lines, self.device, scale))
            scale = shards[0].mel_scale
        log(f"{sum(map(len, shards))} utterances to begin with")
        book = self._book(saved, shards, code_count, scale, log)
        held_out = Shard(held_out_path, unseen, self.device, scale)
        for shard in [*shards, held_out]:
            shard.encode(book)
        taken = {teacher.shard_path(self.speech, number) for number in range(len(shards))}

        def more():
            found = sorted(glob.glob(os.path.join(self.speech, "speech-????.npz")))
            fresh = [path for path in found if path not in taken]
            if not fresh or len(taken) >= limit:
                if background.failed():
                    raise RuntimeError("the teacher failed; run teacher.py by hand to see why")
                return None
            taken.add(fresh[0])
            shard = Shard(fresh[0], lines, self.device, scale, with_sound=len(taken) <= sounding)
            shard.encode(book)
            if len(taken) % 10 == 0 or len(taken) == limit:
                log(f"{len(taken)} of {limit} shards are in")
            return shard

        return Corpus(shards, held_out, book, more)

    def _book(self, saved, shards, code_count, scale, log):
        if saved:
            return CodeBook(saved["directions"], saved["centres"])
        features, sounds = torch.cat([s.features() for s in shards]), torch.cat([s.sounds() for s in shards])
        some = torch.randperm(len(features), device=features.device)[:400_000]
        book = CodeBook.fit(features[some], sounds[some], code_count)
        self.write("book.pt", {"directions": book.directions, "centres": book.centres, "mel_scale": scale})
        lost = unsaid(book.codes(features), sounds)
        log(f"code book of {code_count} from {len(some)} patches; {lost:.2f} nats of the sound are not in the code")
        return book


def unsaid(codes, sounds):
    """The entropy in nats of the sound when its code is known."""
    joint = torch.zeros(int(codes.max()) + 1, int(sounds.max()) + 1, device=codes.device)
    joint.index_put_((codes, sounds), torch.ones(len(codes), device=codes.device), accumulate=True)
    joint = joint / joint.sum()
    given = joint / joint.sum(1, keepdim=True).clamp(min=1e-12)
    return -(joint * given.clamp(min=1e-12).log()).sum().item()


class Parts:
    """The result of a machine, in files of limited size: `state.NN`, the weights of all stages without their optimizers in
    float16, from which another machine continues, and `model.NN`, the exported model."""

    SIZE = 15 << 20  # bytes

    def __init__(self, folder):
        self.folder = folder

    def keep(self, work):
        kept = {"book": work.read("book.pt")}
        for stage, names in (("gpt", ("reader",)), ("vocoder", ("generator", "speaker", "discriminators"))):
            state = work.read(f"{stage}.pt")
            if state:
                kept[stage] = {
                    **{name: halved(state[name]) for name in names}, "step": state["step"], "done": state["done"]
                }  # fmt: skip
        self._split("state", kept)
        model = work.path("model")
        if os.path.exists(model):
            read = lambda name: torch.from_numpy(np.fromfile(os.path.join(model, name), np.uint8))
            self._split("model", {name: read(name) for name in sorted(os.listdir(model))})

    def restore(self, work):
        """Into a work folder: the stages where it has none, the model in any case."""
        if work.read("book.pt") is None:
            for stage, state in (self._joined("state", work.device) or {}).items():
                if state:
                    work.write(f"{stage}.pt", state)
        model = self._joined("model", "cpu")
        for name, data in (model or {}).items():
            os.makedirs(work.path("model"), exist_ok=True)
            data.numpy().tofile(os.path.join(work.path("model"), os.path.basename(name)))

    def _split(self, name, value):
        buffer = io.BytesIO()
        torch.save(value, buffer)
        data = buffer.getvalue()
        os.makedirs(self.folder, exist_ok=True)
        for number in range(math.ceil(len(data) / self.SIZE)):
            with open(os.path.join(self.folder, f"{name}.{number:02d}"), "wb") as file:
                file.write(data[number * self.SIZE : (number + 1) * self.SIZE])

    def _joined(self, name, device):
        data = io.BytesIO()
        for path in sorted(glob.glob(os.path.join(self.folder, f"{name}.??"))):
            with open(path, "rb") as file:
                data.write(file.read())
        data.seek(0)
        return torch.load(data, map_location=device, weights_only=True) if data.getbuffer().nbytes else None


def halved(state):
    return {name: v.half() if v.is_floating_point() and v.numel() > 4096 else v for name, v in state.items()}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(
            "usage: progress.py PARTS_DIR WORK      puts what train --keep wrote into WORK, the model into WORK/model"
        )
    Parts(sys.argv[1]).restore(Work(sys.argv[2], torch.device("cpu")))
