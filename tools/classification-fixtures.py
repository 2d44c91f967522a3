"""Reference scores of small classifications with ties, by scikit-learn and SciPy.

`python3 tools/classification-fixtures.py` rewrites the fixture beside the tests; the inputs are stored with the values.
"""

import json
import pathlib

import numpy
import scipy
import sklearn
from scipy.special import log_softmax, softmax, xlogy
from sklearn import metrics

TARGET = pathlib.Path(__file__).parent.parent / "packages/eval/src/predictions/classification/sklearn-values.json"
rng = numpy.random.default_rng(7)


def case(name, scores, labels, kind):
    """Every score that the tools define; one against the rest for more than two classes, over those that have labels."""
    probabilities = softmax(scores, axis=1) if kind == "logits" else scores
    n, classes = scores.shape
    predicted = scores.argmax(1)
    log = log_softmax(scores, axis=1)[range(n), labels]
    values = {
        "accuracy": metrics.accuracy_score(labels, predicted),
        "nll": -log.mean() if kind == "logits" else metrics.log_loss(labels, probabilities, labels=range(classes)),
        "brier": ((probabilities - numpy.eye(classes)[labels]) ** 2).sum(1).mean(),
        "f1_macro": metrics.f1_score(labels, predicted, average="macro"),
        "f1_micro": metrics.f1_score(labels, predicted, average="micro"),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, predicted),
        "mcc": metrics.matthews_corrcoef(labels, predicted),
    }
    if classes > 5:
        values["top_5_accuracy"] = metrics.top_k_accuracy_score(labels, scores, k=5, labels=range(classes))
    judged = [1] if classes == 2 else [c for c in range(classes) if (labels == c).any()]
    for key, tool in (("roc_auc", metrics.roc_auc_score), ("pr_auc", metrics.average_precision_score)):
        values[key] = numpy.mean([tool(labels == c, probabilities[:, c]) for c in judged])
    votes = rng.multinomial(20, numpy.ones(classes) / classes, size=n)
    shares = votes / votes.sum(1, keepdims=True)
    cross = -(shares * numpy.log(numpy.maximum(probabilities, 2**-52))).sum(1)
    values["cross_entropy"] = cross.mean()
    values["kl_divergence"] = (cross + xlogy(shares, shares).sum(1)).mean()
    values["top_1_agreement"] = (probabilities.argmax(1) == shares.argmax(1)).mean()
    return {
        "name": name,
        "kind": kind,
        "classes": classes,
        "values": scores.ravel().tolist(),
        "labels": labels.tolist(),
        "votes": votes.ravel().tolist(),
        "scores": {key: float(value) for key, value in values.items()},
    }


def two_classes():
    risk = numpy.round(rng.beta(1, 1, 60), 1)
    labels = (rng.random(60) < risk * 0.7 + 0.15).astype(int)
    return case("two classes, eleven distinct scores", numpy.stack([1 - risk, risk], 1), labels, "probabilities")


def five_classes():
    shares = rng.integers(1, 5, size=(90, 5)).astype(float)
    shares /= shares.sum(1, keepdims=True)
    labels = numpy.array([rng.choice(5, p=row) for row in shares])
    return case("five classes with equal scores", shares, labels, "probabilities")


def twelve_classes():
    logits = numpy.round(rng.normal(size=(70, 12)) * 3, 2)
    labels = numpy.array([rng.choice(11, p=softmax(row[:11])) for row in logits])
    return case("logits of twelve classes, one without labels", logits, labels, "logits")


if __name__ == "__main__":
    tool = {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": numpy.__version__}
    TARGET.write_text(json.dumps({"tool": tool, "cases": [two_classes(), five_classes(), twelve_classes()]}))
