"""Who is believed about the end of a model, and which defaults are about to go."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from radiant.sync.ends import End, Leaving, end_of, leaving

TODAY = dt.date(2026, 11, 26)
SOON, LATER = dt.date(2027, 1, 15), dt.date(2027, 9, 1)


def row(**more: Any) -> dict[str, Any]:
    return {"retires": None, "successor": None, "decided": [], "told": [], **more}


def said(source: str, value: str, field: str = "retires") -> dict[str, str]:
    return {"source": source, "field": field, "value": value}


@pytest.mark.parametrize(
    ("told", "source", "retires"),
    [
        (row(), None, None),
        (row(retires=SOON), "registry", SOON),
        (row(retires=SOON, told=[said("provider:openai", str(LATER))]), "provider:openai", LATER),
        (row(retires=SOON, told=[said("litellm", str(LATER))]), "registry", SOON),
        (row(told=[said("litellm", str(SOON)), said("openrouter", str(LATER))]), "openrouter", LATER),
        (row(told=[said("litellm", str(SOON)), said("provider:openai", str(LATER))]), "provider:openai", LATER),
        (row(retires=SOON, decided=["retires"], told=[said("provider:openai", str(LATER))]), "registry", SOON),
        (row(decided=["retires"], told=[said("litellm", str(SOON))]), "registry", None),
        (row(told=[said("litellm", "soon")]), "litellm", None),
    ],
)
def test_a_day_is_believed_of_a_person_then_the_provider_the_registry_and_public_catalogs(
    told: Mapping[str, Any], source: str | None, retires: dt.date | None
) -> None:
    end = end_of(told)
    assert (end.source, end.retires) == (source, retires)


def test_what_follows_may_be_named_by_another_than_the_day() -> None:
    told = [said("litellm", "gpt-8", "successor"), said("provider:openai", str(SOON))]
    assert end_of(row(told=told)) == End(retires=SOON, source="provider:openai", successor="gpt-8")


def default(model: str, task: str = "chat", **more: Any) -> dict[str, Any]:
    provider, _, id = model.partition("/")
    return {"name": id, "task": task, "provider_id": provider, "model_id": id, "deprecated": False,
            "successor": "next", **more}  # fmt: skip


@pytest.mark.parametrize(
    ("end", "deprecated", "words"),
    [
        (End(), False, None),
        (End(retires=LATER), False, None),
        (End(retires=TODAY + dt.timedelta(days=91)), False, None),
        (End(retires=TODAY + dt.timedelta(days=90)), False, "retires on 2027-02-24 (in 90 days), next follows it"),
        (End(retires=SOON, successor="m-9"), False, "retires on 2027-01-15 (in 50 days), m-9 follows it"),
        (End(retires=TODAY), False, "retired on 2026-11-26, next follows it"),
        (End(), True, "is deprecated, next follows it"),
    ],
)
def test_a_default_that_is_about_to_go_is_named_with_what_follows(
    end: End, deprecated: bool, words: str | None
) -> None:
    rows = [default("openai/m", deprecated=deprecated), default("openai/m", "completion", deprecated=deprecated)]
    found = leaving(rows, {("openai", "m"): end}, TODAY)
    expected = [] if words is None else [f"m for chat and completion: openai/m {words}"]
    assert [it.sentence(TODAY) for it in found] == expected


def test_another_provider_of_the_name_that_stays_is_told() -> None:
    rows = [default("azure_openai/m"), default("openai/m", successor=None)]
    (found,) = leaving(rows, {("openai", "m"): End(retires=SOON)}, TODAY)
    assert found == Leaving(
        name="m", tasks=("chat",), model="openai/m", deprecated=False, retires=SOON, successor=None,
        stays=("azure_openai/m",),
    )  # fmt: skip
    assert found.sentence(TODAY).endswith("nobody names what follows it; azure_openai/m stays")
