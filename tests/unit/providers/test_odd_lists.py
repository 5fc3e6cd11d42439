"""What real lists have that no specification shows: read as it is meant, or said in words."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from radiant.domain.external import Auth, AuthScheme
from radiant.providers.http import Answer, Client, Patience
from radiant.providers.keys import Account
from radiant.providers.lister import Fetched, list_models, read
from radiant.providers.listing import Kind, Listing
from radiant.providers.roster import lister

OURS = "our-own-server"


def listing(provider: str, *bodies: Any) -> Listing:
    """What is read of these pages, one for each request of the provider."""
    bytes_of = [it if isinstance(it, bytes) else json.dumps(it).encode() for it in bodies]
    pages = tuple((number, f"https://example.com/{number}", body) for number, body in enumerate(bytes_of))
    return read(lister(provider), provider, Fetched(pages=pages, problems=()))


def test_what_a_long_prompt_costs_is_not_taken_for_nothing_where_it_cannot_be_read() -> None:
    """Where the threshold is odd, the price of short prompts alone would be too low for long ones."""
    grok = {"id": "grok", "prompt_text_token_price": 20000, "prompt_text_token_price_long_context": 40000}
    for threshold, prices in ((200_000, 2), (None, 1), (0, 1), ("soon", 0), (-1, 0)):
        entry = {**grok, "long_context_threshold": threshold}
        found = listing("xai", {"data": [{"id": "grok"}]}, {"models": [entry]})
        (model,) = found.models
        assert (threshold, len(model.facts)) == (threshold, prices)
        assert bool(found.refused) == (prices == 0)


def entries_of(*ids: str, **beside: Any) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": id} for id in ids], **beside}


class Pages:
    """A server whose pages are chosen by what is asked for."""

    patience = Patience()

    def __init__(self, pages: Callable[[Mapping[str, str]], Any], headers: Mapping[str, str]) -> None:
        self.pages, self.headers = pages, headers
        self.asked: list[str] = []

    async def get(self, url: str, **_: object) -> Answer:
        self.asked.append(url)
        body = self.pages(dict(parse_qsl(urlsplit(url).query)))
        return Answer(url, json.dumps(body).encode(), {} if len(self.asked) > 1 else self.headers)


async def paged(pages: Callable[[Mapping[str, str]], Any], headers: Mapping[str, str] | None = None) -> Listing:
    """What is listed by a server that nobody described."""
    account = Account(id=OURS, base_url="https://example.com/v1", auth=Auth(scheme=AuthScheme.BEARER))
    return await list_models(lister(OURS), account, cast(Client, Pages(pages, headers or {})), {})


#: The parameter that asks for the second page, and the first page with it as servers have it.
GOES_ON: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
    ("after", "a", {"has_more": True, "first_id": "a", "last_id": "a"}, {}),
    ("page_token", "t", {"next_page_token": "t"}, {}),
    ("pageToken", "t", {"nextPageToken": "t"}, {}),
    ("page", "2", {"next": "https://example.com/v1/models?page=2"}, {}),
    ("page", "2", {"links": {"next": "/v1/models?page=2"}}, {}),
    ("page", "2", {}, {"link": '<https://example.com/v1/models?page=2>; rel="next"'}),
]


@pytest.mark.parametrize(("parameter", "value", "beside", "headers"), GOES_ON, ids=lambda it: str(it)[:30])
async def test_a_list_that_goes_on_where_none_should_is_followed(
    parameter: str, value: str, beside: dict[str, Any], headers: dict[str, str]
) -> None:
    def pages(asked: Mapping[str, str]) -> Any:
        return entries_of("b", has_more=False) if asked.get(parameter) == value else entries_of("a", **beside)

    found = await paged(pages, headers)
    assert ([it.id for it in found.models], found.problems) == (["a", "b"], ())


@pytest.mark.parametrize(("parameter", "value", "beside", "headers"), GOES_ON[:5], ids=lambda it: str(it)[:30])
async def test_a_list_that_gives_its_first_page_again_is_not_whole(
    parameter: str, value: str, beside: dict[str, Any], headers: dict[str, str]
) -> None:
    found = await paged(lambda _: entries_of("a", **beside), headers)
    assert ([it.id for it in found.models], found.complete) == (["a"], False)
    (problem,) = found.problems
    assert "leads back to a page read before" in str(problem)


NOT_WHOLE: list[tuple[dict[str, Any], str]] = [
    ({"has_more": True}, "says that more follows, and not where"),
    ({"has_more": "yes"}, "says that more follows, and not where"),
    ({"nextToken": "t"}, "goes on at `nextToken`"),
    ({"next": "bW9kZWw="}, 'goes on at `next` "bW9kZWw="'),
    ({"next": 2}, "goes on at `next` 2"),
    ({"next_page_token": 7}, "goes on at `next_page_token` 7"),
    ({"total": 1538}, "it has 1,538 models, and lists 1"),
    ({"total_count": 2}, "it has 2 models, and lists 1"),
    ({"pagination": {"page": 1, "total": 9}}, "it has 9 models, and lists 1"),
    ({"error": {"message": "one of the upstreams failed"}}, "something failed besides"),
    ({"success": False}, "something failed besides"),
]
WHOLE: list[dict[str, Any]] = [
    {"has_more": False, "last_id": "a"},
    {"has_more": None, "next_page_token": "", "nextToken": None, "next": None, "links": {"next": None}},
    {"total": 1, "pagination": {"page": 1, "total": 1}},
    {"total": "many", "success": True, "error": None, "errors": []},
    {"next": {"href": None}, "links": [], "pagination": 3},
]


@pytest.mark.parametrize(("beside", "said"), NOT_WHOLE, ids=lambda it: str(it)[:40])
async def test_a_list_that_says_itself_that_it_is_not_all_takes_nothing_away(beside: dict[str, Any], said: str) -> None:
    found = await paged(lambda _: entries_of("a", **beside))
    assert ([it.id for it in found.models], found.complete) == (["a"], False)
    (problem,) = found.problems
    assert said in str(problem)


@pytest.mark.parametrize("beside", WHOLE, ids=lambda it: str(it)[:40])
async def test_a_list_that_says_nothing_of_the_kind_is_whole(beside: dict[str, Any]) -> None:
    assert (await paged(lambda _: entries_of("a", **beside))).complete


def test_fewer_models_than_a_numbered_list_says_are_not_all() -> None:
    page = {"output": {"total": 3, "page_size": 20, "models": [{"model": "a"}, {"model": "b"}]}}
    found = listing("dashscope", page)
    assert str(found.incomplete).endswith("it says that it has 3 models, and lists 2")
    page["output"]["total"] = 2
    assert listing("dashscope", page).complete


SHAPELESS: list[tuple[Any, str]] = [
    ({"error": {"message": "sk-secret is no key"}}, "is an error message, and has no list under `data`"),
    ({"code": 1004, "msg": "sk-secret"}, "is an error message, and has no list under `data`"),
    ({"base_resp": {"status_code": 1004}}, "is an error message, and has no list under `data`"),
    ({"detail": "Not Found"}, "is an error message, and has no list under `data`"),
    ({"data": None, "success": False, "message": "sk-secret"}, "is an error message, and lists nothing"),
    ({"data": [], "error": "sk-secret"}, "is an error message, and lists nothing"),
    ({"models": [{"id": "a"}]}, "has no list under `data`; it has one under `models`"),
    ({"data": {"models": [{"id": "a"}]}}, "has no list under `data`; it has one under `data.models`"),
    ({"data": {"a": {"id": "a"}}}, "has no list under `data`"),
    ({}, "has no list under `data`"),
    ("ok", "has no list under `data`"),
    (7, "has no list under `data`"),
]


@pytest.mark.parametrize(("body", "said"), SHAPELESS, ids=lambda it: str(it)[:40])
def test_an_answer_that_is_no_list_is_named_in_words(body: Any, said: str) -> None:
    found = listing(OURS, body)
    (problem,) = found.problems
    assert problem.problem == f"what came {said}"
    assert not found.complete and "sk-secret" not in str(problem)


def test_an_error_is_not_an_empty_list_where_an_absent_list_is_one() -> None:
    """Amazon leaves out a list without entries: the profiles of an error were none, and all of them ended."""
    found = listing("bedrock", {"modelSummaries": [{"modelId": "a"}]}, {"error": "throttled"})
    assert not found.complete
    assert listing("bedrock", {"modelSummaries": [{"modelId": "a"}]}, {}).complete


def test_what_is_sold_in_batches_alone_is_no_model_that_could_be_chosen_for_its_price() -> None:
    """OpenRouter lists it as it does a model, at half the price, and answers 404 to whoever asks for it."""
    text = {"input_modalities": ["text"], "output_modalities": ["text"]}
    ids = {"a/m": "0.000002", "a/m:batch": "0.000001", "a/n:batch": "0.000001", "a/m:free": "0", "a/batch": "0"}
    data = [{"id": id, "architecture": text, "pricing": {"prompt": price}} for id, price in ids.items()]
    found = listing("openrouter", {"data": data})
    assert [it.id for it in found.models] == ["a/batch", "a/m", "a/m:free"]
    assert found.complete and not any("variant" in key for it in found.models for key in it.facts)
    assert [str(it) for it in found.refused] == [
        "a/m:batch: is a way to buy a model (batch) and none that can be called; it is left out (and 1 more)"
    ]


@pytest.mark.parametrize("parent", [None, "", " ", "m", 7, ["base"]])
def test_a_parent_that_is_nobody_makes_no_adapter(parent: Any) -> None:
    """Gateways fill in old fields of OpenAI for every model, with empty text or with the model itself."""
    (model,) = listing(OURS, {"data": [{"id": "m", "root": "m", "parent": parent}]}).models
    assert (model.kind, model.of) == (Kind.MODEL, None)


@pytest.mark.parametrize(
    ("said", "window"),
    [
        ({"context_length": 0, "max_model_len": 4096}, 4096),
        ({"context_length": "", "context_window": 8192}, 8192),
        ({"context_length": None, "max_model_len": 4096}, 4096),
        ({"max_context_length": 131072, "loaded_context_length": 4096}, 4096),
        ({"max_context_length": 131072, "loaded_context_length": None}, 131072),
        ({"context_length": 0}, None),
    ],
)
def test_a_window_is_the_first_that_is_known(said: dict[str, Any], window: int | None) -> None:
    found = listing(OURS, {"data": [{"id": "m", **said}]})
    assert (found.models[0].facts.get("context_window"), found.refused) == (window, ())


def test_other_names_of_a_model_at_mistral_are_no_models() -> None:
    """Every name has an entry with all the others as its aliases; few could be told by what they end in."""
    names = {
        "mistral-tiny": ("open-mistral-7b", ["open-mistral-7b", "mistral-tiny-2312"]),
        "open-mistral-7b": ("open-mistral-7b", ["mistral-tiny", "mistral-tiny-2312"]),
        "open-mistral-nemo": ("open-mistral-nemo", ["mistral-tiny-latest"]),
        "mistral-tiny-latest": ("open-mistral-nemo", ["open-mistral-nemo"]),
        "named": ("A name for people", []),
        "nameless": (None, None),
    }
    data = [{"id": id, "name": name, "aliases": others} for id, (name, others) in names.items()]
    found = listing("mistral", {"data": data})
    alias, model = Kind.ALIAS, Kind.MODEL
    assert {it.id: (it.kind, it.of) for it in found.models} == {
        "mistral-tiny": (alias, "open-mistral-7b"),
        "mistral-tiny-latest": (alias, "open-mistral-nemo"),
        "named": (model, None),
        "nameless": (model, None),
        "open-mistral-7b": (model, None),
        "open-mistral-nemo": (model, None),
    }


ODD_TEXTS: list[tuple[bytes, list[str], int]] = [
    (b'[{"id":"a","created":NaN},{"id":"b","max_model_len":-Infinity},{"id":"c","x":Infinity}]', ["a", "b", "c"], 1),
    (b'[{"id":"a","name":"two\nlines\tand \\" a quote"},{"id":"b","description":"NaN, \x07 \\\\"}]', ["a", "b"], 0),
    (b'[{"id":"a\x00b"},{"id":"NaN"},\n\t{"id":"c"}]', ["NaN", "c"], 1),
]  # fmt: skip


@pytest.mark.parametrize(("body", "ids", "refused"), ODD_TEXTS, ids=lambda it: str(it)[:30])
@pytest.mark.parametrize("envelope", [b"%b", b'{"data": %b}', b'{"total": NaN, "note": "a\nb", "data": %b}'])
def test_what_is_no_json_costs_what_it_stands_in(body: bytes, ids: list[str], refused: int, envelope: bytes) -> None:
    found = listing(OURS, envelope.replace(b"%b", body))
    assert ([it.id for it in found.models], len(found.refused)) == (ids, refused)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"data": [{"id": "a"}, {"id": "b', "ends in the middle"),
        (b'{"data": [{"id": "a\nb"}, {"id": ', "ends in the middle"),
        (b'{"data": [{"id": "a"},,]}', "is not valid JSON"),
        (b"{'data': []}", "is not valid JSON"),
        (b'{"id": "a"}\n{"id": "b"}', "is not valid JSON"),
    ],
)
def test_what_cannot_be_read_is_said_as_before(body: bytes, said: str) -> None:
    assert said in str(listing(OURS, body).incomplete)


@pytest.mark.parametrize(
    ("ways", "kind"),
    [
        (["ON_DEMAND"], Kind.MODEL),
        (["INFERENCE_PROFILE", "ON_DEMAND"], Kind.MODEL),
        (["INFERENCE_PROFILE"], Kind.REGIONAL),
        (["PROVISIONED"], Kind.REGIONAL),
        ([], Kind.MODEL),
        (None, Kind.MODEL),
        ("ON_DEMAND", Kind.MODEL),
    ],
)
def test_a_model_of_amazon_that_its_own_id_does_not_call_is_none_that_a_rule_approves(ways: Any, kind: Kind) -> None:
    page = {"modelSummaries": [{"modelId": "a.m-v1:0", "inferenceTypesSupported": ways}]}
    (model,) = listing("bedrock", page, {}).models
    assert (model.kind, model.of) == (kind, None)


def test_what_fireworks_answers_on_deployments_of_ones_own_alone_is_no_model_that_could_be_chosen() -> None:
    served = {"a": True, "b": False, "c": None, "d": False, "e": False}
    models = [{"name": f"accounts/fireworks/models/{id}", "supportsServerless": it} for id, it in served.items()]
    models[3]["kind"] = "HF_PEFT_ADDON"
    found = listing("fireworks", {"models": models})
    assert [it.id[-1] for it in found.models] == ["a", "c", "d"]
    assert found.complete
    assert [str(it) for it in found.refused] == [
        "accounts/fireworks/models/b: runs on deployments of one's own alone; it is left out (and 1 more)"
    ]
