"""Data that persists after an interrupted call: the code book, the state of each stage, and the shards."""

import glob
import math
import os

import torch

import teacher
from corpus import Shard
from features import CodeBook
from recoding import shares

BOOK_PATCHES = 400_000  # the most patches of the engine that ships; the code book is fitted to them
OTHERS = 0.6  # patches of the other engines per patch of that engine, so that their sounds keep separate codes


class Work:
    """A folder of named states; each write is atomic."""

    def __init__(self, folder, device):
        self.folder, self.device = folder, device
        os.makedirs(folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        if not os.path.exists(self.path(name)):
            return None
        return torch.load(self.path(name), map_location=self.device, weights_only=True)

    def write(self, name, value):
        torch.save(value, self.path(name) + ".part")
        os.rename(self.path(name) + ".part", self.path(name))


class Corpus:
    """The teachers' shards in a folder, including shards that appear later, and the held-out shards of the voices."""

    def __init__(self, pack, speech, work, code_count=512, log=print):
        self._speech, self._work, self._log = speech, work, log
        texts = os.path.join(pack, "texts")
        self._lines = teacher.read_lines(os.path.join(texts, "train.txt"))
        self._unseen = teacher.read_lines(os.path.join(texts, "held-out.txt"))
        self.shards, self.held_out = {}, {}  # path: Shard; voice's name: Shard
        saved = work.read("book.pt")
        if saved is None:
            saved = self._first_book(code_count)
            work.write("book.pt", saved)
        self.book, self.mel_scale = CodeBook(saved["directions"], saved["centres"]), saved["mel_scale"]
        self.refresh()

    def refresh(self, most=math.inf):
        """Loads new shards, `most` at most; returns their number."""
        count = 0
        for path in sorted(glob.glob(os.path.join(self._speech, "*.npz"))):
            name = os.path.basename(path)[:-4]
            is_held_out = name.startswith(teacher.HELD_OUT)
            known = self.held_out if is_held_out else self.shards
            key = name.removeprefix(teacher.HELD_OUT) if is_held_out else path
            if key in known or name.endswith(".part") or count >= most:
                continue
            known[key] = Shard(path, self._unseen if is_held_out else self._lines, self._work.device, self.mel_scale)
            known[key].encode(self.book)
            count += 1
        return count

    def draw(self):
        """A random shard. An engine's share is proportional to the square root of its number of utterances.

        A scarce, expensive voice is therefore read more often than its amount, and the GPT does not memorise it.
        """
        groups = {}
        for path, shard in self.shards.items():
            groups.setdefault(engine_of(path), []).append(shard)
        of = list(groups.values())
        sizes = [torch.tensor([float(len(shard)) for shard in group]) for group in of]
        group = int(torch.multinomial(torch.stack([size.sum().sqrt() for size in sizes]), 1))
        return of[group][int(torch.multinomial(sizes[group], 1))]

    def summary(self):
        """Utterances and hours of each engine."""
        parts = []
        for engine in sorted({engine_of(path) for path in self.shards}):
            shards = [shard for path, shard in self.shards.items() if engine_of(path) == engine]
            hours = sum(float(shard.mel.counts.sum()) for shard in shards) * 256 / 22_050 / 3600
            parts.append(f"{engine}: {sum(map(len, shards))} utterances, {hours:.2f} hours")
        return "; ".join(parts)

    def _first_book(self, code_count):
        """A code book fitted to the first shard of each engine."""
        first = {}
        for path in sorted(glob.glob(os.path.join(self._speech, "*-????.npz"))):
            first.setdefault(engine_of(path), path)
        if not first:
            raise RuntimeError(f"no shard of speech in {self._speech} yet")
        shards, scale = {}, None
        for path in first.values():
            shards[path] = Shard(path, self._lines, self._work.device, scale)
            scale = shards[path].mel_scale
        book = self._fitted(*self._patches(shards), code_count)
        return {"directions": book.directions, "centres": book.centres, "mel_scale": scale}

    def _patches(self, shards):
        """(patches [N, 320], the sound of each [N]) for fitting a code book."""
        shipped, most = teacher.SHIPPED, BOOK_PATCHES
        features, sounds = [], []
        for ours in (True, False):
            of = [shard for path, shard in shards.items() if (engine_of(path) == shipped) == ours]
            if of:
                patches, heard = torch.cat([s.features() for s in of]), torch.cat([s.sounds() for s in of])
                some = torch.randperm(len(patches), device=patches.device)[:most]
                features.append(patches[some])
                sounds.append(heard[some])
                most = int(OTHERS * len(some)) if ours else most
        return torch.cat(features), torch.cat(sounds)

    def _fitted(self, features, sounds, code_count):
        book = CodeBook.fit(features, sounds, code_count)
        lost = unsaid(book.codes(features), sounds)
        self._log(f"code book of {code_count} from {len(sounds)} patches; {lost:.2f} nats of the sound are not in the code")
        return book

    def refit(self):
        """Fits a new book to all speech; returns the shares of old codes in the new ones (``recoding.shares``)."""
        count, (features, sounds) = len(self.book.centres), self._patches(self.shards)
        new = self._fitted(features, sounds, count)
        carried = shares(self.book.codes(features), new.codes(features), count)
        self.book = new
        self._work.write(
            "book.pt", {"directions": new.directions, "centres": new.centres, "mel_scale": self.mel_scale}
        )
        return carried


def engine_of(path):
    return os.path.basename(path).split("-")[0]


def unsaid(codes, sounds):
    """The entropy of the sound in nats, given its code."""
    joint = torch.zeros(int(codes.max()) + 1, int(sounds.max()) + 1, device=codes.device)
    joint.index_put_((codes, sounds), torch.ones(len(codes), device=codes.device), accumulate=True)
    joint = joint / joint.sum()
    given = joint / joint.sum(1, keepdim=True).clamp(min=1e-12)
    return -(joint * given.clamp(min=1e-12).log()).sum().item()
