"""Lists over real HTTP: every provider of the roster, its paging, its key, its changes."""

from radiant.providers.failures import Reason
from radiant.providers.roster import LISTERS
from radiant.simulator.script import DEMO, read_script
from tests.flow.playing import play

LISTING = sorted(id for id, how in LISTERS.items() if how.lists_models)


async def test_every_list_is_read_to_its_end_with_the_providers_own_key_and_envelope() -> None:
    ids = [*LISTING, "our-own-server"]
    scripts = [{"id": id, "count": 130, "page_size": 50, "restless": True} for id in ids]
    async with play(*scripts) as stage:
        first = {id: await stage.ask(id) for id in ids}
        again = {id: await stage.ask(id) for id in ids}
    assert {id: len(it.models) for id, it in first.items()} == dict.fromkeys(ids, 130)
    assert {id: [*map(str, it.problems), *map(str, it.refused)] for id, it in first.items()} == {id: [] for id in ids}
    assert {id for id, it in first.items() if not it.complete} == {id for id in LISTING if LISTERS[id].partial}
    differing = {id for id in ids if first[id].digest != again[id].digest}
    assert differing == set(), "order and `created` differ from one request to the next, and nothing else"
    assert any(first[id].models != again[id].models or first[id].pages > 1 for id in ids)


async def test_a_wrong_key_is_one_problem_of_its_own_kind() -> None:
    async with play(*({"id": id, "count": 3} for id in LISTING)) as stage:
        wrong = {id: dict.fromkeys(stage.environment(id), "sk-some-other-key") for id in LISTING}
        found = {id: await stage.ask(id, wrong[id]) for id in LISTING}
    assert {id: [(it.reason, it.incomplete) for it in listing.problems] for id, listing in found.items()} == {
        id: [(Reason.KEY, True)] for id in LISTING
    }
    assert all(not listing.models and "sk-some-other-key" not in repr(listing) for listing in found.values())


async def test_without_a_key_nobody_is_asked() -> None:
    async with play({"id": "openai", "count": 3}) as stage:
        listing = await stage.ask("openai", {"OPENAI_API_KEY": " "})
        requests = stage.theater.roles["openai"].stage.requests
    (problem,) = listing.problems
    assert (problem.reason, requests) == (Reason.KEY, 0)
    assert str(problem) == "openai: it has no key here; set OPENAI_API_KEY"


async def test_a_provider_without_a_list_says_so() -> None:
    async with play({"id": "voyage"}) as stage:
        listing = await stage.ask("voyage")
    assert [str(it) for it in listing.problems] == ["voyage: it documents no list of models"]
    assert not listing.complete


async def test_amazon_takes_a_signature_and_lists_models_and_profiles() -> None:
    models = [{"id": "anthropic.claude-a-v1:0"}, {"id": "us.anthropic.claude-a-v1:0", "of": "anthropic.claude-a-v1:0"}]
    async with play({"id": "bedrock", "models": models, "key": "AKIDEXAMPLE"}) as stage:
        signed = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"}
        listing = await stage.ask("bedrock", signed)
        alone = await stage.ask("bedrock", {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"})
    assert [(it.id, it.kind, it.of) for it in listing.models] == [
        ("anthropic.claude-a-v1:0", "model", None),
        ("us.anthropic.claude-a-v1:0", "regional", "anthropic.claude-a-v1:0"),
    ]
    assert listing.complete
    assert [problem.reason for problem in alone.problems] == [Reason.KEY], "half a pair of keys opens nothing"


async def test_changes_of_a_script_happen_after_so_many_lists() -> None:
    changes = [{"lists": 1, "add": ["gpt-new"]}, {"lists": 2, "remove": ["gpt-old"], "behavior": "failing"}]
    async with play({"id": "openai", "models": ["gpt-old"], "changes": changes}) as stage:
        first, second, third = [await stage.ask("openai") for _ in range(3)]
    assert [[it.id for it in listing.models] for listing in (first, second, third)] == [
        ["gpt-old"],
        ["gpt-new", "gpt-old"],
        [],
    ]
    assert third.problems[0].reason is Reason.FAILING


async def test_a_share_of_requests_fails_alike_with_the_same_seed() -> None:
    async def outcomes() -> list[bool]:
        async with play({"id": "openai", "count": 2, "errors": 0.5}, seed=7) as stage:
            return [(await stage.ask("openai")).complete for _ in range(20)]

    first = await outcomes()
    assert first == await outcomes()
    assert 4 <= sum(first) <= 16


async def test_the_script_that_comes_along_is_playable() -> None:
    script = read_script(None)
    assert DEMO.is_file()
    assert {provider.id for provider in script.providers} <= set(LISTERS)
