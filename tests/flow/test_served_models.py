"""What is promised of self-hosted models is what their endpoints serve, to SQL and to Python alike."""

from typing import Any

import pytest

from radiant.domain.criteria import Usage
from radiant.insight.models import Models
from radiant.registry.database import Database
from radiant.selector import Selector
from tests.flow.seeding import Query

HELD_SHORT = ("llama-3.3-70b", "qwen2.5-72b")


def chosen_in_sql(query: Query, url: str, task: str, input: str, output: str, window: int | None = None) -> list[str]:
    """Self-hosted models that `select_model()` gives a tenant of tier 5."""
    text = "SELECT model_id FROM select_model(%s, ARRAY[%s], ARRAY[%s], 5, 'self_hosted', '{}', %s)"
    return [row["model_id"] for row in query(url, text, task, input, output, window)]


@pytest.mark.parametrize(("tokens", "given"), [(30_000, True), (32_768, True), (32_769, False), (100_000, False)])
async def test_a_request_longer_than_the_endpoint_serves_is_not_given_to_it(
    database_url: str, query: Query, tokens: int, given: bool
) -> None:
    query(database_url, "UPDATE thermal_states SET current_state = 'COLD'")
    in_sql = chosen_in_sql(query, database_url, "chat", "text", "text", tokens)
    assert [model in in_sql for model in HELD_SHORT] == [given, given]
    selector = await Selector.connect(database_url)
    try:
        for model in HELD_SHORT:
            asked: dict[str, Any] = {
                "task": "chat",
                "input_modalities": ["text"],
                "output_modalities": ["text"],
                "tenant_tier": 5,
                "prefer_hosting": "self_hosted",
            }
            ranked = [it.model_id for it in selector.rank(**asked, min_context_window=tokens)]
            assert (model in ranked) is given
            stated = [
                it.model_id for it in selector.rank(**asked, usage=Usage(input_tokens=tokens - 1, output_tokens=1))
            ]
            assert (model in stated) is given
    finally:
        await selector.close()


async def test_who_asks_for_speech_gets_what_speaks(database_url: str, query: Query) -> None:
    query(database_url, "UPDATE thermal_states SET current_state = 'COLD'")
    assert chosen_in_sql(query, database_url, "audio", "text", "audio") == ["speecht5-tts"]
    assert chosen_in_sql(query, database_url, "audio", "audio", "structured") == []
    assert chosen_in_sql(query, database_url, "inference", "audio", "structured") == ["pyannote-diarization-3.1"]
    selector = await Selector.connect(database_url)
    try:
        audio = selector.rank(task="audio", input_modalities=[], output_modalities=[], tenant_tier=5, limit=100)
        assert {it.model_id for it in audio}.isdisjoint({"pyannote-diarization-3.1", "titanet-l", "wav2vec2-xlsr-53"})
    finally:
        await selector.close()


async def test_a_model_shows_its_own_window_its_readiness_and_the_keys_it_needs(database: Database) -> None:
    (llama,) = await Models(database).named("llama-3.3-70b")
    assert (llama.context_window, llama.model_context_window) == (32_768, 131_072)
    assert (llama.serving, llama.key_variables, llama.warmup_time_seconds) == ("ready", ["HF_TOKEN"], 865)
    (folding,) = await Models(database).named("alphafold2")
    assert (folding.serving, folding.key_variables) == ("bring_your_own_code", [])
    (codes,) = await Models(database).named("codellama-70b")
    assert codes.model_context_window == codes.context_window == 4_096
    external, *_ = await Models(database).named("openai/gpt-6-luna")
    assert (external.serving, external.key_variables) == (None, [])
    assert external.model_context_window == external.context_window


async def test_the_table_says_what_an_image_of_ones_own_has_to_hold(database_url: str, query: Query) -> None:
    (row,) = query(
        database_url, "SELECT sagemaker_image, serving_note FROM self_hosted_models WHERE model_id = 'alphafold2'"
    )
    assert row["sagemaker_image"] is None
    assert "JAX" in row["serving_note"]
