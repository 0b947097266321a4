"""Texts into groups that hold together; what fits nowhere stays outside.

Three steps, all of them the same for the same texts:

1. directions: a factorisation (NMF) of the texts' words, which says what stands together;
2. prototypes: each direction becomes the few words that its own texts share; texts are given to
   the nearest one, the prototypes drawn anew, a few times; those that come out the same become
   one, and those whose texts are not like each other go. Then the same once more from the texts
   that are left over: small groups are not seen beside large ones;
3. a text stays only where it is near enough and has two of the prototype's words, or is so short
   that one is all it says.

The numbers below were chosen by reading what came of citizens' messages, long ones and their
titles; bench/topics.py measures the time.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer

type Floats = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]

NONE = -1  # the group of what is in none
MOST_WORDS = 6000  # of the vocabulary, the commonest
LOOKED_AT = 6000  # texts from which directions are taken, evenly spread
MOST_DIRECTIONS = 100

NEAR = 0.24  # cosine of a text to its prototype, at least
ALONE = 0.5  # the same where they share one word only
SAME = 0.45  # cosine of two prototypes that are one
ONE = 0.5  # mean cosine across two groups that are one, as a share of that within the looser one
ALIKE = 0.1  # mean cosine of a group's texts to each other, at least
ROUNDS = 6
CORE = 24  # words of a prototype, at most
CORE_SHARE = 0.1  # of the group's texts that have such a word, at least
LIFT = 1.5  # how much more often than in all other texts, at least


@dataclass(frozen=True, slots=True)
class Grouping:
    """`group` of each text, or NONE; `near` its cosine to the group's prototype, 0 to 1."""

    group: Ints
    near: Floats
    words: list[str]
    presence: csr_matrix  # texts by words, 0 or 1
    prototypes: Floats  # groups by words, each of length 1


@dataclass(frozen=True, slots=True)
class _Texts:
    weights: csr_matrix  # texts by words, each text of length 1
    presence: csr_matrix

    def some(self, rows: Ints) -> _Texts:
        return _Texts(self.weights[rows], self.presence[rows])

    def and_(self, other: _Texts) -> _Texts:
        return _Texts(
            csr_matrix(vstack([self.weights, other.weights])),
            csr_matrix(vstack([self.presence, other.presence])),
        )


def group_texts(texts: Sequence[Sequence[str]]) -> Grouping:
    """Groups texts, each given as its telling words. Same texts in the same order: same groups."""
    vectorizer = TfidfVectorizer(
        analyzer=list,
        min_df=3 if len(texts) >= 200 else 2,
        max_features=MOST_WORDS,
        sublinear_tf=True,
    )
    try:
        weights = csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # no word is left
        return _nothing(len(texts))
    all_of_them = _Texts(weights, csr_matrix((weights > 0).astype(np.float64)))
    prototypes = _refined(all_of_them, _directions(weights))
    left = np.flatnonzero(_given(all_of_them, prototypes)[0] == NONE)
    more = _directions(weights[left])
    prototypes = _refined(all_of_them, np.vstack([prototypes, more]))
    group, near = _given(all_of_them, prototypes)
    words = [str(word) for word in vectorizer.get_feature_names_out()]
    return Grouping(group, near, words, all_of_them.presence, prototypes)


def _nothing(count: int) -> Grouping:
    return Grouping(
        np.full(count, NONE), np.zeros(count), [], csr_matrix((count, 0)), np.zeros((0, 0))
    )


