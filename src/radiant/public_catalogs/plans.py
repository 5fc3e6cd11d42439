"""Providers that sell subscriptions, where a price of zero means that the model is part of a plan."""

import re
from typing import Final

from radiant.claims.facts import Facts

_PLANS: Final = frozenset(
    {
        "chatgpt",
        "firepass",
        "github_copilot",
        "gitlab",
        "kimi_for_coding",
        "microsoft_365_copilot",
        "ollama_cloud",
        "opencode_go",
    }
)
_NAMED_A_PLAN: Final = re.compile(r"_(coding|token)_plan(_|$)")


def is_plan(provider: str | None) -> bool:
    """Whether this provider of ours is paid by the month."""
    return provider is not None and (provider in _PLANS or _NAMED_A_PLAN.search(provider) is not None)


def leave_to_plan(facts: Facts, provider: str | None) -> bool:
    """Turn the zeros of a plan into the fact that it includes the model, and say whether that was done."""
    prices = facts.prices()
    if not prices or any(prices.values()) or not is_plan(provider):
        return False
    facts.drop(*(key.removeprefix("price.") for key in prices))
    facts.known("included_in_plan", True)
    return True
