"""Huffman codes for the categories of differences in lossless JPEG (ITU T.81), made for what a picture really holds."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# By the difference modulo 65536: SSSS of T.81, table H.2, the bits that its magnitude has; 16 for 32768 alone.
CATEGORIES = np.frexp(np.abs(np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int64)))[1].astype(np.uint8)
LENGTH_MAX = 16  # T.81, B.2.4.2
_RAREST_SHARE = 1024  # no category counts as rarer than this part of all samples; see `code_lengths`


@dataclass(frozen=True, slots=True)
class HuffmanTable:
    """A code for each category, as the file states it and as the encoder uses it.

    Attributes:
        counts: how many codes have 1 to 16 bits (T.81's BITS).
        categories: in the order of their codes (HUFFVAL).
        codes: (65536,) uint64 by the difference modulo 65536: what is written for it, code and extra bits, above the
            lowest eight bits, which hold how many bits that are.
    """

    counts: bytes
    categories: bytes
    codes: NDArray[np.uint64]


def huffman_table(occurrences: NDArray[np.int64]) -> HuffmanTable:
    """The table for categories that occur so often; each gets a code, those that never occur, too.

    Args:
        occurrences: (categories,) counts, perhaps of a sample only.
    """
    lengths = code_lengths(occurrences.tolist())
    order = sorted(range(len(lengths)), key=lambda category: (lengths[category], category))
    counts = bytes(lengths.count(bits) for bits in range(1, LENGTH_MAX + 1))
    return HuffmanTable(counts, bytes(order), _codes_of_differences(lengths, order))


def code_lengths(occurrences: list[int]) -> list[int]:
    """Bits of each category's code (Huffman 1952), at most 16.

    One more symbol, rarer than all others, takes the code of ones alone, which T.81 (C.2) forbids. A code of 17 bits
    would need a symbol rarer than one in 2584, a Fibonacci number (Katona and Nemetz 1976), so counting none as rarer
    than one in 1024 keeps the limit; it costs a thousandth of the size.
    """
    rarest = sum(occurrences) // _RAREST_SHARE + 1
    nodes = [(max(count, rarest), [category]) for category, count in enumerate(occurrences)]
    heap = [(0, [len(occurrences)]), *nodes]
    heapq.heapify(heap)
    lengths = [0] * (len(occurrences) + 1)
    while len(heap) > 1:
        (one, its), (other, others) = heapq.heappop(heap), heapq.heappop(heap)
        for category in its + others:
            lengths[category] += 1
        heapq.heappush(heap, (one + other, its + others))
    return lengths[:-1]


def _codes_of_differences(lengths: list[int], order: list[int]) -> NDArray[np.uint64]:
    """Only for those that so many categories reach; where the rest of the table is never touched it costs nothing."""
    reach = min(1 << (len(lengths) - 1), 1 << 15)
    differences = np.arange(-reach, reach)
    categories = np.minimum(CATEGORIES[differences], len(lengths) - 1)
    extra_bits = np.where(categories == LENGTH_MAX, 0, categories).astype(np.int64)  # T.81, H.1.2.2: 32768 has none
    extra = np.where(differences < 0, differences - 1, differences) & ((1 << extra_bits) - 1)
    code = np.array(_canonical_codes(lengths, order))[categories] << extra_bits | extra
    codes = np.zeros(65536, np.uint64)
    codes[differences] = code << 8 | np.array(lengths)[categories] + extra_bits
    return codes


def _canonical_codes(lengths: list[int], order: list[int]) -> list[int]:
    """T.81, C.2: codes count up, and grow by a zero where they get longer."""
    codes, code, bits = [0] * len(lengths), 0, 0
    for category in order:
        code <<= lengths[category] - bits
        bits = lengths[category]
        codes[category] = code
        code += 1
    return codes
