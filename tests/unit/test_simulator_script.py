"""A script says what it plays, or where it is wrong; what is played is what real providers write."""

import datetime as dt
import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from radiant.domain.errors import CatalogError
from radiant.providers.lister import Fetched, Request, read
from radiant.providers.roster import LISTERS
from radiant.simulator.entries import entry
from radiant.simulator.pages import Place, page, size_of, start_of
from radiant.simulator.script import Change, Model, Provider, read_script
from radiant.simulator.stage import Stage

CREATED = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)
FULL = Model(
    id="model-a",
    display_name="Model A",
    context_window=131_072,
    max_output=8_192,
    retires=dt.date(2027, 1, 31),
    deprecated=True,
)


def written(tmp_path: Path, text: str, name: str = "play.toml") -> Path:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    toml = '[[providers]]\nid = "openai"\nmodels = ["a", { id = "b", retires = 2027-01-31 }]\n'
    also = {"providers": [{"id": "openai", "models": ["a", {"id": "b", "retires": "2027-01-31"}]}]}
    one = read_script(written(tmp_path, toml))
    assert one == read_script(written(tmp_path, json.dumps(also), "play.json"))
    assert one.providers[0].models == ("a", Model(id="b", retires=dt.date(2027, 1, 31)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[providers]]\nid = "openai"\nmodel = []\n', "play.toml:3: "),
        ('[[providers]]\nid = "openai"\nbehavior = "rude"\n', "play.toml:3: "),
        ('[[providers]]\nid = "openai"\nerrors = 2\n', "play.toml:3: "),
        ('[[providers]]\nid = "../etc"\n', "play.toml:2: "),
        ('[[providers]]\nid = "openai"\n[[providers]]\nid = "openai"\n', "openai stands more than once"),
        ("providers = []\n", "is empty"),
        ("providers = [\n", "play.toml:"),
    ],
)
def test_a_script_that_is_wrong_is_named_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CatalogError) as raised:
        read_script(written(tmp_path, text))
    assert said in str(raised.value)


NESTED = f'{{"providers": [{{"id": "openai", "models": [{{"id": "a", "fields": {{"a": {"[" * 100_000}'


@pytest.mark.parametrize("text", ["{", '{"providers": 7}', '{"providers": [{"id": 7}]}', "\ufeff{}", NESTED])
def test_a_json_script_that_is_wrong_is_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogError) as raised:
        read_script(written(tmp_path, text, "play.json"))
    assert "play.json" in str(raised.value)


def test_a_script_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"absent\.toml: No such file"):
        read_script(tmp_path / "absent.toml")


@pytest.mark.parametrize("provider", [id for id, how in sorted(LISTERS.items()) if how.lists_models])
def test_what_is_played_is_read_as_what_was_meant(provider: str) -> None:
    request = LISTERS[provider].requests[0]
    made = entry(provider, request.shape, FULL, CREATED)
    body = page(provider, request, Place(url="http://h/p", parameters={}), [made], following=None, size=1, total=1).body
    fetched = Fetched(pages=((0, "http://h/p", json.dumps(body).encode()),), problems=())
    (model,) = read(LISTERS[provider], provider, fetched).models
    meant = {"display_name": "Model A", "context_window": 131_072, "max_output": 8_192, "retires": "2027-01-31"}
    for fact in set(request.shape.facts) & set(meant):
        assert model.facts[fact] == meant[fact], fact
    assert model.created in (None, "2026-01-15")


def pages(request: Request, count: int, most: int) -> list[tuple[int, int]]:
    """Where each page of a list starts, and how many models it may have, as a caller follows it."""
    url: str | None = request.paging.first("http://h/p")
    found = []
    while url is not None:
        place = Place(url="http://h/p", parameters=dict(parse_qsl(urlsplit(url).query)))
        size = size_of(request, place, most)
        start = start_of(request, place, size)
        found.append((start, size))
        following = start + size if start + size < count else None
        told = page("any", request, place, [{}] * min(size, count - start), following=following, size=size, total=count)
        url = request.paging.next("it", url, json.dumps(told.body).encode(), dict(told.headers))
    return found


@pytest.mark.parametrize("provider", ["anthropic", "cohere", "fireworks", "google", "openrouter", "replicate"])
def test_pages_follow_each_other_without_gaps(provider: str) -> None:
    assert pages(LISTERS[provider].requests[0], 130, 50) == [(0, 50), (50, 50), (100, 50)]


def test_pages_by_number_and_by_header_follow_each_other_too() -> None:
    assert pages(LISTERS["dashscope"].requests[0], 45, 50) == [(0, 20), (20, 20), (40, 20)]
    assert pages(LISTERS["huggingface"].requests[1], 120, 50) == [(0, 50), (50, 50), (100, 50)]


def test_changes_by_the_clock_happen_once_when_they_are_due() -> None:
    now = [0.0]
    provider = Provider(id="openai", models=("a",), changes=(Change(seconds=10, add=("b",)),))
    stage = Stage(provider, 0, lambda: now[0])
    seen = []
    for second in (0.0, 9.9, 10.0, 20.0):
        now[0] = second
        stage.asked(first_page=True)
        seen.append([model.id for model in stage.listed()])
    assert seen == [["a"], ["a"], ["a", "b"], ["a", "b"]]
