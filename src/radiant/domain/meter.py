"""Everything that is counted and can have a price, each with its dimensions: one list, and which contains which.

A meter contains those that differ from it only by further dimensions: `input_tokens` contains `cache_read_tokens`,
which contains `cache_audio_read_tokens`, as `input_audio_tokens` does. Usage is stated with what it contains inside.
The table `meters` of the registry has the same rows; a test holds them equal.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Final

import msgspec

_MILLION: Final = 1_000_000
_THOUSAND: Final = 1_000
_HOUR: Final = 3_600

#: Families of which a part can be used; everything else is counted whole.
_DIVISIBLE: Final = frozenset({"time", "instance_time", "gpu_time", "token_time"})


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is counted: `per` is how many of it a price is usually for.

    `direction` is input or output, `modality` text, audio, image or video, `kind` what sets it apart within these
    (cached, written, reasoning, web_search …), `ttl` how long what is written to a cache stays, `quality` and `size`
    those of an image. None is any.
    """

    name: str
    family: str
    per: int
    direction: str | None = None
    modality: str | None = None
    kind: str | None = None
    ttl: str | None = None
    quality: str | None = None
    size: str | None = None

    @property
    def dimensions(self) -> frozenset[tuple[str, str]]:
        """What sets it apart: pairs of dimension and value."""
        return frozenset((it, value) for it in DIMENSIONS if (value := getattr(self, it)) is not None)

    @property
    def whole(self) -> bool:
        """Whether a part of one makes no sense."""
        return self.family not in _DIVISIBLE

    def contains(self, other: "Meter") -> bool:
        """Whether all that `other` counts is counted here too, and something else may be."""
        return self.dimensions < other.dimensions


#: The dimensions in which meters differ, in the order of the columns of `meters`.
DIMENSIONS: Final = ("family", "direction", "modality", "kind", "ttl", "quality", "size")

_MODALITIES: Final = ("", "text", "audio", "image", "video")

#: Image qualities and sizes that a price list names (pixels, or the longer side in thousands).
QUALITIES: Final = ("low", "standard", "medium", "high", "hd")
SIZES: Final = (
    "256x256", "512x512", "1024x1024", "1024x1536", "1536x1024", "1024x1792", "1792x1024", "1k", "2k", "4k",
)  # fmt: skip


def _joined(*words: str) -> str:
    return "_".join(filter(None, words))


def _tokens() -> Iterator[Meter]:
    """Tokens in and out, of each modality and kind; named as genai-prices names them."""
    for modality in _MODALITIES:
        of, name = {"family": "tokens", "per": _MILLION, "modality": modality or None}, modality
        yield _made(_joined("input", name, "tokens"), of, "input")
        yield _made(_joined("cache", name, "read_tokens"), of, "input", "cached")
        yield _made(_joined("cache", name, "write_tokens"), of, "input", "written")
        for ttl in ("5m", "1h"):
            yield _made(_joined("cache", name, "write", ttl, "tokens"), of, "input", "written", ttl)
        yield _made(_joined("input", name, "tool_tokens"), of, "input", "tool")
        yield _made(_joined("output", name, "tokens"), of, "output")
        yield _made(_joined("output", name, "reasoning_tokens"), of, "output", "reasoning")
        yield _made(_joined("output", name, "citation_tokens"), of, "output", "citation")


def _made(
    name: str, of: Mapping[str, object], direction: str, kind: str | None = None, ttl: str | None = None
) -> Meter:
    return msgspec.convert({**of, "name": name, "direction": direction, "kind": kind, "ttl": ttl}, Meter)


def _images() -> Iterator[Meter]:
    """Images that come out, of each quality and size, and those that go in."""
    for quality, size in product(("", *QUALITIES), ("", *SIZES)):
        yield Meter(
            name=_joined("images", quality, size),
            family="images", per=1, direction="output", quality=quality or None, size=size or None,
        )  # fmt: skip
    yield Meter(name="input_images", family="images", per=1, direction="input")


def _seconds() -> Iterator[Meter]:
    """Seconds of sound and film; without a direction where a price does not tell in from out."""
    yield Meter(name="seconds", family="time", per=1)
    for modality, per in (("audio", _HOUR), ("video", 1)):
        yield Meter(name=f"{modality}_seconds", family="time", per=per, modality=modality)
        for direction in ("input", "output"):
            name = f"{direction}_{modality}_seconds"
            yield Meter(name=name, family="time", per=per, direction=direction, modality=modality)


def _calls() -> Iterator[Meter]:
    """Calls of tools that the provider runs for a request."""
    yield Meter(name="tool_calls", family="calls", per=_THOUSAND)
    kinds = {
        "web_searches": "web_search", "social_searches": "social_search", "storage_searches": "storage_search",
        "map_searches": "map_search", "code_executions": "code_execution",
    }  # fmt: skip
    for name, kind in kinds.items():
        yield Meter(name=name, family="calls", per=_THOUSAND, kind=kind)


def _others() -> Iterator[Meter]:
    for direction in ("input", "output"):
        yield Meter(name=f"{direction}_characters", family="characters", per=_MILLION, direction=direction)
        yield Meter(name=f"{direction}_pixels", family="pixels", per=10**9, direction=direction)
    yield Meter(name="input_text_messages", family="messages", per=_THOUSAND, direction="input", modality="text")
    yield Meter(name="input_document_pages", family="pages", per=_THOUSAND, direction="input")
    yield Meter(
        name="input_annotated_document_pages", family="pages", per=_THOUSAND, direction="input", kind="annotated"
    )
    yield Meter(name="requests", family="requests", per=1)
    yield Meter(name="rerank_searches", family="rerank", per=_THOUSAND)
    yield Meter(name="videos", family="videos", per=1, direction="output")
    yield Meter(name="models_3d", family="models_3d", per=1, direction="output")
    yield Meter(name="gpu_seconds", family="gpu_time", per=_HOUR)
    yield Meter(name="instance_seconds", family="instance_time", per=_HOUR)
    yield Meter(name="cache_token_hours", family="token_time", per=_MILLION)


#: Every meter by name.
METERS: Final[Mapping[str, Meter]] = MappingProxyType(
    {it.name: it for part in (_tokens, _images, _seconds, _calls, _others) for it in part()}
)


@cache
def ancestors(name: str) -> frozenset[str]:
    """The meters that contain this one. KeyError where there is none of this name."""
    meter = METERS[name]
    return frozenset(it.name for it in METERS.values() if it.family == meter.family and it.contains(meter))


@cache
def join(one: str, other: str) -> str | None:
    """The meter of what both count, such as cached audio; None where nothing is both."""
    dimensions = METERS[one].dimensions | METERS[other].dimensions
    return next((it.name for it in METERS.values() if it.dimensions == dimensions), None)
