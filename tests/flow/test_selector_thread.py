"""`Selector.open`: the same answers for scripts and notebooks, without an event loop of their own."""

import asyncio
import gc
import json
import threading
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.errors import DatabaseUnreachable, InvalidCriteria, NoRegistry
from tests.asleep import ASLEEP
from tests.flow.following import Query

CHAT: dict[str, Any] = {
    "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3,
}  # fmt: skip


def threads() -> list[str]:
    return [it.name for it in threading.enumerate() if it.name == "radiant-selector"]


def test_it_answers_as_the_selector_does_and_ends_its_thread(standing_url: str) -> None:
    async def expected() -> list[str]:
        async with await Selector.connect(standing_url) as selector:
            return [it.id for it in selector.rank(**CHAT)]

    with Selector.open(standing_url) as selector:
        assert threads() == ["radiant-selector"]
        assert [it.id for it in selector.rank(**CHAT)] == asyncio.run(expected())
        assert selector.following
        with pytest.raises(InvalidCriteria):
            selector.select(**CHAT | {"task": "chta"})
    assert threads() == []
    assert selector.select(**CHAT) is not None, "what was seen last still answers"
    selector.close()


def test_a_fallback_waits_for_the_warm_up(database_url: str, query: Query) -> None:
    query(database_url, ASLEEP)
    with Selector.open(database_url) as selector:
        choice = selector.select_with_fallback(**CHAT, prefer_hosting="self_hosted")
        assert choice.warmup_started
        assert not selector.select_with_fallback(**CHAT, prefer_hosting="self_hosted").warmup_started


async def test_it_may_be_opened_where_a_loop_runs_as_in_a_notebook(standing_url: str) -> None:
    with Selector.open(standing_url) as selector:
        assert selector.select(**CHAT) is not None


def test_one_that_is_forgotten_ends_its_thread_too(standing_url: str) -> None:
    selector = Selector.open(standing_url)
    del selector
    gc.collect()
    assert threads() == []


@pytest.mark.parametrize(
    ("address", "said"), [("", "is empty; "), (None, "is None; "), ("postgresql://a@127.0.0.1:1/x", "does not answer")]
)
def test_an_address_that_cannot_be_is_a_sentence(address: Any, said: str) -> None:
    with pytest.raises(DatabaseUnreachable, match=said):
        Selector.open(address)
    assert threads() == []


async def test_a_database_without_the_schema_is_a_sentence(empty_database_url: str) -> None:
    with pytest.raises(NoRegistry, match=r"^There is no registry in the database \w+ yet\. `radiant up` makes one"):
        await Selector.connect(empty_database_url)


def test_choices_and_explanations_print_readably(standing_url: str) -> None:
    with Selector.open(standing_url) as selector:
        choice, explanation = selector.select(**CHAT), selector.explain(**CHAT)
    assert choice is not None
    assert repr(choice) == f"<Choice {choice.model_id} at {choice.provider_name}, {choice.estimated_cost:f} USD, ready>"
    first = explanation.verdicts[0]
    assert choice.reasons == first.reasons
    assert "; ".join(choice.reasons) in choice._repr_html_()
    assert repr(explanation).startswith(f"<Explanation {choice.model_id} at {choice.provider_name}; ")
    assert "; ".join(first.reasons) in explanation._repr_html_()
    assert json.loads(json.dumps(choice.to_dict()))["estimated_cost"] == str(choice.estimated_cost)
    assert json.loads(json.dumps(explanation.to_dict()))["choice"]["id"] == choice.id
