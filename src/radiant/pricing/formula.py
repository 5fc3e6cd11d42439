"""Which prices of a tariff a request is charged: a sum of prices times quantities, decided by what comes out.

Each summand is of a meter, so that `estimate.py` can have `rate()` say the same item by item.

A picture is charged as a picture and speech as speech; the price of text tokens is never taken for the price of
something else. Where no price is known for what a task gives, the cost is unknown.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

import msgspec

from radiant.domain.vocabulary import Task

from .media import Media
from .quantities import PLACES, Quantities, Quantity
from .tariff import TOKEN_PLACES, Tariff

#: One summand: a place among the quantities and the price of one; and the meter that it is a price of, with how many
#: millionths of that one of the quantity is.
Term = tuple[int, int, str, int]
Formula = tuple[Term, ...]

_ONE: Final = 10**TOKEN_PLACES

#: Tokens are priced by the thousand and counted in millionths.
_THOUSAND: Final = 1000 * 10**TOKEN_PLACES


def priced_media(tariff: Tariff) -> Media:
    """What besides text changes what requests at this tariff cost."""
    return _priced_media(tariff.task, tariff.input_image is not None, tariff.audio_input is not None)


@cache  # flags put together one by one take as long as all else that a changed price costs
def _priced_media(task: Task, images: bool, audio: bool) -> Media:
    media = Media.NONE
    if images:
        media |= Media.IMAGE_IN
    if audio:
        media |= Media.AUDIO_IN
    if task in _PLAIN or task is Task.OCR:
        # A model of text that can give something else has another price for it, or one that nobody knows.
        media |= Media.IMAGE_OUT | Media.AUDIO_OUT | Media.VIDEO_OUT
    return media


def formula(tariff: Tariff, quantities: Quantities, media: Media) -> Formula | None:
    """What a request is charged, or None where no price is known for what it gives."""
    priced = _Priced(_in_tier(tariff, quantities.input_tokens), quantities, media)
    for rule in _RULES.get(tariff.task, _TEXT):
        if found := rule(priced):
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
        fee = tariff.request
        if fee is not None:
            total += fee * quantities.common
        if tariff.minimum is None:
            return total
        counted = quantities.input, quantities.cached, quantities.output, fee is not None
        return _at_least(total, tariff, quantities, counted)
    found = formula(tariff, quantities, media)
    if found is None:
        return None
    total = sum(price * (counts[place] or 0) for place, price, _, _ in found)
    return _at_least(total, tariff, quantities, [counts[place] for place, *_ in found])


def _at_least(total: int, tariff: Tariff, quantities: Quantities, counts: Iterable[int | None]) -> int:
    """The total, or what a request costs at least where anything of it is counted, as `sold` has it."""
    if tariff.minimum is None or not any(counts):
        return total
    return max(total, tariff.minimum * quantities.common)


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
    """One tariff, one request: the summands there may be. Each is None where its price is unknown, and empty where a
    request states that there is nothing that an unknown price of tokens would be for."""

    def __init__(self, tariff: Tariff, quantities: Quantities, media: Media) -> None:
        self.tariff, self.quantities, self.media = tariff, quantities, media

    def term(self, quantity: Quantity, price: int | None, meter: str, of_one: int = _ONE) -> Formula | None:
        """Unknown too where the request does not say how many, and nothing can be assumed."""
        place = PLACES[quantity]
        if price is None or self.quantities.counts[place] is None:
            return None
        return ((place, price, meter, of_one),)

    def read(self, price: int | None, meter: str = "input_tokens") -> Formula | None:
        """Input tokens at a price, those from a cache at theirs if there is one."""
        if price is None:
            return None if self.quantities.input_tokens else ()
        known = self.tariff.cache_read
        cached = (price, meter) if known is None else (known, "cache_read_tokens")
        return (PLACES[Quantity.INPUT], price, meter, _THOUSAND), (PLACES[Quantity.CACHED], *cached, _THOUSAND)

    def written(self, price: int | None, meter: str = "output_tokens") -> Formula | None:
        """Output tokens at a price."""
        if price is None and not self.quantities.output:
            return ()
        return self.term(Quantity.OUTPUT, price, meter, _THOUSAND)

    def fees(self, *known: Formula | None) -> Formula | None:
        """`known` together with what is charged on top of it; None where one of them is."""
        total: Formula = ()
        for part in known:
            if part is None:
                return None
            total += part
        tariff = self.tariff
        total += self.term(Quantity.REQUESTS, tariff.request, "requests") or ()
        if tariff.task is Task.SEARCH:
            total += self.term(Quantity.REQUESTS, tariff.search, "web_searches") or ()
        if self.media & Media.IMAGE_IN:
            total += self.term(Quantity.IMAGES, tariff.input_image, "input_images") or ()
        return total

    def lasting(self, meter: str = "audio_seconds") -> Formula | None:
        """Seconds at their price."""
        return self.term(Quantity.SECONDS, self.tariff.second, meter)

    def in_tokens(self, quantity: Quantity, price: int | None, tokens: int | None, meter: str) -> Formula | None:
        """Images or seconds, each of which is so many millionths of tokens."""
        if price is None or tokens is None:
            return None
        return self.term(quantity, price * tokens // _THOUSAND, meter, tokens)


Rule = Callable[[_Priced], Formula | None]


def _text(it: _Priced) -> Formula | None:
    """Tokens in and out, at the rate of what they carry where it has one."""
    tariff, media = it.tariff, it.media
    heard = media & Media.AUDIO_IN and tariff.audio_input is not None
    if media & Media.IMAGE_OUT:
        return _picture(it)
    if media & Media.VIDEO_OUT:
        return _film(it)
    read = it.read(tariff.audio_input, "input_audio_tokens") if heard else it.read(tariff.input)
    if media & Media.AUDIO_OUT:
        return it.fees(read, it.written(tariff.audio_output, "output_audio_tokens"))
    return it.fees(read, _answered(it))


def _answered(it: _Priced) -> Formula | None:
    """Nobody knows how much of an answer is reasoning: all of it counts at the dearer of the two prices."""
    output, reasoning = it.tariff.output, it.tariff.reasoning
    if output is None or reasoning is None or reasoning <= output:
        return it.written(output)
    return it.written(reasoning, "output_reasoning_tokens")


def _read_only(it: _Priced) -> Formula | None:
    """Nothing that comes out is sold by the token."""
    return it.fees(it.read(it.tariff.input))


def _picture(it: _Priced) -> Formula | None:
    tariff = it.tariff
    prompt = it.read(tariff.input) or ()
    if it.quantities.output_stated and tariff.image_output is not None:
        return it.fees(prompt, it.written(tariff.image_output, "output_image_tokens"))
    if tariff.image is not None:
        return it.fees(prompt, it.term(Quantity.IMAGES, tariff.image, "images"))
    return it.fees(
        prompt, it.in_tokens(Quantity.IMAGES, tariff.image_output, tariff.image_tokens, "output_image_tokens")
    )


def _film(it: _Priced) -> Formula | None:
    tariff = it.tariff
    if tariff.second is not None:
        return it.fees(it.lasting("video_seconds" if tariff.task is Task.VIDEO else "audio_seconds"))
    prompt = it.read(tariff.input) or ()
    if it.quantities.output_stated and tariff.video_output is not None:
        return it.fees(prompt, it.written(tariff.video_output, "output_video_tokens"))
    return it.fees(
        prompt, it.in_tokens(Quantity.SECONDS, tariff.video_output, tariff.video_tokens, "output_video_tokens")
    )


def _speech(it: _Priced) -> Formula | None:
    tariff = it.tariff
    prompt = it.read(tariff.input) or ()
    if it.quantities.output_stated and tariff.audio_output is not None:
        return it.fees(prompt, it.written(tariff.audio_output, "output_audio_tokens"))
    if tariff.character is not None:
        return it.fees(it.term(Quantity.CHARACTERS, tariff.character, "input_characters"))
    return it.fees(
        prompt, it.in_tokens(Quantity.SECONDS, tariff.audio_output, tariff.audio_tokens, "output_audio_tokens")
    )


def _hearing(it: _Priced) -> Formula | None:
    tariff = it.tariff
    if tariff.second is not None:
        return it.fees(it.lasting())
    heard, written = tariff.audio_input, it.written(tariff.output)
    if it.quantities.input_stated:
        read = it.read(tariff.input) if heard is None else it.read(heard, "input_audio_tokens")
        return it.fees(read, written)
    return it.fees(it.in_tokens(Quantity.SECONDS, heard, tariff.audio_tokens, "input_audio_tokens"), written)


def _found(it: _Priced) -> Formula | None:
    """A search is what is given: without a price of it, that of the tokens says nothing."""
    tariff = it.tariff
    if tariff.search is None and tariff.request is None:
        return None
    return it.fees(it.read(tariff.input) or (), it.written(tariff.output) or ())


def _fees_alone(it: _Priced) -> Formula | None:
    """Sold by the request, and by nothing else that is known."""
    return it.fees() if it.tariff.request is not None else None


def _page(it: _Priced) -> Formula | None:
    return it.fees(it.term(Quantity.PAGES, it.tariff.page, "input_document_pages"))


def _characters(it: _Priced) -> Formula | None:
    return it.fees(it.term(Quantity.CHARACTERS, it.tariff.character, "input_characters"))


def _seconds(it: _Priced) -> Formula | None:
    return it.fees(it.lasting("video_seconds" if it.tariff.task is Task.VIDEO else "audio_seconds"))


def _images(it: _Priced) -> Formula | None:
    return it.fees(it.term(Quantity.IMAGES, it.tariff.image, "images"))


def _instance(it: _Priced) -> Formula | None:
    return it.term(Quantity.INSTANCE_SECONDS, it.tariff.instance_second, "instance_seconds")


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
