"""Every provider's own list is read as it is documented."""

import datetime as dt
import json
import tomllib
from typing import Any

import msgspec
import pytest

from radiant.catalog.load import OURS
from radiant.domain.external import Auth, AuthScheme
from radiant.providers.keys import Account, signer
from radiant.providers.lister import Fetched, address, read
from radiant.providers.listing import Kind
from radiant.providers.roster import LISTERS, OPENAI_COMPATIBLE, lister
from tests.unit.providers.recorded import Recorded, plainly, recorded

RECORDED = recorded()

#: What the issue names; each lists its models or says why not.
NAMED = {
    "openai",
    "anthropic",
    "google",
    "xai",
    "deepseek",
    "mistral",
    "cohere",
    "perplexity",
    "groq",
    "together",
    "fireworks",
    "openrouter",
    "cerebras",
    "bedrock",
    "azure_openai",
    "huggingface",
    "replicate",
    "stability",
    "elevenlabs",
    "deepgram",
    "assemblyai",
    "runway",
    "luma",
    "bfl",
    "voyage",
    "jina",
    "ai21",
    "nvidia",
    "sambanova",
    "moonshot",
    "meshy",
}

#: Header and value that each provider documents for the key `k`; Bearer where nothing stands here.
HEADERS = {
    "anthropic": ("x-api-key", "k"),
    "google": ("x-goog-api-key", "k"),
    "azure_openai": ("api-key", "k"),
    "elevenlabs": ("xi-api-key", "k"),
    "deepgram": ("Authorization", "Token k"),
}


#: What stands for the placeholders of base URLs.
VALUES = {"region": "eu-west-1", "resource": "acme"}


def described(provider: str) -> dict[str, Any]:
    return tomllib.loads((OURS / f"providers/{provider}/provider.toml").read_text("utf-8"))


def account(provider: str) -> Account:
    said = described(provider)
    return Account(
        id=provider,
        base_url=said["api_base_url"],
        auth=msgspec.convert(said["auth"], Auth),
        key_variables=tuple(said["key_variables"]),
        values=VALUES,
    )


@pytest.mark.parametrize("answer", RECORDED, ids=lambda it: it.name)
def test_a_documented_answer_is_read_as_it_is_meant(answer: Recorded) -> None:
    fetched = Fetched(pages=answer.pages(answer.body), problems=())
    listing = read(lister(answer.provider), answer.provider, fetched)
    found = [plainly(model) for model in listing.models]
    assert found == sorted(answer.expected, key=lambda it: it["id"])
    assert (listing.problems if answer.next is None else (), listing.refused) == ((), ())


@pytest.mark.parametrize("answer", RECORDED, ids=lambda it: it.name)
def test_a_documented_answer_leads_to_the_page_that_it_names(answer: Recorded) -> None:
    paging = answer.asked.paging
    first = paging.first("https://api.example.com/v1/models")
    to = paging.next("here", first, answer.body, {})
    assert (to is None) == (answer.next is None)
    assert to is None or to.partition("?")[2] == answer.next


@pytest.mark.parametrize("answer", RECORDED, ids=lambda it: it.name)
def test_a_recorded_answer_says_where_and_when_it_was_read(answer: Recorded) -> None:
    assert answer.source.startswith(("https://", "pkg:pypi/"))
    assert dt.date(2026, 1, 1) < dt.date.fromisoformat(answer.read)
    assert answer.form in ("example", "fields")


def test_every_list_has_a_recorded_answer() -> None:
    there = {(answer.provider, answer.request) for answer in RECORDED}
    lists = {(id, number) for id, how in LISTERS.items() for number in range(len(how.requests))}
    assert lists - there == set()
    assert ("openai_compatible", 0) in there


def test_the_roster_and_the_catalog_know_the_same_providers() -> None:
    assert set(LISTERS) == {folder.name for folder in (OURS / "providers").iterdir()}
    assert set(LISTERS) >= NAMED


