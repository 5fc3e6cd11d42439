"""`radiant own-cost`: what a model costs on hardware of one's own, and from when on that is less than others take."""

import json
from decimal import Decimal

import psycopg
import pytest

from tests.faces.conftest import Program


@pytest.mark.usefixtures("standing")
def test_own_hardware_costs_what_its_hours_do(radiant: Program) -> None:
    asked = ["own-cost", "self_hosted/sam-2", "--tokens-per-second", "500", "--utilization", "0.4", "--hourly", "7.2"]
    found = json.loads(radiant(*asked, "--against", "openai/gpt-4o-mini", "--json").out)
    assert found["per_million_tokens"] == {"used": "4", "reserved": "10"}
    # 172.8 USD a day at 0.6 + 2 × 0.15 a million.
    assert (found["against_per_million"], found["break_even_tokens_per_day"]) == ("0.9", 192_000_000)
    assert (found["input_per_output"], found["measured"]) == ("2", False)
    told = " ".join(radiant(*asked, "--against", "openai/gpt-4o-mini").out.split())
    assert "million output tokens 4 10" in told
    assert "from 192,000,000 output tokens a day on your own hardware costs no more" in told
    assert "These instances can do 43,200,000 a day, so they never get there." in told


@pytest.mark.usefixtures("standing")
def test_without_a_throughput_nothing_is_invented(radiant: Program) -> None:
    told = " ".join(radiant("own-cost", "self_hosted/sam-2").out.split())
    assert "Its throughput is not known, so the cost of a unit is not either" in told
    assert radiant("own-cost", "self_hosted/sam-2", "--utilization", "2").code == 2


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["openai/gpt-4o-mini"], "MODEL: is openai/gpt-4o-mini, which somebody else hosts"),
        (
            ["self_hosted/sam-2", "--against", "self_hosted/mistral-7b-v0.3"],
            "--against: is self_hosted/mistral-7b-v0.3",
        ),
        (["self_hosted/sam-2", "--input-per-output", "-1"], "is no number from 0 to 1,000"),
    ],
)
def test_own_hardware_is_asked_of_ones_own_and_held_against_others(
    radiant: Program, arguments: list[str], said: str
) -> None:
    found = radiant("own-cost", *arguments)
    assert found.code == 2 and said in " ".join(found.err.split()), found


def test_the_cheapest_of_the_task_is_compared_with_and_measured_speed_is_taken(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("DATABASE_URL", database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO health_minutes (provider_id, region, model_id, minute, ok, latency_sum, output_tokens)"
            " VALUES ('self_hosted', 'global', 'mistral-7b-v0.3', now(), 4, 10000, 500)"
        )
        row = connection.execute(
            "SELECT m.provider_id || '/' || m.model_id, (output_cost_per_1k + 2 * input_cost_per_1k) * 1000"
            " FROM models m JOIN providers p ON p.id = m.provider_id AND p.enabled"
            " WHERE m.primary_mode = 'chat' AND m.enabled AND NOT m.deprecated"
            " AND output_cost_per_1k + 2 * input_cost_per_1k > 0 ORDER BY 2, 1 LIMIT 1"
        ).fetchone()
    assert row is not None
    found = json.loads(radiant("own-cost", "self_hosted/mistral-7b-v0.3", "--hourly", "3.6", "--json").out)
    assert (found["tokens_per_second"], found["measured"]) == ("50", True)
    assert found["per_million_tokens"] == {"used": "20", "reserved": "20"}
    assert (found["against"], Decimal(found["against_per_million"])) == row
    assert found["break_even_tokens_per_day"] == -(-Decimal("86.4") * 1_000_000 // row[1])
    stated = ["own-cost", "self_hosted/mistral-7b-v0.3", "--hourly", "3.6", "--tokens-per-second", "100", "--json"]
    assert json.loads(radiant(*stated).out)["measured"] is False
