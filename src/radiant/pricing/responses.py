"""Reads what a request consumed from the response of its provider: which counts are where, and which contain which.

OpenAI counts cached tokens inside the prompt and reasoning inside the completion; Anthropic and Bedrock count what was
read from and written to a cache beside the input, Gemini its thoughts beside the candidates. What is counted beside is
added here to what contains it, so that a usage always has everything inside.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final

import msgspec

from radiant.domain.errors import UsageInvalid
from radiant.domain.meter import METERS
from radiant.domain.price_sheet import Context, Usage

from .quantity import checked, usd_of
from .response_shapes import SHAPES, Count, Response, Shape

#: What every response may say, and a price does not depend on.
_USUAL: Final = frozenset({"", "default", "standard", "auto", "on_demand", "global", "not_available"})

#: Where a response says under which conditions it was served, and what these are called in sheets.
_CONDITIONS: Final = (
    (("service_tier",), "service_tier"),
    (("usage", "service_tier"), "service_tier"),
    (("serviceTier", "type"), "service_tier"),
    (("usage", "speed"), "speed"),
    (("usage", "inference_geo"), "region"),
)

#: The names of conditions that responses state.
CONDITIONS: Final = frozenset({"processing", *(name for _, name in _CONDITIONS)})

#: Calls of tools that stand as items in the output of OpenAI's responses.
_CALLS: Final = {
    "web_search_call": "web_searches",
    "file_search_call": "storage_searches",
    "code_interpreter_call": "code_executions",
}


class Consumed(msgspec.Struct, frozen=True, kw_only=True):
    """What a response says: the usage with everything inside, its conditions, the model's name, and what the provider
    itself says it cost, in USD."""

    usage: Usage
    context: Context
    model: str | None = None
    reported_usd: Decimal | None = None


def consumed(response: Response, provider: str | None = None) -> Consumed:
    """What a response object of a provider says was consumed.

    Raises UsageInvalid where no usage is found in it, and where its counts cannot be.
    """
    if not isinstance(response, Mapping):
        raise UsageInvalid("response", f"is {type(response).__name__}; expected the object that the provider sent")
    for shape in SHAPES:
        found = _at(response, shape.root)
        if isinstance(found, Mapping) and shape.fits(found, response, provider):
            usage = _counted(shape, found)
            break
    else:
        usage = _images(response) or _heard(response)
        if not usage:
            raise UsageInvalid(
                "response",
                "has no usage that is known here; expected one of OpenAI, Anthropic, Gemini, Bedrock, Cohere, xAI, "
                "Perplexity or Mistral, or send `usage` by meters",
            )
    for name, count in _calls(response):
        usage[name] = usage.get(name, 0) + count
    model = next(
        (it for key in ("model", "modelVersion", "model_version") if isinstance(it := response.get(key), str)), None
    )
    return Consumed(
        usage=checked(usage), context=_context(response), model=model, reported_usd=_reported(_at(response, ("usage",)))
    )


def _counted(shape: Shape, found: Response) -> dict[str, int | Decimal]:
    usage: dict[str, int | Decimal] = {}
    taken: set[str] = set()
    for count in shape.counts:
        if count.instead_of_nothing and count.meters[0] in taken:
            continue
        for value in _values(found, count):
            for meter in count.meters:
                # Each by itself: what is no count cannot be added to one.
                usage[meter] = usage.get(meter, 0) + checked({meter: value})[meter]
            taken.add(count.meters[0])
    beside = shape.beside_if(found) if shape.beside_if is not None else ()
    for small, large in beside:
        usage[large] = usage.get(large, 0) + usage.get(small, 0)
    return usage


def _values(found: Response, count: Count) -> list[Any]:
    """What is counted at a path, if anything; of a list, of all that its condition fits."""
    value = _at(found, count.path)
    if count.among is None:
        return [] if value is None else [value]
    field, wanted, counted = count.among
    listed = value if isinstance(value, list) else []
    fitting = [_at(it, (counted,)) for it in listed if isinstance(it, Mapping) and _at(it, (field,)) in wanted]
    return [it for it in fitting if it is not None]


def _at(it: Any, path: tuple[str, ...]) -> Any:
    """What is at a path; names may be written in camel or in snake case, as SDKs do."""
    for name in path:
        if not isinstance(it, Mapping):
            return None
        it = it.get(name) if name in it else it.get(_snake(name))
    return it


@cache
def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _context(response: Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, name in _CONDITIONS:
        value = _at(response, path)
        if isinstance(value, str) and value.lower() not in _USUAL:
            if name == "service_tier" and value.lower() == "batch":
                found["processing"] = "batch"
            else:
                found[name] = value.lower()
    return found


def _calls(response: Response) -> Iterator[tuple[str, int]]:
    output = response.get("output")
    for item in output if isinstance(output, list) else ():
        kind = item.get("type") if isinstance(item, Mapping) else None
        meter = _CALLS.get(kind) if isinstance(kind, str) else None
        # A page that is opened, or searched in, is no search.
        if meter is not None and _at(item, ("action", "type")) in (None, "search"):
            yield meter, 1


def _images(response: Response) -> dict[str, Any]:
    """Images without tokens are counted, by quality and size where the answer says both."""
    data = response.get("data")
    made = (
        [it for it in data if isinstance(it, Mapping) and ("url" in it or "b64_json" in it)]
        if isinstance(data, list)
        else []
    )
    if not made:
        return {}
    said = [it for key in ("quality", "size") if isinstance(it := response.get(key), str) and it]
    usage: dict[str, Any] = {"images": len(made)}
    name = "_".join(("images", *said))
    if name in METERS:
        usage[name] = len(made)
    return usage


def _heard(response: Response) -> dict[str, Any]:
    """A transcription that says only how long it is."""
    duration = response.get("duration")
    if "text" in response and isinstance(duration, int | float) and not isinstance(duration, bool):
        return {"input_audio_seconds": duration}
    return {}


def _reported(usage: Any) -> Decimal | None:
    """What OpenRouter says a request cost; with a key of one's own, what the provider behind it takes. What no request
    can cost says nothing."""
    if not isinstance(usage, Mapping):
        return None
    cost = usage.get("cost")
    if usage.get("is_byok") is True:
        cost = _at(usage, ("cost_details", "upstream_inference_cost"))
    elif isinstance(cost, Mapping):
        cost = cost.get("total_cost")
    if isinstance(cost, bool) or not isinstance(cost, int | float | Decimal):
        return None
    try:
        return usd_of("cost", cost)
    except UsageInvalid:
        return None