@pytest.mark.parametrize("provider", sorted(LISTERS))
def test_a_provider_lists_where_the_catalog_says_or_tells_why_it_does_not(provider: str) -> None:
    how, url = LISTERS[provider], described(provider).get("models_url")
    if not how.lists_models:
        assert url is None and how.silent
        return
    first = address(how, how.requests[0], account(provider))
    assert url is not None
    url = url.format_map(VALUES)
    assert first.partition("?")[0] == url.partition("?")[0]
    assert "?" not in url or first == url


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://api.fireworks.ai/inference/v1", "https://api.fireworks.ai/v1/accounts/fireworks/models"),
        (
            "https://gateway.example/fireworks/inference/v1/",
            "https://gateway.example/fireworks/v1/accounts/fireworks/models",
        ),
        ("http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1/accounts/fireworks/models"),
    ],
)
def test_a_path_from_the_root_starts_where_the_providers_own_path_does(base: str, expected: str) -> None:
    how = LISTERS["fireworks"]
    where = Account(id="fireworks", base_url=base, auth=Auth(scheme=AuthScheme.BEARER))
    assert address(how, how.requests[0], where) == expected


@pytest.mark.parametrize("provider", [id for id in sorted(LISTERS) if LISTERS[id].lists_models])
def test_a_key_goes_into_the_header_that_the_provider_documents(provider: str) -> None:
    where = account(provider)
    sign = signer(where, {where.key_variables[0]: " k\n"})
    assert sign is not None
    name, value = HEADERS.get(provider, ("Authorization", "Bearer k"))
    assert dict(sign("https://example.com")) == {name: value}


def test_amazon_is_asked_with_a_signature_where_it_has_no_key_of_its_own() -> None:
    where = account("bedrock")
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "AWS_SESSION_TOKEN": "t0ken"}
    sign = signer(where, keys)
    assert sign is not None
    headers = sign("https://bedrock.us-east-1.amazonaws.com/inference-profiles?nextToken=AAAB%2Fx%2By%3D%3D")
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/bedrock/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "t0ken"
    assert "wJalrXUtnFEMI" not in json.dumps(dict(headers))


def test_a_provider_that_nobody_described_is_taken_for_a_compatible_server() -> None:
    assert lister("our-own-vllm") is OPENAI_COMPATIBLE


def test_a_list_in_another_order_and_created_at_another_time_is_the_same_list() -> None:
    (answer,) = [it for it in RECORDED if it.name == "openai"]
    later = [{**entry, "created": 1_800_000_000} for entry in reversed(answer.answer["data"])]
    pages = [answer.body, json.dumps({"object": "list", "data": later}).encode()]
    one, other = (read(LISTERS["openai"], "openai", Fetched(pages=((0, "a", it),), problems=())) for it in pages)
    assert one.digest == other.digest
    assert one.models != other.models, "`created` is kept, and not compared"
    less = json.dumps({"data": later[1:]}).encode()
    assert read(LISTERS["openai"], "openai", Fetched(pages=((0, "a", less),), problems=())).digest != one.digest


def test_versions_of_one_id_may_differ_where_the_provider_lists_them_all() -> None:
    versions = [{"canonical_name": "nova-a", "name": "general", "streaming": it} for it in (True, False)]
    versions.append({"canonical_name": "nova-a", "name": "medical", "streaming": True})
    page = (0, "https://example.com", json.dumps({"stt": versions}).encode())
    listing = read(LISTERS["deepgram"], "deepgram", Fetched(pages=(page,), problems=()))
    (model,) = listing.models
    assert (listing.problems, listing.refused) == ((), ())
    assert set(model.facts) == {"capabilities", "task", "input_modalities", "output_modalities"}, "the name differs"


def test_forms_of_a_model_are_told_from_models() -> None:
    kinds = {model["id"]: model.get("kind", "model") for answer in RECORDED for model in answer.expected}
    assert set(kinds.values()) >= {Kind.MODEL, Kind.FINE_TUNE, Kind.ADAPTER, Kind.REGIONAL}
