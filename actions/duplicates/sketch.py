"""A weighted set of words as 64 numbers, by which two sets are compared without the words. Pure.

The fast similarity sketch of Dahlgaard, Knudsen and Thorup (2017): each element is thrown into a
bin, round after round, until no bin is empty; a bin keeps the smallest of the first round that
reached it. Two sets agree in a bin with the probability of their Jaccard likeness. Unlike 64
permutations of every element it needs about one hash an element (11 ms against 1 ms for 1,000).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

SIZE = 64
_ROUNDS = 2 * SIZE  # in the second half each round has its bin, so that none stays empty
_ROUNDS_A_HASH = 8  # of eight bytes each
_VALUE_BITS = 56  # below the round: 7 + 56 bits, a positive BIGINT


def sketch(weights: Mapping[str, int], key: bytes) -> tuple[int, ...]:
    """64 numbers, 0 to 2**63 - 1; none for nothing. An element of weight n counts n times.

    Without the key no guess at a text can be tried. What can be seen is which sketches are alike
    and, over many, which numbers are common: the same key must not serve two installations.
    Raises ValueError without a key.
    """
    if not key:
        raise ValueError("a sketch needs a key")
    elements = [
        f"{copy}\0{word}".encode("utf-8", "surrogatepass")
        for word, weight in weights.items()
        for copy in range(weight)
    ]
    if not elements:
        return ()
    own = hashlib.blake2b(key, digest_size=64, person=b"case-signature").digest()
    return tuple(_filled(elements, own))


def agreement(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """The estimated weighted Jaccard likeness, 0 to 1; 0 when either is empty.

    Its standard error is sqrt(j * (1 - j) / 64): 0.057 where the likeness j is 0.3.
    Raises ValueError when the sketches differ in size.
    """
    if not first or not second:
        return 0.0
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def _filled(elements: list[bytes], key: bytes) -> list[int]:
    bins = [-1] * SIZE
    for number, hashes in enumerate(_rounds(elements, key)):
        for value in hashes:
            at = value % SIZE if number < SIZE else number - SIZE
            ranked = number << _VALUE_BITS | value >> (64 - _VALUE_BITS)
            if bins[at] < 0 or ranked < bins[at]:
                bins[at] = ranked
        if -1 not in bins:
            break
    return bins


def _rounds(elements: list[bytes], key: bytes) -> Iterator[list[int]]:
    """Of every round the elements' hashes, 64 bits each, the same for the same element and key."""
    for block in range(_ROUNDS // _ROUNDS_A_HASH):
        start = hashlib.blake2b(key=key, digest_size=64, salt=block.to_bytes(16))
        digests = [_digest(start, element) for element in elements]
        for at in range(0, 8 * _ROUNDS_A_HASH, 8):
            yield [int.from_bytes(digest[at : at + 8]) for digest in digests]


def _digest(start: hashlib.blake2b, element: bytes) -> bytes:
    hashed = start.copy()
    hashed.update(element)
    return hashed.digest()
