"""What rating one usage takes, beside genai-prices and LiteLLM in the same run, and a million of them again.

    python bench/rating/run.py [--repeat 20000] [--again 1000000]

Prints JSON, times in microseconds. Every rater is asked the same usage at the same prices and its answer is looked at
once. Needs the packages `genai-prices` and `litellm`, which use the prices they come with; nothing is fetched.
"""

import argparse
import datetime as dt
import json
import os
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

from genai_prices import Usage as GenaiUsage
from genai_prices import calc_price

from radiant import Price, Sheet, Tier, Timeline, rate
from radiant.pricing.responses import consumed

AT = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)

#: Six keys: cached and written tokens inside the input, reasoning inside the output.
USAGE = {
    "input_tokens": 250_000,
    "cache_read_tokens": 100_000,
    "cache_write_tokens": 30_000,
    "cache_write_1h_tokens": 10_000,
    "output_tokens": 1_200,
    "output_reasoning_tokens": 300,
}
PLAIN = {"input_tokens": 1_000, "output_tokens": 500}

RESPONSE = {
    "type": "message",
    "model": "claude-sonnet-4-5",
    "usage": {
        "input_tokens": 120_000,
        "cache_read_input_tokens": 100_000,
        "cache_creation_input_tokens": 30_000,
        "cache_creation": {"ephemeral_5m_input_tokens": 20_000, "ephemeral_1h_input_tokens": 10_000},
        "output_tokens": 1_200,
    },
}


def _price(meter: str, amount: str, above: str | None = None) -> Price:
    tiers = () if above is None else (Tier(200_000, False, Decimal(above)),)
    return Price(meter=meter, amount=Decimal(amount), per=1_000_000, tiers=tiers)


TIERED = Sheet(
    provider_id="anthropic",
    model_id="claude-sonnet-4-5",
    source="bench",
    prices=(
        _price("input_tokens", "3", "6"),
        _price("output_tokens", "15", "22.5"),
        _price("cache_read_tokens", "0.3", "0.6"),
        _price("cache_write_tokens", "3.75", "7.5"),
        _price("cache_write_1h_tokens", "6", "12"),
    ),
)
MINI = Sheet(
    provider_id="openai",
    model_id="gpt-4o-mini",
    source="bench",
    prices=(_price("input_tokens", "0.15"), _price("output_tokens", "0.6"), _price("cache_read_tokens", "0.075")),
)


def _history(sheet: Sheet, versions: int) -> tuple[Sheet, ...]:
    """The sheet and what it replaced, month by month."""
    starts = [AT - dt.timedelta(days=30 * back) for back in range(versions, 0, -1)]
    return tuple(
        Sheet(
            provider_id=sheet.provider_id, model_id=sheet.model_id, source=sheet.source, prices=sheet.prices,
            valid_from=start, valid_to=end,
        )
        for start, end in zip(starts, [*starts[1:], None], strict=True)
    )  # fmt: skip


def timed(asked: dict[str, Callable[[], Any]], repeat: int, rounds: int = 5) -> dict[str, dict[str, float]]:
    """Median and 99th percentile of each, in turns, the best of some rounds."""
    found: dict[str, list[list[float]]] = {name: [] for name in asked}
    clock = time.perf_counter_ns
    for _ in range(rounds):
        for name, ask in asked.items():
            times = []
            for _ in range(max(200, repeat // rounds // (10 if name.startswith(("litellm", "genai")) else 1))):
                begun = clock()
                ask()
                times.append((clock() - begun) / 1000)
            times.sort()
            found[name].append(times)
    return {
        name: {
            "p50": round(min(statistics.median(times) for times in rounds), 2),
            "p99": round(min(times[len(times) * 99 // 100] for times in rounds), 2),
        }
        for name, rounds in found.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=20_000)
    parser.add_argument("--again", type=int, default=1_000_000)
    options = parser.parse_args()
    import litellm

    genai_six = GenaiUsage(**USAGE)
    genai_two = GenaiUsage(**PLAIN)
    tiered, mini, history = Timeline([TIERED]), Timeline([MINI]), Timeline(_history(MINI, 10))
    litellm_usage = litellm.Usage(prompt_tokens=1000, completion_tokens=500)
    asked: dict[str, Callable[[], Any]] = {
        "rate, six keys with tiers": lambda: rate(tiered, USAGE, AT),
        "genai-prices, six keys with tiers": lambda: calc_price(
            genai_six, "claude-sonnet-4-5", provider_id="anthropic", genai_request_timestamp=AT
        ),
        "rate, two keys": lambda: rate(mini, PLAIN, AT),
        "rate, two keys, ten sheets of history": lambda: rate(history, PLAIN, AT),
        "genai-prices, two keys": lambda: calc_price(
            genai_two, "gpt-4o-mini", provider_id="openai", genai_request_timestamp=AT
        ),
        "litellm.cost_per_token, two keys": lambda: litellm.cost_per_token(
            model="gpt-4o-mini", prompt_tokens=1000, completion_tokens=500, usage_object=litellm_usage
        ),
        "a response read and rated": lambda: rate(tiered, consumed(RESPONSE, "anthropic").usage, AT),
    }
    assert (
        rate(mini, PLAIN, AT).total
        == calc_price(genai_two, "gpt-4o-mini", provider_id="openai", genai_request_timestamp=AT).total_price
    )
    times = timed(asked, options.repeat)
    begun = time.process_time()
    for place in range(options.again):
        rate(tiered, {**USAGE, "input_tokens": 250_000 + place}, AT, ahead=False)
    again = time.process_time() - begun
    p50 = {name: each["p50"] for name, each in times.items()}
    print(
        json.dumps(
            {
                "microseconds": times,
                "times_faster_than_genai_prices_six_keys": round(
                    p50["genai-prices, six keys with tiers"] / p50["rate, six keys with tiers"], 1
                ),
                "times_faster_than_genai_prices_two_keys": round(
                    p50["genai-prices, two keys"] / p50["rate, two keys"], 1
                ),
                "times_faster_than_litellm": round(p50["litellm.cost_per_token, two keys"] / p50["rate, two keys"], 1),
                "processor_seconds_for_rating_again": {str(options.again): round(again, 2)},
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
