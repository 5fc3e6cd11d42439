"""Declaring that the condition of a standard is met: by the program and over HTTP, and what is chosen then."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from psycopg.rows import DictRow

from radiant.api.asgi import application
from radiant.app import App
from radiant.installation.tokens import keep_token, read_token
from radiant.settings import Settings
from tests.faces.conftest import Program
from tests.faces.served import problem

Query = Callable[..., list[DictRow]]

OPENAI = "/api/v2/admin/providers/openai/compliance"


@pytest.fixture
def own(clean_environment: pytest.MonkeyPatch, database_url: str) -> str:
    """RADIANT_DATABASE_URL is a registry of this test alone."""
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    return database_url


@pytest.fixture
async def admin(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the administrator's token."""
    settings = Settings(home=tmp_path, database_url=database_url)
    async with await App.open(settings, selecting=True) as app:
        await keep_token(app.database, settings.token_file("admin"), "admin")
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(cast("Any", application(app)), raise_app_exceptions=False),
            base_url="http://radiant",
            headers={"Authorization": f"Bearer {read_token(settings.token_file('admin'))}"},
        ) as client:
            yield client


def providers(radiant: Program) -> set[str]:
    answer = json.loads(radiant("select", "chat", "--hipaa", "--limit", "100", "--json").out)
    return {choice["provider_id"] for choice in answer["choices"]}


@pytest.mark.usefixtures("own")
def test_nothing_is_chosen_for_hipaa_before_a_condition_is_declared_met(radiant: Program) -> None:
    code, out, _ = radiant("select", "chat", "--hipaa", "--explain")
    assert code == 3
    assert "none is declared met" in out
    told = " ".join(out.split())
    assert "OpenAI: HIPAA holds only with: " in told
    assert "radiant providers declare openai HIPAA" in told


def test_what_is_declared_is_chosen_and_taken_back_no_longer(radiant: Program, own: str, query: Query) -> None:
    code, out, _ = radiant("providers", "declare", "groq", "hipaa", "--reason", "BAA of 2026-11-01")
    assert (code, out.splitlines()[0]) == (0, "Groq counts as: HIPAA.")
    assert providers(radiant) == {"groq"}
    said = query(own, "SELECT field, value, reason FROM overrides WHERE subject = 'provider:groq'")
    assert said == [{"field": "declared_compliance", "value": ["HIPAA"], "reason": "BAA of 2026-11-01"}]
    assert radiant("providers", "declare", "groq", "HIPAA").code == 0
    assert json.loads(radiant("providers", "undeclare", "groq", "HIPAA", "--json").out)["declared"] == []
    assert providers(radiant) == set()


def test_ones_own_hardware_is_declared_the_same_way(radiant: Program, own: str, query: Query) -> None:
    query(own, "UPDATE thermal_states SET current_state = 'WARM'")
    assert radiant("providers", "declare", "self_hosted", "HIPAA").code == 0
    assert providers(radiant) == {"self_hosted"}


@pytest.mark.usefixtures("own")
def test_what_is_stated_for_another_product_cannot_be_declared(radiant: Program) -> None:
    code, _, err = radiant("providers", "declare", "elevenlabs", "HIPAA")
    assert code == 1
    assert "HIPAA is stated for ElevenAgents, not for this API" in err
    code, out, _ = radiant("select", "audio", "--hipaa", "--explain")
    assert code == 3
    assert "stated for ElevenAgents" in out and "declare elevenlabs" not in out


def test_what_a_page_excepts_stays_refused_after_the_declaration(radiant: Program, own: str, query: Query) -> None:
    code, out, _ = radiant("providers", "declare", "anthropic", "HIPAA")
    assert (code, out.splitlines()[0]) == (0, "Anthropic counts as: HIPAA.")
    assert "; not of: claude-fable-*" in out
    answer = json.loads(radiant("select", "chat", "--hipaa", "--limit", "100", "--explain", "--json").out)
    chosen = {choice["model_id"] for choice in answer["choices"]}
    assert "claude-opus-5" in chosen
    assert not any("fable" in name for name in chosen)
    refused = [it for it in answer["explanation"]["refused"] if it["criterion"] == "hipaa"]
    (fable,) = [it for it in refused if it["reason"] == "Anthropic: HIPAA is not stated for this model"]
    assert "advice" not in fable, "no declaration helps"
    rows = query(
        own,
        "SELECT model_id FROM unified_model_registry WHERE provider_id = 'anthropic' AND 'HIPAA' <> ALL (compliance)",
    )
    assert rows and all(row["model_id"].startswith("claude-fable-") for row in rows)


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("arguments", "exits", "said"),
    [
        (("opena", "HIPAA"), 1, "No provider 'opena' in the registry. Did you mean openai or openrouter?"),
        (
            ("openai", "HIPPA"),
            2,
            "STANDARD: No provider states a standard 'HIPPA'; expected one of: GDPR, HIPAA, SOC2.",
        ),
    ],
)
def test_a_slip_of_the_pen_declares_nothing(
    radiant: Program, arguments: tuple[str, str], exits: int, said: str
) -> None:
    code, _, err = radiant("providers", "declare", *arguments)
    assert (code, err) == (exits, f"radiant: {said}\n")


async def test_the_same_over_http(admin: httpx.AsyncClient, database_url: str, query: Query) -> None:
    before = (await admin.get(OPENAI)).json()
    assert (before["compliance"], before["declared"]) == ([], [])
    assert before["conditional"]["HIPAA"]["url"].startswith("https://help.openai.com/")
    declared = await admin.put(f"{OPENAI}/HIPAA", params={"reason": "BAA of 2026-11-01"})
    assert (declared.status_code, declared.json()["compliance"]) == (200, ["HIPAA"])
    rows = query(
        database_url,
        "SELECT DISTINCT provider_name FROM select_model('chat', '{text}', '{text}', 3, p_require_hipaa => true)",
    )
    assert [row["provider_name"] for row in rows] == ["OpenAI"]
    again = await admin.delete(f"{OPENAI}/HIPAA")
    assert (again.status_code, again.json()) == (200, before)


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/api/v2/admin/providers/nobody/compliance/HIPAA", 404, "provider-not-found"),
        ("/api/v2/admin/providers/openai/compliance/HIPPA", 422, "rule-invalid"),
        ("/api/v2/admin/providers/elevenlabs/compliance/HIPAA", 409, "rule-conflict"),
        ("/api/v2/admin/providers/openai/compliance/HIPAA?resaon=x", 400, "parameter-invalid"),
    ],
)
async def test_what_cannot_be_declared_is_a_problem(
    admin: httpx.AsyncClient, path: str, status: int, name: str
) -> None:
    problem(await admin.put(path), status, name)


async def test_who_is_no_administrator_declares_nothing(admin: httpx.AsyncClient) -> None:
    problem(await admin.put(f"{OPENAI}/HIPAA", headers={"Authorization": "Bearer nobody"}), 401)
    assert (await admin.get(OPENAI)).json()["declared"] == []


async def test_a_license_nobody_stated_is_refused_with_the_way_to_decide(admin: httpx.AsyncClient) -> None:
    asked = {"task": "inference", "input_modalities": [], "output_modalities": [], "tenant_tier": 5}
    answer = await admin.post("/api/v2/select?explain=true", json={**asked, "require_commercial_use": True})
    groups = answer.json()["explanation"]["refused"]
    advice = [it["advice"] for it in groups if it["criterion"] == "commercial_use" and "advice" in it]
    assert advice and all("SET commercial_use_allowed = true WHERE model_id = " in it for it in advice)
