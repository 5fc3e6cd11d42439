"""Which public catalogs are fetched, with which conditions, and who is said to be called."""

import datetime as dt
from importlib.metadata import version
from typing import Any

import msgspec
import pytest

from radiant.admin.review import following
from radiant.domain.source import Contacts, Outcome, SourceResult
from radiant.domain.sync import Discovered
from radiant.installation.calls import calls
from radiant.providers.http import Answer
from radiant.public_catalogs.roster import BY_ID, SOURCES
from radiant.registry.sources import Fetched, Said
from radiant.sync.refreshing import came, fetches, still_good

TODAY = dt.date(2026, 11, 26)
URL = "https://example.com/catalog.json"
KNOWN = Fetched(url=URL, etag='"1"', reader=version("radiant-registry"))


def test_nothing_is_fetched_where_nobody_said_so() -> None:
    assert fetches({}, online=False) == []
    assert fetches({"litellm": Said(enabled=False, url=URL)}, online=False) == []


def test_what_is_enabled_is_fetched_from_its_mirror_or_its_own_address() -> None:
    said = {"litellm": Said(enabled=True, url=URL), "models.dev": Said(enabled=True), "gone": Said(enabled=True)}
    assert {it.source.id: it.url for it in fetches(said, online=False)} == {
        "litellm": URL,
        "models.dev": BY_ID["models.dev"].url,
    }
    assert [it.source.id for it in fetches(said, online=True)] == [it.id for it in SOURCES]


def test_where_each_is_fetched_says_who_tells_it_and_when() -> None:
    assert all(it.url_from.startswith(("https://", "pkg:")) and it.url_read <= TODAY for it in SOURCES)


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ({}, True),
        ({"good_until": TODAY + dt.timedelta(days=1)}, True),
        ({"good_until": TODAY}, False),
        ({"reader": "0.0.1"}, False),
        ({"reader": None}, False),
        ({"url": "https://mirror.example.com/catalog.json"}, False),
        ({"url": None}, False),
    ],
)
def test_a_condition_is_sent_only_where_the_same_document_would_say_the_same(
    change: dict[str, Any], good: bool
) -> None:
    assert still_good(msgspec.structs.replace(KNOWN, **change), URL, TODAY) is good


@pytest.mark.parametrize("etag", [None, "", " ", "ü", "a\x7fb", "x" * 501])
def test_a_validator_that_no_server_should_send_is_not_kept(etag: str | None) -> None:
    answer = Answer(URL, b"", {} if etag is None else {"etag": etag})
    assert came(URL, answer) == msgspec.structs.replace(KNOWN, etag=None)


def test_both_validators_are_kept() -> None:
    headers = {"etag": 'W/"a"', "last-modified": "Thu, 26 Nov 2026 10:00:00 GMT"}
    found = came(URL, Answer(URL, b"", headers))
    assert (found.etag, found.last_modified) == (headers["etag"], headers["last-modified"])


@pytest.mark.parametrize(
    ("contacts", "sentence"),
    [
        (
            Contacts(),
            "nobody: no provider has a key here, no public catalog is enabled; to begin, set a key such as"
            " OPENAI_API_KEY or `radiant sources enable all`",
        ),
        (
            Contacts(providers=tuple("abcdefg")),
            "providers a, b, c, d, e and 2 more; no public catalog (none is enabled); to begin,"
            " `radiant sources enable all`",
        ),
        (Contacts(providers=("openai",), sources=("litellm",)), "providers openai; public catalogs litellm"),
    ],
)
def test_who_is_called_is_one_line_that_says_how_to_begin(contacts: Contacts, sentence: str) -> None:
    assert calls(contacts) == sentence


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (SourceResult(source="litellm", outcome=Outcome.UNCHANGED), "litellm: the same as before."),
        (SourceResult(source="litellm", outcome=Outcome.FAILED, error="litellm: no."), "litellm: no."),
        (
            SourceResult(source="litellm", outcome=Outcome.IMPORTED, entries=1_000, added=2_000, changed=1),
            "litellm: 1,000 entries; facts: 2,000 added, 1 changed, 0 removed.",
        ),
    ],
)
def test_what_came_is_one_sentence(result: SourceResult, said: str) -> None:
    assert result.said == said


def listed(id: str, *, kind: str = "model", family: str = "m", status: str = "pending") -> Discovered:
    return Discovered(
        id=f"acme/{id}", provider_id="acme", model_id=id, status=status, kind=kind, family=family, proposed={},
        missing=(), claimed_by=(), first_seen=dt.datetime(2026, 11, 26, tzinfo=dt.UTC),
    )  # fmt: skip


def test_other_names_go_with_their_model_where_they_stand_as_it_does() -> None:
    model, alias = listed("m"), listed("m-latest", kind="alias")
    refused, snapshot = listed("m-x", kind="alias", status="rejected"), listed("m-2026-01-01", kind="snapshot")
    other = listed("n-latest", kind="alias", family="n")
    rows = [model, alias, refused, snapshot, other]
    assert following([model], rows) == [alias]
    assert following([alias], rows) == []
    assert following([model, alias], rows) == []
    assert following([listed("m", status="rejected")], rows) == [refused]
