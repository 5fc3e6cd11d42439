"""Checks what a provider states about standards. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from radiant.domain.compliance import Terms
from radiant.domain.external import Provider

Problem = tuple[str | None, str]


def compliance_problems(provider: Provider, models: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the statements of a provider that serves `models`."""
    stated = Counter((item.standard, item.covers) for item in provider.compliance)
    for number, item in enumerate(provider.compliance):
        key = f"compliance[{number}]"
        if item.standard == "HIPAA" and not re.search("BAA|Business Associate", item.note or ""):
            yield f"{key}.note", "HIPAA stands only where the provider signs a BAA; say so with the page"
        if stated[item.standard, item.covers] > 1:
            yield f"{key}.standard", f"{item.standard} is stated twice of the same product; say it in one table"
        for name, patterns in (("models", item.models), ("except", item.excepted)):
            for pattern in patterns:
                if not any(Terms(url=item.url, models=(pattern,)).covered(model) for model in models):
                    yield f"{key}.{name}", f"{pattern} is none of the provider's models in the catalog"
