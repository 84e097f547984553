"""Fits the weights of the signs by which `collabchat.analytics.reply_links` guesses what answers what.

    python benchmarks/fit_reply_links.py > collabchat/analytics/reply_weights.py

It reads the hand-made links of the parts ``train`` (to fit) and ``dev`` (to stop) of the annotated IRC logs in
``COLLABCHAT_REALDATA``, and never the parts that the result is judged by. A multinomial logit over the candidates of
each message, by Adam.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "analytics"))

from test_guessing_real import logs

from collabchat.analytics.guessing import Talk, signs
from collabchat.analytics.talk import said

Array = np.ndarray[Any, Any]
ROUNDS, BATCH, PULL = 10, 2048, 1e-4
HEAD = '''"""The weights of the signs in `guessing`, as ``benchmarks/fit_reply_links.py`` prints them."""

from __future__ import annotations

WEIGHTS: dict[str, float] = {'''


class Part(NamedTuple):
    """Signs of each candidate of each message, which candidates there are, and which ones are right."""

    signs: Array
    there: Array
    right: Array


def gather(name: str, names: list[str]) -> Part:
    """One part of the logs; ``names`` gets the names of the signs."""
    parts = []
    for _, frame, answers in logs(name):
        talk = Talk(said(frame))
        found = list(signs(talk, 0, len(talk)))
        names.extend(sign for sign, _ in [*found[0][2], *found[1][2]] if sign not in names)
        values = np.zeros((len(talk), len(found), len(names)), dtype=np.float32)
        for distance, _, there in found:
            for sign, value in there:
                values[:, distance, names.index(sign)] = value
        lines = frame["seq"].tolist()
        place = {line: at for at, line in enumerate(lines)}
        rows = [line for line in sorted(answers) if line in place]
        right = np.zeros((len(rows), len(found)), dtype=bool)
        for row, line in enumerate(rows):
            for other in answers[line]:
                distance = place[line] - place.get(other, -len(found))
                if distance < len(found):
                    right[row, distance] = True
        at = [place[line] for line in rows]
        parts.append(Part(values[at], np.stack([there for _, there, _ in found], 1)[at], right))
    return Part(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def share_right(part: Part, weights: Array) -> float:
    """For how many messages the best candidate is right."""
    best = np.where(part.there, part.signs @ weights, -np.inf).argmax(1)
    return float(part.right[np.arange(len(best)), best].mean())


def fit(part: Part, judge: Part) -> Array:
    """The weights."""
    possible = (part.right & part.there).any(1)
    part = Part(*(column[possible] for column in part))
    weights = np.zeros(part.signs.shape[2], dtype=np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    random, rate, step = np.random.default_rng(0), 0.05, 0
    for number in range(ROUNDS):
        order = random.permutation(len(part.signs))
        for low in range(0, len(order), BATCH):
            some = order[low : low + BATCH]
            score = np.where(part.there[some], part.signs[some] @ weights, -1e9)
            raised = np.exp(score - score.max(1, keepdims=True))
            believed = raised / raised.sum(1, keepdims=True)
            true = np.where(part.right[some] & part.there[some], raised, 0)
            true /= true.sum(1, keepdims=True)
            slope = np.einsum("nk,nkf->f", believed - true, part.signs[some]) / len(some) + PULL * weights
            step += 1
            mean = 0.9 * mean + 0.1 * slope
            square = 0.99 * square + 0.01 * slope**2
            weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
        rate *= 0.7
        print(f"round {number}: {share_right(judge, weights):.4f} of dev right", file=sys.stderr)
    return weights


def main() -> None:
    names: list[str] = []
    train, dev = gather("train", names), gather("dev", names)
    weights = fit(train, dev)
    print(HEAD)
    for name, weight in zip(names, weights, strict=True):
        print(f'    "{name}": {weight:.2f},')
    print("}")


if __name__ == "__main__":
    main()