def _directions(weights: csr_matrix) -> Floats:
    """What stands together in the texts, as directions of length 1 in the space of their words."""
    count, size = weights.shape
    wanted = max(3, min(round(1.2 * count**0.5), count // 20))
    number = min(MOST_DIRECTIONS, wanted, count - 1, size - 1)
    if number < 1:
        return np.zeros((0, size))
    model = NMF(number, init="nndsvda", max_iter=80, tol=1e-3, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # near enough: prototypes come of it
        warnings.simplefilter("ignore", RuntimeWarning)  # texts all alike: the error is nothing
        model.fit(weights[:: -(-count // LOOKED_AT)])
    components: Floats = model.components_
    lengths = np.linalg.norm(components, axis=1, keepdims=True)
    return components / np.maximum(lengths, 1e-12)


def _refined(texts: _Texts, prototypes: Floats) -> Floats:
    """Prototypes drawn from the texts that are given to them, until they stand."""
    for _ in range(ROUNDS):
        drawn = [_prototype(each, texts) for each in _members(texts, prototypes)]
        prototypes = _apart(np.array(drawn)) if drawn else prototypes[:0]
    alike = [each for each in _members(texts, prototypes) if _likeness(each) >= ALIKE]
    members = _merged(alike, _likeness(texts))
    drawn = [_prototype(each, texts) for each in members]
    return np.array(drawn) if drawn else prototypes[:0]


def _merged(groups: list[_Texts], usual: float) -> list[_Texts]:
    """The groups, with those joined whose texts are nearly as like each other's as their own."""
    while len(groups) > 1:
        across = _across(groups, usual)
        one, other = np.unravel_index(int(across.argmax()), across.shape)
        if across[one, other] < ONE:
            break
        joined = groups[one].and_(groups[other])
        groups = [each for at, each in enumerate(groups) if at not in (one, other)] + [joined]
    return groups


def _across(groups: list[_Texts], usual: float) -> Floats:
    """The mean cosine across every two groups, as a share of that within the looser of them; of
    both counts what goes beyond the `usual` one, of any two texts.
    """
    means = np.array([np.asarray(each.weights.mean(axis=0)).ravel() for each in groups])
    within = np.array([_likeness(each) for each in groups])
    looser = np.minimum.outer(within, within) - usual
    return np.triu((means @ means.T - usual) / np.maximum(looser, 1e-12), k=1)


def _members(texts: _Texts, prototypes: Floats, fewest: int = 3) -> list[_Texts]:
    """The texts of every prototype that has at least so many."""
    group, _ = _given(texts, prototypes)
    found = [np.flatnonzero(group == number) for number in range(len(prototypes))]
    return [texts.some(members) for members in found if len(members) >= fewest]


def _given(texts: _Texts, prototypes: Floats) -> tuple[Ints, Floats]:
    """Which prototype each text is nearest to, NONE where it is not near; and how near."""
    count = texts.weights.shape[0]
    if not len(prototypes):
        return np.full(count, NONE), np.zeros(count)
    near = np.asarray(texts.weights @ prototypes.T)
    shared = np.asarray(texts.presence @ (prototypes > 0).T.astype(np.float64))
    near = np.where((shared >= 2) | (near >= ALONE), near, 0.0)
    group, nearest = near.argmax(axis=1), near.max(axis=1)
    return np.where(nearest >= NEAR, group, NONE), nearest


def _prototype(members: _Texts, texts: _Texts) -> Floats:
    """The words that these texts share and others have less, together of length 1."""
    count = members.presence.shape[0]
    share, others = shares(members.presence, texts.presence)
    share -= 1 / count  # what only one of them has, they do not share
    mean = np.asarray(members.weights.mean(axis=0)).ravel()
    mean = np.where((share >= CORE_SHARE) & (share >= LIFT * others), mean, 0.0)
    least = np.sort(mean)[-min(CORE, len(mean))]
    mean = np.where(mean >= least, mean, 0.0)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length else mean)


def shares(members: csr_matrix, texts: csr_matrix) -> tuple[Floats, Floats]:
    """Of these texts, and of all the others, the share that has each word."""
    count, everybody = members.shape[0], texts.shape[0]
    inside = np.asarray(members.sum(axis=0)).ravel()
    outside = np.asarray(texts.sum(axis=0)).ravel() - inside
    return inside / count, np.maximum(outside, 0.5) / max(1, everybody - count)


def _apart(prototypes: Floats) -> Floats:
    """Without those that are the same as one before."""
    kept: list[int] = []
    alike = prototypes @ prototypes.T
    for number in range(len(prototypes)):
        if all(alike[number, other] < SAME for other in kept):
            kept.append(number)
    return np.asarray(prototypes[kept])


def _likeness(texts: _Texts) -> float:
    """The mean cosine of two of these texts; 0 without two."""
    count = texts.weights.shape[0]
    if count < 2:
        return 0.0
    total = np.asarray(texts.weights.sum(axis=0)).ravel()
    itself = float(texts.weights.multiply(texts.weights).sum())
    return float((total @ total - itself) / (count * (count - 1)))
