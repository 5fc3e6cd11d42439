"""Reads what a request consumed from the response of its provider: which counts are where, and which contain which.

OpenAI counts cached tokens inside the prompt and reasoning inside the completion; Anthropic and Bedrock count what was
read from and written to a cache beside the input, Gemini its thoughts beside the candidates. What is counted beside is
added here to what contains it, so that a usage always has everything inside.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Context, Usage

from .conditions import USUAL
from .quantity import MOST, checked, usd_of
from .response_envelopes import opened
from .response_objects import counted, measured
from .response_shape import Count, Response, Shape, at, snake
from .response_shapes import SHAPES
from .response_tools import beyond, calls
from .response_unread import unread

#: Where a response says under which conditions it was served, and what these are called in sheets. What Bedrock's
#: `InvokeModel` says in headers stands beside the body: aws-sdk-bedrockruntime 1.130.0 (InvokeModelOutput), 2026-11-27.
_CONDITIONS: Final = (
    (("serviceTier",), "service_tier"),
    (("usage", "serviceTier"), "service_tier"),
    (("serviceTier", "type"), "service_tier"),
    (("data", "serviceTier"), "service_tier"),
    (("usageMetadata", "serviceTier"), "service_tier"),
    (("usageMetadata", "trafficType"), "service_tier"),
    (("performanceConfig", "latency"), "latency"),
    (("performanceConfigLatency",), "latency"),
    (("usage", "speed"), "speed"),
    (("usage", "inference_geo"), "region"),
    (("usage", "search_context_size"), "search_context_size"),
)

#: The names of conditions that responses state.
CONDITIONS: Final = frozenset({"processing", "cache_type", *(name for _, name in _CONDITIONS)})

#: Vertex AI's words for what others call so: pkg:pypi/google-genai@3.6.1 (TrafficType), 2026-11-26.
_TRAFFIC: Final = {"on_demand_priority": "priority", "on_demand_flex": "flex", "on_demand_offpeak": "offpeak"}

#: Of one US dollar, so many ticks: https://docs.x.ai/developers/cost-tracking, 2026-11-26.
_TICKS: Final = Decimal(10) ** 10

#: Of one US dollar, so many billionths of a credit of GitHub, which is a cent:
#: https://docs.github.com/en/copilot/concepts/billing/usage-based-billing-for-organizations-and-enterprises,
#: https://github.com/openclaw/openclaw/issues/100097. Both read on 2026-11-27.
_CREDITS: Final = Decimal(10) ** 11

#: All that was written to a cache, for however long.
_WRITTEN: Final = "cache_write_tokens"

#: Integers of more bits are no number of ticks.
_LONGEST: Final = 90


class Consumed(msgspec.Struct, frozen=True, kw_only=True):
    """What a response says: the usage with everything inside, its conditions, the model's name, and what the provider
    itself says it cost, in USD. `lacks` are meters that a piece of a stream does not count, or not to the end; `unread`
    names numbers of the response that may cost something and that no rule reads, with dots."""

    usage: Usage
    context: Context
    model: str | None = None
    reported_usd: Decimal | None = None
    lacks: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def consumed(response: Response, provider: str | None = None) -> Consumed:
    """What a response object of a provider says was consumed.

    Raises UsageInvalid where no usage is found in it, and where its counts cannot be.
    """
    if not isinstance(response, Mapping):
        raise UsageInvalid("response", f"is {type(response).__name__}; expected the object that the provider sent")
    whole = opened(response)
    response = whole.response
    for shape in SHAPES:
        found = at(response, shape.root)
        if isinstance(found, Mapping) and shape.fits(found, response, provider):
            usage = _counted(shape, found)
            named = tuple(".".join((*shape.root, name)) for name in unread(shape, found, usage))
            break
    else:
        usage, named = counted(response), ()
        if not usage:
            raise UsageInvalid(
                "response",
                "has no usage that is known here; expected the whole answer of a provider (OpenAI, Anthropic, Gemini, "
                "Bedrock, Cohere, xAI, Mistral and others), or send `usage` by meters",
            )
    for name, number in calls(response).items():
        usage.setdefault(name, number)  # where the usage counts them too, they are the same
    model = next(
        (it for key in ("model", "modelVersion", "model_version") if isinstance(it := response.get(key), str)), None
    )
    return Consumed(
        usage=checked(usage),
        context={**whole.context, **_context(response)},
        model=model,
        reported_usd=_reported(response),
        lacks=whole.lacks,
        unread=(*named, *beyond(response)),
    )


def incomplete(lacks: Iterable[str]) -> str | None:
    """What is said of a piece of a stream; None where nothing lacks."""
    named = " and ".join(lacks)
    if not named:
        return None
    return (
        f"The response is a piece of a stream that does not count all {named}: send the last event with the message of "
        "the first one beside it, as `message`, or `usage` by meters."
    )


def unknown_counts(unread: Iterable[str]) -> str | None:
    """What is said of numbers that no rule reads; None where there are none."""
    named = ", ".join(unread)
    if not named:
        return None
    return f"The response counts more than is known here, which may cost something: {named}. Send `usage` by meters."


def _counted(shape: Shape, found: Response) -> dict[str, int | Decimal]:
    usage: dict[str, int | Decimal] = {}
    taken: set[str] = set()
    below: dict[tuple[str, ...], Any] = {(): found}
    for count in shape.counts:
        first, before = count.meters[0], count.path[:-1]
        inside = below[before] if before in below else below.setdefault(before, at(found, before))
        if type(inside) is not dict and not isinstance(inside, Mapping):
            continue
        last = count.path[-1]
        value = inside[last] if last in inside else inside.get(snake(last))
        if (
            value is None
            or (count.instead_of_nothing and first in taken)
            or (count.instead_of_zero and usage.get(first))
        ):
            continue
        for number in _values(value, count):
            for meter in count.meters:
                # Each by itself: what is no count cannot be added to one.
                whole = type(number) is int and 0 <= number <= MOST
                counted = number if whole else checked({meter: _exact(meter, number)})[meter]
                usage[meter] = usage.get(meter, 0) + counted
            taken.add(first)
    _written(shape, usage)
    beside = shape.beside_if(found) if shape.beside_if is not None else ()
    for small, large in beside:
        if small in usage:
            usage[large] = usage.get(large, 0) + usage[small]
    return usage


def _written(shape: Shape, usage: dict[str, int | Decimal]) -> None:
    """What was written to a cache in all, where only its parts are told: LangChain then has 0 of it
    (https://github.com/langchain-ai/langchain/issues/36991)."""
    parts = usage.get("cache_write_5m_tokens", 0) + usage.get("cache_write_1h_tokens", 0)
    if parts and not usage.get(_WRITTEN):
        whole = next((count.meters for count in shape.counts if count.meters[0] == _WRITTEN), (_WRITTEN,))
        for meter in whole:
            usage[meter] = usage.get(meter, 0) + parts


def _exact(meter: str, value: Any) -> Any:
    """Times are as exact as they were measured, which may be more than is kept."""
    return measured(value) if isinstance(value, float | Decimal) and meter.endswith("_seconds") else value


def _values(value: Any, count: Count) -> list[Any]:
    """What is counted by what stands at a path, if anything; of a list, of all that its condition fits."""
    if count.among is None:
        return [] if count.or_empty and value == {} else [value]
    field, wanted, counted = count.among
    listed = value if isinstance(value, list) else []
    fitting = [
        at(it, tuple(counted.split(".")))
        for it in listed
        if isinstance(it, Mapping) and (not wanted or at(it, (field,)) in wanted)
    ]
    return [it for it in fitting if it is not None]


def _context(response: Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, name in _CONDITIONS:
        value = at(response, path)
        said = value.lower() if isinstance(value, str) else ""
        if said in USUAL:
            continue
        if name == "service_tier" and said == "batch":
            found["processing"] = "batch"
        else:
            found[name] = _TRAFFIC.get(said, said)
    # Alibaba reads from a cache that was asked for at another price than from one that was not:
    # https://www.alibabacloud.com/help/en/model-studio/context-cache, 2026-11-27.
    details = at(response, ("usage", "prompt_tokens_details"))
    if isinstance(details, Mapping) and details.get("cache_type") == "ephemeral" and details.get("cached_tokens"):
        found["cache_type"] = "ephemeral"
    return found


def _reported(response: Response) -> Decimal | None:
    """What OpenRouter, xAI or Copilot says a request cost; with a key of one's own, what the provider behind OpenRouter
    takes. What no request can cost says nothing."""
    usage, generation = response.get("usage"), response.get("data")
    nano = at(response, ("copilotUsage", "totalNanoAiu"))
    if isinstance(usage, Mapping):
        cost, ticks = usage.get("cost"), usage.get("cost_in_usd_ticks")
        if cost is None and type(ticks) is int and ticks.bit_length() < _LONGEST:
            cost = ticks / _TICKS
        if usage.get("is_byok") is True:
            cost = at(usage, ("cost_details", "upstream_inference_cost"))
        elif isinstance(cost, Mapping):
            cost = cost.get("total_cost")
        elif cost is None and type(nano) is int and nano.bit_length() < _LONGEST:
            cost = nano / _CREDITS
    else:
        own = at(generation, ("isByok",)) is True
        cost = at(generation, ("upstreamInferenceCost" if own else "totalCost",))
    if isinstance(cost, bool) or not isinstance(cost, int | float | Decimal):
        return None
    try:
        return usd_of("cost", cost)
    except UsageInvalid:
        return None
