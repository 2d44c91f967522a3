"""SciPy's optima of the assignment problem for packages/eval/src/predictions/clustering/assignment.test.ts.

    /usr/bin/python3 tools/assignment-fixtures.py > packages/eval/src/predictions/clustering/assignment-scipy.json

Matrices are not kept: the test makes the same numbers, by the integer hash below.
"""

import json

import numpy as np
import scipy
from scipy.optimize import linear_sum_assignment

MASK = 0xFFFFFFFF
# kind: real in [0, 1); whole below 10 (many ties), whole from -500 to 499; the outer product of two real vectors.
CASES = [
    (kind, rows, columns)
    for kind in ("real", "tied", "whole", "outer")
    for rows, columns in ((1, 1), (1, 9), (7, 7), (33, 34), (60, 41), (100, 100), (50, 203), (150, 151))
]


def hashed(seed, size):
    h = (np.arange(1, size + 1, dtype=np.uint64) * 2654435761 + seed * 40503) & MASK
    for shift, factor in ((16, 2246822519), (13, 3266489917), (16, 1)):
        h = ((h ^ (h >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(MASK)
    return h.astype(np.float64)


def matrix(kind, rows, columns):
    if kind == "outer":
        return np.outer(hashed(1, rows), hashed(2, columns)) / 2.0**64
    h = hashed(3, rows * columns).reshape(rows, columns)
    if kind == "real":
        return h / 2.0**32
    return h % 10 if kind == "tied" else h % 1000 - 500


def optimum(kind, rows, columns):
    values = matrix(kind, rows, columns)
    i, j = linear_sum_assignment(values, maximize=True)
    return values[i, j].sum()


print(
    json.dumps(
        {
            "tool": {"scipy": scipy.__version__, "numpy": np.__version__},
            "cases": [
                {"kind": kind, "rows": rows, "columns": columns, "optimum": optimum(kind, rows, columns)}
                for kind, rows, columns in CASES
            ],
        },
        indent=1,
    )
)
