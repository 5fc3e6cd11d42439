"""Sets of candidates as integers: bit p stands for the candidate at rank p."""

from collections.abc import Iterable, Iterator
from struct import iter_unpack

OUT, IN = ord("0"), ord("1")
WORD = 64


def mask(flags: bytes) -> int:
    """From one `IN` or `OUT` per candidate, in rank order."""
    return int(b"0" + flags[::-1], 2)


def flags(admitted: Iterable[bool]) -> bytes:
    """`IN` for True, `OUT` for False."""
    return bytes([IN if it else OUT for it in admitted])


def everyone(count: int) -> int:
    return (1 << count) - 1


def some(ranks: Iterable[int], count: int) -> int:
    """The set of these ranks, all below `count`."""
    raised = bytearray(count // 8 + 1)
    for rank in ranks:
        raised[rank >> 3] |= 1 << (rank & 7)
    return int.from_bytes(raised, "little")


def positions(bits: int) -> Iterator[int]:
    """The ranks in the set, best first."""
    words = bits.to_bytes(-(-bits.bit_length() // WORD) * WORD // 8, "little")
    for number, (word,) in enumerate(iter_unpack("<Q", words)):
        while word:  # of a long integer, every step would cost its whole length
            lowest = word & -word
            yield number * WORD + lowest.bit_length() - 1
            word ^= lowest
