"""The usual tools for the suite `metrics`: scikit-learn, faiss, SciPy, NLTK, and KITTI's own program.

metrics_tools.py TOOL CASE N DIM THREADS [PATH ...]; messages as in participant.py.
"""

import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from participant import failing, serve

MASK = 0xFFFFFFFF
CLASS_SIZES = [2, 12, 3, 5, 4, 6, 5, 6, 5, 5, 5]
NOISE = 2.2
KS = (1, 10, 100, 1000)
LONGEST, VOCABULARY = 40, 20_000
# Queries at a time.
BLOCK = 4096


def uniform(seed, positions):
    """As in losses-inputs.mjs."""
    h = (np.asarray(positions, dtype=np.int64) * 2654435761 + seed * 40503) & MASK
    for shift, factor in ((16, 2246822519), (13, 3266489917), (16, 1)):
        h = ((h ^ (h >> shift)) * factor) & MASK
    return h / 2**32


def embeddings(n, dim):
    labels = np.repeat(np.arange(n), np.resize(CLASS_SIZES, n))[:n]
    rows = np.empty((n, dim), dtype=np.float32)
    for start in range(0, n, BLOCK):
        at = np.arange(start, min(n, start + BLOCK))
        columns = np.arange(dim)
        centres = uniform(1, labels[at][:, None] * dim + columns) - 0.5
        rows[at] = centres + NOISE * (uniform(2, at[:, None] * dim + columns) - 0.5)
    return rows, labels


def searcher(tool, rows, k, threads):
    """→ neighbours of a block of queries, nearest first, by cosine; the work of building an index included."""
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    if tool == "faiss":
        import faiss

        faiss.omp_set_num_threads(threads)
        index = faiss.IndexFlatIP(rows.shape[1])
        index.add(units)
        return lambda block: index.search(units[block], k)[1]
    from sklearn.neighbors import NearestNeighbors

    # Of unit vectors the nearest in Euclidean distance, for which scikit-learn has its fast brute force.
    found = NearestNeighbors(n_neighbors=k, algorithm="brute", metric="euclidean", n_jobs=threads).fit(units)
    return lambda block: found.kneighbors(units[block], return_distance=False)


def without_self(neighbours, queries):
    """The query taken out of each row, or its last neighbour where ties pushed the query out."""
    own = neighbours == queries[:, None]
    own[~own.any(axis=1), -1] = True
    return neighbours[~own].reshape(len(queries), -1)


def retrieval(tool, case, n, dim, threads):
    rows, labels = embeddings(n, dim)
    sizes = np.bincount(labels)
    relevant = sizes[labels] - 1
    most = KS[-1] if case == "recall-at-k" else int(relevant.max())

    def unit():
        find = searcher(tool, rows, min(n, most + 1), threads)
        sums = np.zeros(len(KS) if case == "recall-at-k" else 1)
        for start in range(0, n, BLOCK):
            block = np.arange(start, min(n, start + BLOCK))
            hits = labels[without_self(find(block), block)] == labels[block][:, None]
            r = relevant[block]
            # Of queries with another item of their class.
            hits, r = hits[r > 0], r[r > 0]
            if case == "recall-at-k":
                sums += [hits[:, :k].any(axis=1).sum() for k in KS]
                continue
            ranks = np.arange(1, hits.shape[1] + 1)
            counted = hits & (ranks <= r[:, None])
            sums += ((counted.cumsum(axis=1) / ranks * counted).sum(axis=1) / r).sum()
        return (sums / (relevant > 0).sum()).tolist()

    return unit


def assignment(case, n):
    from scipy.optimize import linear_sum_assignment

    if case == "hungarian-outer":
        values = np.outer(uniform(1, np.arange(n)), uniform(2, np.arange(n)))
    else:
        values = uniform(3, np.arange(n * n)).reshape(n, n)
        if case == "hungarian-whole":
            values = np.floor(1000 * values)

    def unit():
        rows, columns = linear_sum_assignment(values, maximize=True)
        return [values[rows, columns].sum()]

    return unit


def tokenise(line):
    """Tokeniser 13a, as in sacreBLEU."""
    text = re.sub(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])", r" \1 ", f" {line} ")
    text = re.sub(r"([^0-9])([\.,])", r"\1 \2 ", text)
    text = re.sub(r"([\.,])([^0-9])", r" \1 \2", text)
    return re.sub(r"([0-9])(-)", r"\1 \2 ", text).split()


def translation(n):
    from nltk.translate.bleu_score import corpus_bleu

    candidates, references = [], []
    for i in range(n):
        length = 8 + int((LONGEST - 8) * uniform(4, i))
        at = i * LONGEST + np.arange(length)
        marks = ["," if comma < 0.1 else "" for comma in uniform(5, at[:-1])] + ["."]
        words = [np.floor(VOCABULARY * uniform(seed, at) ** 3).astype(int) for seed in (6, 8)]
        changed = np.where(uniform(7, at) < 0.2, words[1], words[0])
        for side, chosen in ((references, words[0]), (candidates, changed)):
            side.append(" ".join(f"w{word}{mark}" for word, mark in zip(chosen, marks)))

    def unit():
        given = [[tokenise(reference)] for reference in references]
        return [100 * corpus_bleu(given, [tokenise(candidate) for candidate in candidates])]

    return unit


def kitti(program, labels, detections):
    folder = tempfile.TemporaryDirectory()
    truth, result = Path(folder.name, "label_2"), Path(folder.name, "result")
    for archive, to in ((labels, truth), (detections, result / "data")):
        to.mkdir(parents=True)
        with tarfile.open(archive) as opened:
            for member in opened:
                if member.isfile():
                    (to / Path(member.name).name).write_bytes(opened.extractfile(member).read())

    def unit():
        # Kept to itself: the program must not write among our messages.
        ended = subprocess.run([program, str(truth), str(result)], capture_output=True, cwd=folder.name)
        if ended.returncode != 0:
            raise RuntimeError(f"{program} ended with {ended.returncode}")
        found = []
        for name in ("car", "pedestrian", "cyclist"):
            for kind in ("detection", "detection_ground", "detection_3d", "orientation"):
                lines = (result / f"stats_{name}_{kind}.txt").read_text().splitlines()
                for line in filter(str.strip, lines):
                    samples = np.array(line.split(), dtype=float) * 100
                    found += [samples[::4].mean(), samples[1:].mean()]
        return found

    unit.keep = folder
    return unit


def version(tool):
    names = {"scikit-learn": "sklearn"}
    if tool == "kitti-devkit":
        return "compiled"
    return f"{tool} {__import__(names.get(tool, tool)).__version__}"


def main():
    tool, case, n, dim, threads, *paths = sys.argv[1:]
    n, dim, threads = int(n), int(dim), int(threads)
    if tool in ("faiss", "scikit-learn"):
        unit = retrieval(tool, case, n, dim, threads)
    elif tool == "scipy":
        unit = assignment(case, n)
    elif tool == "nltk":
        unit = translation(n)
    else:
        unit = kitti(*paths)
    serve(unit, unit, version(tool))


failing(main)
