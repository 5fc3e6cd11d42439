"""Which prices of a tariff a request is charged: a sum of prices times quantities, decided by what comes out.

A picture is charged as a picture and speech as speech; the price of text tokens is never taken for the price of
something else. Where no price is known for what a task gives, the cost is unknown.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import IntFlag
from typing import Final

import msgspec

from radiant.domain.vocabulary import Modality, Task

from .quantities import PLACES, Quantities, Quantity
from .tariff import TOKEN_PLACES, Tariff

#: One summand: a place among the quantities, and the price of one.
Term = tuple[int, int]
Formula = tuple[Term, ...]

#: Tokens are priced by the thousand and counted in millionths.
_THOUSAND: Final = 1000 * 10**TOKEN_PLACES


class Media(IntFlag):
    """What else than text goes into a request or comes out of it, as far as it changes the price."""

    NONE = 0
    IMAGE_IN = 1
    AUDIO_IN = 2
    IMAGE_OUT = 4
    AUDIO_OUT = 8
    VIDEO_OUT = 16


_INTO: Final = {Modality.IMAGE: Media.IMAGE_IN, Modality.AUDIO: Media.AUDIO_IN}
_OUT_OF: Final = {
    Modality.IMAGE: Media.IMAGE_OUT,
    Modality.AUDIO: Media.AUDIO_OUT,
    Modality.VIDEO: Media.VIDEO_OUT,
}

#: What a task takes and gives by itself, whatever a request says.
_OF_TASK: Final[Mapping[Task, Media]] = {
    Task.IMAGE: Media.IMAGE_OUT,
    Task.VIDEO: Media.VIDEO_OUT,
    Task.AUDIO: Media.AUDIO_OUT,
    Task.TRANSCRIPTION: Media.AUDIO_IN,
}


def media_of(inputs: Iterable[str], outputs: Iterable[str]) -> Media:
    """What a request with these modalities takes and gives besides text."""
    media = Media.NONE
    for modality in inputs:
        media |= _INTO.get(Modality(modality), Media.NONE)
    for modality in outputs:
        media |= _OUT_OF.get(Modality(modality), Media.NONE)
    return media


def beyond(task: Task, media: Media) -> Media:
    """Those of `media` that a request of the task does not have anyway."""
    return media & ~_OF_TASK.get(task, Media.NONE)


def priced_media(tariff: Tariff) -> Media:
    """What besides text changes what requests at this tariff cost."""
    media = Media.NONE
    if tariff.input_image is not None:
        media |= Media.IMAGE_IN
    if tariff.audio_input is not None:
        media |= Media.AUDIO_IN
    if tariff.task in _PLAIN or tariff.task is Task.OCR:
        # A model of text that can give something else has another price for it, or one that nobody knows.
        media |= Media.IMAGE_OUT | Media.AUDIO_OUT | Media.VIDEO_OUT
    return media


def formula(tariff: Tariff, quantities: Quantities, media: Media) -> Formula | None:
    """What a request is charged, or None where no price is known for what it gives."""
    priced = _Priced(_in_tier(tariff, quantities.input_tokens), quantities, media)
    for rule in _RULES.get(tariff.task, _TEXT):
        found = rule(priced)
        if found is not None:
            return found
    return None


def charge(tariff: Tariff, quantities: Quantities, media: Media) -> int | None:
    """What a request costs, in `quantities.common`-ths of an amount; None where it is unknown."""
    read, written = tariff.input, tariff.output
    counts = quantities.counts
    if (
        media is Media.NONE
        and tariff.task in _PLAIN
        and read is not None
        and written is not None
        and tariff.reasoning is None
        and not tariff.tiers
    ):  # nearly all models, in a tenth of the time
        cached = read if tariff.cache_read is None else tariff.cache_read
        total = read * quantities.input + cached * quantities.cached + written * quantities.output
        return total if tariff.request is None else total + tariff.request * quantities.common
    found = formula(tariff, quantities, media)
    if found is None:
        return None
    return sum(price * (counts[place] or 0) for place, price in found)


def _in_tier(tariff: Tariff, input_tokens: int) -> Tariff:
    """The tariff of a whole request with so many input tokens."""
    reached = [tier for tier in tariff.tiers if input_tokens > tier.above]
    if not reached:
        return tariff
    tier = reached[-1]
    return msgspec.structs.replace(
        tariff,
        input=tariff.input if tier.input is None else tier.input,
        output=tariff.output if tier.output is None else tier.output,
        cache_read=tariff.cache_read if tier.cache_read is None else tier.cache_read,
    )


class _Priced:
    """One tariff, one request: the summands there may be. Each is None where its price is unknown."""

    def __init__(self, tariff: Tariff, quantities: Quantities, media: Media) -> None:
        self.tariff, self.quantities, self.media = tariff, quantities, media

    def term(self, quantity: Quantity, price: int | None) -> Formula | None:
        """Unknown too where the request does not say how many, and nothing can be assumed."""
        place = PLACES[quantity]
        if price is None or self.quantities.counts[place] is None:
            return None
        return ((place, price),)

    def read(self, price: int | None) -> Formula | None:
        """Input tokens at a price, those from a cache at theirs if there is one."""
        if price is None:
            return None
        cached = price if self.tariff.cache_read is None else self.tariff.cache_read
        return (PLACES[Quantity.INPUT], price), (PLACES[Quantity.CACHED], cached)

    def fees(self, *known: Formula | None) -> Formula | None:
        """`known` together with what is charged on top of it; None where one of them is."""
        total: Formula = ()
        for part in known:
            if part is None:
                return None
            total += part
        tariff = self.tariff
        total += self.term(Quantity.REQUESTS, tariff.request) or ()
        if tariff.task is Task.SEARCH:
            total += self.term(Quantity.REQUESTS, tariff.search) or ()
        if self.media & Media.IMAGE_IN:
            total += self.term(Quantity.IMAGES, tariff.input_image) or ()
        return total

    def tokens_of_one(self, price: int | None, tokens: int | None) -> int | None:
        """The price of one image or second that is so many millionths of tokens."""
        return None if price is None or tokens is None else price * tokens // _THOUSAND


Rule = Callable[[_Priced], Formula | None]


def _text(it: _Priced) -> Formula | None:
    """Tokens in and out, at the rate of what they carry where it has one."""
    tariff, media = it.tariff, it.media
    read = tariff.audio_input if media & Media.AUDIO_IN and tariff.audio_input is not None else tariff.input
    if media & Media.IMAGE_OUT:
        return _picture(it)
    if media & Media.VIDEO_OUT:
        return _film(it)
    written = tariff.audio_output if media & Media.AUDIO_OUT else _dearer(tariff.output, tariff.reasoning)
    return it.fees(it.read(read), it.term(Quantity.OUTPUT, written))


def _dearer(output: int | None, reasoning: int | None) -> int | None:
    """Nobody knows how much of an answer is reasoning: all of it counts at the dearer of the two prices."""
    return output if output is None or reasoning is None else max(output, reasoning)


def _read_only(it: _Priced) -> Formula | None:
    """Nothing that comes out is sold by the token."""
    return it.fees(it.read(it.tariff.input))


def _picture(it: _Priced) -> Formula | None:
    tariff = it.tariff
    prompt = it.read(tariff.input) or ()
    if it.quantities.output_stated and tariff.image_output is not None:
        return it.fees(prompt, it.term(Quantity.OUTPUT, tariff.image_output))
    of_one = tariff.image if tariff.image is not None else it.tokens_of_one(tariff.image_output, tariff.image_tokens)
    return it.fees(prompt, it.term(Quantity.IMAGES, of_one))


def _film(it: _Priced) -> Formula | None:
    tariff = it.tariff
    if tariff.second is not None:
        return it.fees(it.term(Quantity.SECONDS, tariff.second))
    prompt = it.read(tariff.input) or ()
    if it.quantities.output_stated and tariff.video_output is not None:
        return it.fees(prompt, it.term(Quantity.OUTPUT, tariff.video_output))
    of_one = it.tokens_of_one(tariff.video_output, tariff.video_tokens)
    return it.fees(prompt, it.term(Quantity.SECONDS, of_one))


def _speech(it: _Priced) -> Formula | None:
    tariff = it.tariff
    prompt = it.read(tariff.input) or ()
    if it.quantities.output_stated and tariff.audio_output is not None:
        return it.fees(prompt, it.term(Quantity.OUTPUT, tariff.audio_output))
    if tariff.character is not None:
        return it.fees(it.term(Quantity.CHARACTERS, tariff.character))
    of_one = it.tokens_of_one(tariff.audio_output, tariff.audio_tokens)
    return it.fees(prompt, it.term(Quantity.SECONDS, of_one))


def _hearing(it: _Priced) -> Formula | None:
    tariff = it.tariff
    if tariff.second is not None:
        return it.fees(it.term(Quantity.SECONDS, tariff.second))
    heard = tariff.audio_input if tariff.audio_input is not None else None
    written = it.term(Quantity.OUTPUT, tariff.output)
    if it.quantities.input_stated:
        return it.fees(it.read(heard if heard is not None else tariff.input), written)
    return it.fees(it.term(Quantity.SECONDS, it.tokens_of_one(heard, tariff.audio_tokens)), written)


def _found(it: _Priced) -> Formula | None:
    """A search is what is given: without a price of it, that of the tokens says nothing."""
    tariff = it.tariff
    if tariff.search is None and tariff.request is None:
        return None
    return it.fees(it.read(tariff.input) or (), it.term(Quantity.OUTPUT, tariff.output) or ())


def _fees_alone(it: _Priced) -> Formula | None:
    """Sold by the request, and by nothing else that is known."""
    return it.fees() if it.tariff.request is not None else None


def _page(it: _Priced) -> Formula | None:
    return it.fees(it.term(Quantity.PAGES, it.tariff.page))


def _characters(it: _Priced) -> Formula | None:
    return it.fees(it.term(Quantity.CHARACTERS, it.tariff.character))


def _seconds(it: _Priced) -> Formula | None:
    return it.fees(it.term(Quantity.SECONDS, it.tariff.second))


def _images(it: _Priced) -> Formula | None:
    return it.fees(it.term(Quantity.IMAGES, it.tariff.image))


def _instance(it: _Priced) -> Formula | None:
    return it.term(Quantity.INSTANCE_SECONDS, it.tariff.instance_second)


#: For each task its rules, the first that finds a price deciding; `comparable_price()` in SQL has the same.
_TEXT: Final[tuple[Rule, ...]] = (_text, _fees_alone, _images, _seconds, _characters, _page, _instance)
_RULES: Final[Mapping[Task, tuple[Rule, ...]]] = {
    Task.EMBEDDING: (_read_only, _fees_alone, _characters, _images, _seconds, _instance),
    Task.RERANK: (_read_only, _fees_alone, _characters, _instance),
    Task.MODERATION: (_read_only, _fees_alone, _characters, _images, _instance),
    Task.IMAGE: (_picture, _fees_alone, _instance),
    Task.VIDEO: (_film, _fees_alone, _instance),
    Task.AUDIO: (_speech, _seconds, _fees_alone, _instance),
    Task.TRANSCRIPTION: (_hearing, _fees_alone, _instance),
    Task.OCR: (_page, _text, _fees_alone, _images, _instance),
    Task.SEARCH: (_found, _instance),
    Task.THREE_D: (_fees_alone, _instance),
}

#: Tasks whose tokens are all there is to pay, requests with a fee apart.
_PLAIN: Final = frozenset({Task.CHAT, Task.COMPLETION, Task.REALTIME, Task.INFERENCE, Task.OTHER})
