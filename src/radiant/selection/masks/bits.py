"""Sets of candidates as integers: bit p stands for the candidate at rank p."""

from collections.abc import Iterator

OUT, IN = ord("0"), ord("1")


def mask(flags: bytes) -> int:
    """From one `IN` or `OUT` per candidate, in rank order."""
    return int(b"0" + flags[::-1], 2)


def everyone(count: int) -> int:
    return (1 << count) - 1


def positions(bits: int) -> Iterator[int]:
    """The ranks in the set, best first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
