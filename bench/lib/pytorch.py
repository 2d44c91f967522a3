"""The losses of the suite `losses`, as a PyTorch user writes them, measured as participant.mjs measures ours.

pytorch.py LOSS N DIM THREADS: prints one JSON message a line, reads `sample` and `end`.
"""

import math
import sys

import torch
import torch.nn.functional as F

from participant import failing, serve

CLASSES = 10_000
MASK = 0xFFFFFFFF
# Stands for the norm of a gradient of zeros.
TINY = 1e-30


def uniforms(seed, size):
    """The same pseudo-random numbers in [0, 1) as losses-inputs.mjs: an integer hash of position and seed."""
    h = (torch.arange(size, dtype=torch.int64) * 2654435761 + seed * 40503) & MASK
    for shift, factor in ((16, 2246822519), (13, 3266489917), (16, 1)):
        h = ((h ^ (h >> shift)) * factor) & MASK
    return h.double() / 2**32


def normals(seed, rows, dim):
    total = sum(uniforms(4 * seed + part, rows * dim) for part in range(4))
    return ((total - 2) * math.sqrt(3)).reshape(rows, dim)


def around(seed, centres, labels):
    return (centres[labels] + normals(seed, len(labels), centres.shape[1])).float()


def inputs(loss, n, dim):
    """→ (labels, leaves): what is differentiated by, and what is not."""
    if loss in ("normalised-softmax", "arcface", "linear-softmax"):
        labels = (torch.arange(n) * 7919) % CLASSES
        weights = normals(1, CLASSES, dim)
        leaves = [around(2, weights, labels), weights.float()]
        if loss == "linear-softmax":
            # Logits of the size that a trained layer gives, not of the square root of the width.
            leaves[1] = leaves[1] * 0.1
            leaves.append((normals(3, CLASSES, 1) * 0.1).float().reshape(-1))
        return labels, leaves
    if loss in ("clip", "nt-xent"):
        # NT-Xent: n rows are two views of n/2 examples.
        labels = torch.arange(n if loss == "clip" else n // 2)
        centres = normals(1, len(labels), dim)
        return labels, [around(2, centres, labels), around(3, centres, labels)]
    groups = n // 8
    labels = torch.arange(n) % groups
    return labels, [around(2, normals(1, groups, dim), labels)]


def nt_xent(labels, first, second):
    z = F.normalize(torch.cat([first, second]))
    logits = z @ z.T / 0.1
    logits.fill_diagonal_(float("-inf"))
    n = len(z)
    return F.cross_entropy(logits, (torch.arange(n) + n // 2) % n)


def supervised_contrastive(labels, z):
    z = F.normalize(z)
    logits = z @ z.T / 0.1
    others = ~torch.eye(len(z), dtype=torch.bool)
    positive = (labels[:, None] == labels[None, :]) & others
    log_probability = logits - torch.logsumexp(logits.masked_fill(~others, float("-inf")), 1, keepdim=True)
    return -((log_probability * positive).sum(1) / positive.sum(1)).mean()


def clip(labels, image, text):
    logits = F.normalize(image) @ F.normalize(text).T / 0.07
    return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2


def multi_similarity(labels, z, alpha=2.0, beta=40.0, base=0.5, margin=0.1):
    z = F.normalize(z)
    s = z @ z.T
    same = labels[:, None] == labels[None, :]
    positive = same & ~torch.eye(len(z), dtype=torch.bool) & (s < 1 - 1e-5)
    hardest_positive = s.masked_fill(~positive, float("inf")).min(1, keepdim=True).values
    hardest_negative = s.masked_fill(same, float("-inf")).max(1, keepdim=True).values
    positive = positive & (s < hardest_negative + margin)
    negative = ~same & (s > hardest_positive - margin)
    pull = torch.log1p((torch.exp(-alpha * (s - base)) * positive).sum(1)) / alpha
    push = torch.log1p((torch.exp(beta * (s - base)) * negative).sum(1)) / beta
    return ((pull + push) * (positive.any(1) & negative.any(1))).mean()


def normalised_softmax(labels, x, weights):
    return F.cross_entropy(F.linear(F.normalize(x), F.normalize(weights)) / 0.05, labels)


def arcface(labels, x, weights, scale=64.0, margin=0.5):
    cosine = F.linear(F.normalize(x), F.normalize(weights))
    target = cosine.gather(1, labels[:, None])
    turned = target * math.cos(margin) - torch.sqrt(1 - target**2) * math.sin(margin)
    return F.cross_entropy(scale * cosine.scatter(1, labels[:, None], turned), labels)


def linear_softmax(labels, x, weights, bias):
    return F.cross_entropy(F.linear(x, weights, bias), labels)


LOSSES = {
    "nt-xent": nt_xent,
    "supervised-contrastive": supervised_contrastive,
    "clip": clip,
    "multi-similarity": multi_similarity,
    "normalised-softmax": normalised_softmax,
    "arcface": arcface,
    "linear-softmax": linear_softmax,
}


def main(loss, n, dim, threads):
    torch.set_num_threads(threads)
    labels, leaves = inputs(loss, n, dim)
    for leaf in leaves:
        leaf.requires_grad_()

    def unit():
        for leaf in leaves:
            leaf.grad = None
        value = LOSSES[loss](labels, *leaves)
        value.backward()
        return value.item()

    def check():
        found = [unit()]
        for leaf in leaves:
            g = leaf.grad.double().reshape(-1)
            norm = g.norm().clamp(min=TINY)
            found += [norm.log().item(), (g @ torch.cos(torch.arange(len(g)).double()) / norm).item()]
        return found

    serve(unit, check, f"torch {torch.__version__}")


failing(lambda: main(sys.argv[1], *map(int, sys.argv[2:5])))
