"""Features of the teacher's audio: log-mel spectrograms, and one code per four frames."""

import torch

from audio import MelSpectrogram

MEL_RATE, HOP, FRAMES_PER_CODE = 22_050, 256, 4
CODE_SAMPLES = HOP * FRAMES_PER_CODE  # 46.4 ms at MEL_RATE


class LogMel:
    """The spectrogram of XTTS's conditioning: samples [B, S] at 22,050 Hz to [B, 80, 1 + S // 256], not normalised."""

    def __init__(self, device):
        window = torch.hann_window(1024)
        self._mel = MelSpectrogram(MEL_RATE, 2048, HOP, 80, window, highest=8000, slaney_norm=True).to(device)

    def __call__(self, samples):
        return self._mel(samples).clamp(min=1e-5).log()


def patches(mel):
    """[80, 4 N] to [N, 320]: the patch of each code."""
    return mel.float().unflatten(1, (-1, FRAMES_PER_CODE)).permute(1, 2, 0).flatten(1)


class CodeBook:
    """Audio codes: the nearest of `count` centres, in the directions of a patch that separate sounds.

    The directions come from a linear discriminant analysis with the teacher's sounds as classes, after each voice's
    mean is subtracted. A code therefore represents the spoken sound rather than the voice, and means the same for other
    voices. The vocoder gets the sound of the voice from the GPT's hidden states and the speaker embedding.
    """

    def __init__(self, directions, centres):
        self.directions, self.centres = directions, centres  # [320, d], [count, d]

    def codes(self, features):
        """Features [N, 320], minus the voice's mean, to codes [N]."""
        points = features @ self.directions
        return torch.cat([torch.cdist(part, self.centres).argmin(1) for part in points.split(65_536)])

    def neighbours(self, count=8):
        """[codes, count]: the nearest other codes of each code."""
        return torch.cdist(self.centres, self.centres).topk(count + 1, largest=False).indices[:, 1:]

    def to(self, device):
        return CodeBook(self.directions.to(device), self.centres.to(device))

    @staticmethod
    def fit(features, sounds, count, dimensions=32, rounds=40):
        """Fits a book to patches [N, 320], minus the voices' means, and the sound of each [N]."""
        directions = discriminant(features, sounds, dimensions)
        return CodeBook(directions, k_means(features @ directions, count, rounds))


def discriminant(features, sounds, dimensions):
    """[width, dimensions]: the directions in which classes differ most, scaled to unit variance within a class."""
    features = features.double()
    classes = sounds.unique()
    means = torch.stack([features[sounds == c].mean(0) for c in classes])
    shares = torch.stack([(sounds == c).double().mean() for c in classes])
    rest = features - means[torch.searchsorted(classes, sounds)]
    within = rest.T @ rest / len(rest)
    within += torch.eye(len(within), dtype=within.dtype, device=within.device) * within.diagonal().mean() * 1e-2
    values, vectors = torch.linalg.eigh(within)
    whiten = vectors / values.sqrt()
    centred = (means - (shares[:, None] * means).sum(0)) @ whiten * shares[:, None].sqrt()
    _, _, turned = torch.linalg.svd(centred, full_matrices=False)
    return (whiten @ turned[:dimensions].T).float()


def k_means(points, count, rounds):
    """Centres [count, d]; a centre with fewer than two points restarts at a random point."""
    centres = points[torch.randperm(len(points), device=points.device)[:count]].clone()
    for _ in range(rounds):
        nearest = torch.cat([torch.cdist(part, centres).argmin(1) for part in points.split(65_536)])
        sums = torch.zeros_like(centres).index_add_(0, nearest, points)
        sizes = torch.bincount(nearest, minlength=count).float()
        again = points[torch.randint(len(points), (count,), device=points.device)]
        centres = torch.where(sizes[:, None] < 2, again, sums / sizes[:, None].clamp(min=1))
    return centres
