"""Runs, review and providers over HTTP."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from psycopg.rows import DictRow

from radiant.registry.database import Database
from tests.faces.served import Clock, administering, problem
from tests.flow.playing import play

ADMIN = "/api/v2/admin"
SYNC = f"{ADMIN}/registry-sync"


async def ended(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    """The run, once it is over."""
    async with asyncio.timeout(20):
        while True:
            run: dict[str, Any] = (await client.get(f"{SYNC}/{id}")).json()
            if run["status"] != "running":
                return run
            await asyncio.sleep(0.05)


async def test_a_run_from_begin_to_approval(
    database_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch,
    query: Callable[..., list[DictRow]],
) -> None:  # fmt: skip
    monkeypatch.setenv("ACME_API_KEY", "simulated-acme")
    async with play({"id": "acme", "models": ["acme-1", "acme-1-2026-01-01"]}) as stage:
        url = stage.theater.roles["acme"].account.base_url
        async with administering(database_url, tmp_path, clock, private_networks=True) as client:
            new = {"id": "acme", "base_url": url, "key_env": "ACME_API_KEY"}
            added = await client.post(f"{ADMIN}/providers", json=new)
            assert (added.status_code, added.json()["has_key"]) == (201, True)
            assert (await client.get(added.headers["location"])).json()["id"] == "acme"
            problem(await client.post(f"{ADMIN}/providers", json=new), 409, "rule-conflict")
            begun = await client.post(SYNC, json={"sync_type": "models", "provider": "acme"})
            assert begun.status_code == 202
            run = await ended(client, begun.json()["id"])
            assert (run["status"], run["models_added"], run["requested_by"]) == ("completed", 2, "api")
            (result,) = run["providers"]
            assert (result["provider_id"], result["seen"], result["complete"]) == ("acme", 2, True)
            (waiting,) = (await client.get(f"{ADMIN}/review", params={"provider": "acme"})).json()
            assert [it["id"] for it in waiting["members"]] == ["acme/acme-1-2026-01-01"]
            (done,) = (await client.post(f"{ADMIN}/review/approve", json={"ids": ["acme"]})).json()
            assert (done["id"], done["status"], done["decided_by"]) == ("acme/acme-1", "approved", "api")
            lives = (await client.get(f"{ADMIN}/review/lifecycle", params={"model": "acme/acme-1"})).json()
            assert [(it["deprecated"], it["evidence"]) for it in lives] == [(False, [])]
            query(
                database_url,
                "INSERT INTO facts (source, entry, field, value, provider_id, model_id) VALUES ('litellm', 'x', "
                "'context_window', '\"wide\"', 'acme', 'acme-1-2026-01-01')",
            )
            ids = ["acme/acme-1-2026-01-01"]
            (held,) = (await client.post(f"{ADMIN}/review/approve", json={"ids": ids})).json()
            assert (held["id"], held["status"], held["decided_by"]) == (*ids, "pending", None)
            assert held["reason"].startswith("it cannot be a model of the registry: context_window: ")
            state = (await client.get(f"{ADMIN}/providers/acme")).json()
            assert (state["status"], state["digest"]) == ("listed", result["digest"])


async def test_a_second_run_of_a_kind_is_told_which_one_is_in_the_way(
    client_of_own: httpx.AsyncClient, database_url: str
) -> None:
    database = await Database.open(database_url)
    (row,) = await database.rows(
        "INSERT INTO registry_sync_log (sync_type, heartbeat_at) VALUES ('models', now()) RETURNING id"
    )
    await database.close()
    for kind in ("models", "full"):
        told = problem(await client_of_own.post(SYNC, json={"sync_type": kind}), 409, "run-in-the-way")
        assert (told["sync_type"], told["id"]) == ("models", str(row["id"]))
    assert (await client_of_own.post(SYNC, json={"sync_type": "health"})).status_code == 202


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "name"),
    [
        ("POST", SYNC, {"sync_type": "everything"}, 400, "body-invalid"),
        ("POST", SYNC, {"sync_type": "models", "provider": "nosuch"}, 404, "provider-not-found"),
        ("GET", f"{SYNC}/{UUID(int=1)}", None, 404, "run-not-found"),
        ("POST", f"{ADMIN}/review/approve", {"ids": []}, 400, "body-invalid"),
        ("POST", f"{ADMIN}/review/approve", {"ids": ["nosuch/model"]}, 404, "not-in-review"),
        ("GET", f"{ADMIN}/review?status=open", None, 400, "filter-value-unknown"),
        ("PATCH", f"{ADMIN}/providers/openai", {"base_url": "ftp://x"}, 422, "rule-invalid"),
        ("PATCH", f"{ADMIN}/providers/nosuch", {"enabled": True}, 404, "provider-not-found"),
        ("PATCH", f"{ADMIN}/providers/openai", {"key": "sk-secret"}, 400, "body-invalid"),
    ],
)
async def test_what_cannot_be_is_a_problem_of_its_kind(
    client: httpx.AsyncClient, method: str, path: str, body: Any, status: int, name: str
) -> None:
    found = problem(await client.request(method, path, json=body), status, name)
    assert "sk-secret" not in str(found)


async def test_only_an_administrator_may(client: httpx.AsyncClient) -> None:
    client.headers.pop("authorization")
    for method, path in (("POST", SYNC), ("GET", f"{ADMIN}/review"), ("PATCH", f"{ADMIN}/providers/openai")):
        assert (await client.request(method, path, json={})).status_code == 401
