"""Rules that always hold in the registry."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

import pytest
from psycopg import errors

from tests.sql.rows import Connection, external, insert, self_hosted


def run(connection: Connection, **values: Any) -> dict[str, Any]:
    return insert(connection, "registry_sync_log", **values)


def health(connection: Connection, **values: Any) -> dict[str, Any]:
    return insert(connection, "provider_health", **{"provider_id": "openai", "region": "mars", **values})


def thermal(connection: Connection, **values: Any) -> dict[str, Any]:
    changes = ", ".join(f"{name} = %s" for name in values)
    row = connection.execute(
        f"UPDATE thermal_states SET {changes} WHERE model_id = 'sam-2' RETURNING *".encode(), list(values.values())
    ).fetchone()
    assert row is not None
    return row


Attempt: TypeAlias = Callable[[Connection], Any]

REFUSED: list[tuple[str, str, Attempt]] = [
    ("an unknown task", "model_task", lambda c: external(c, primary_mode="chatting")),
    ("an unknown unit of price", "model_pricing_type", lambda c: external(c, pricing_type="per_hour")),
    ("a negative price", "usd_is_a_finite", lambda c: external(c, input_cost_per_1k=Decimal("-0.01"))),
    ("a price that is no number", "usd_is_a_finite", lambda c: external(c, cost_per_image=Decimal("NaN"))),
    ("an endless price", "usd_is_a_finite", lambda c: external(c, cost_per_minute=Decimal("Infinity"))),
    ("a negative hourly rate", "self_hosted_hourly_rate", lambda c: self_hosted(c, hourly_rate=Decimal(-1))),
    ("an hourly rate of NaN", "self_hosted_hourly_rate", lambda c: self_hosted(c, hourly_rate=Decimal("NaN"))),
    ("a price per image below zero", "usd_is_a_finite", lambda c: self_hosted(c, per_image=Decimal(-1))),
    ("a negative markup", "model_markup", lambda c: external(c, markup_rate=Decimal("-0.1"))),
    ("a markup that is no number", "model_markup", lambda c: external(c, markup_rate=Decimal("NaN"))),
    ("a negative markup of one's own", "self_hosted_markup", lambda c: self_hosted(c, markup_percent=Decimal(-1))),
    ("tier 0", "model_tier", lambda c: external(c, min_tier=0)),
    ("tier 6", "model_tier", lambda c: external(c, min_tier=6)),
    ("tier 0 for one's own", "self_hosted_tier", lambda c: self_hosted(c, min_tier=0)),
    ("tier 6 for one's own", "self_hosted_tier", lambda c: self_hosted(c, min_tier=6)),
    ("a context window of nothing", "model_context_window", lambda c: external(c, context_window=0)),
    ("a model without a name for it", "model_id_has_a_length", lambda c: external(c, model_id="")),
    ("an unknown category", "self_hosted_category", lambda c: self_hosted(c, category="toys")),
    ("an unknown status", "self_hosted_status", lambda c: self_hosted(c, status="asleep")),
    ("fewer instances at most than at least", "self_hosted_instances", lambda c: self_hosted(c, min_instances=4)),
    ("a warm-up of less than no time", "self_hosted_warmup", lambda c: self_hosted(c, warmup_time_seconds=-1)),
    ("an unknown first state", "self_hosted_default_state", lambda c: self_hosted(c, default_thermal_state="COOL")),
    ("a way of serving nobody knows", "self_hosted_serving", lambda c: self_hosted(c, serving="somehow")),
    ("a model that takes nothing", "self_hosted_model_context_window",
     lambda c: self_hosted(c, model_context_window=0)),
    ("an external model of our own hardware", "external_models_have_a_provider",
     lambda c: external(c, provider_id="self_hosted")),
    ("an unknown thermal state", "thermal_current_state", lambda c: thermal(c, current_state="COOL")),
    ("a state that only a target may be", "thermal_current_state", lambda c: thermal(c, current_state="AUTOMATIC")),
    ("an unknown target", "thermal_target_state", lambda c: thermal(c, target_state="COOL")),
    ("fewer instances than none", "thermal_instance_count", lambda c: thermal(c, instance_count=-1)),
    ("an unknown health", "health_status", lambda c: health(c, status="ill")),
    ("a latency below zero", "health_latencies", lambda c: health(c, avg_latency_ms=-1)),
    ("a latency that is no number", "health_latencies", lambda c: health(c, p99_latency_ms=Decimal("NaN"))),
    ("a rate above one", "health_rates", lambda c: health(c, error_rate=Decimal("1.1"))),
    ("an unknown kind of run", "sync_type", lambda c: run(c, sync_type="everything")),
    (
        "an unknown end of a run",
        "sync_status",
        lambda c: run(c, sync_type="full", status="stopped", completed_at="now"),
    ),
    ("a run that ended and still runs", "sync_ends_once", lambda c: run(c, sync_type="full", completed_at="now")),
    ("a run that ended without a time", "sync_ends_once", lambda c: run(c, sync_type="full", status="completed")),
    ("a count below zero", "sync_counts", lambda c: run(c, sync_type="full", models_added=-1)),
    ("a default for an unknown task", "default_task", lambda c: insert(c, "default_models", task="x", model_id="y")),
    ("a provider id with signs", "provider_id_is_plain", lambda c: insert(c, "providers", id="A b", display_name="A")),
    ("a role nobody knows", "access_token_role",
     lambda c: insert(c, "access_tokens", name="n", role="root", hash=b"x" * 32)),
    ("a token that is not hashed", "access_token_hash_is_sha256",
     lambda c: insert(c, "access_tokens", name="n", role="admin", hash=b"secret")),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "attempt"), [it[1:] for it in REFUSED], ids=[it[0] for it in REFUSED])
def test_what_must_never_be_is_refused(connection: Connection, constraint: str, attempt: Attempt) -> None:
    with pytest.raises(errors.CheckViolation) as caught:
        attempt(connection)
    assert (caught.value.diag.constraint_name or "").startswith(constraint)


def test_a_price_of_nothing_and_an_unknown_price_are_kept_apart(connection: Connection) -> None:
    row = external(connection, pricing_type="per_token", input_cost_per_1k=0, output_cost_per_1k=0)
    assert (row["input_cost_per_1k"], row["cost_per_image"], row["ranking_price"]) == (0, None, 0)


def test_a_price_keeps_every_digit(connection: Connection) -> None:
    exact = Decimal("0.000000000000000000123456789")
    assert external(connection, input_cost_per_1k=exact)["input_cost_per_1k"] == exact


@pytest.mark.parametrize(
    ("values", "price"),
    [
        ({"pricing_type": "per_token", "input_cost_per_1k": "0.01", "output_cost_per_1k": "0.04"}, "0.0420"),
        ({"pricing_type": "per_token", "input_cost_per_1k": "0.01"}, None),
        ({"pricing_type": "per_token", "input_cost_per_1k": "0.01", "primary_mode": "embedding"}, "0.0140"),
        ({"pricing_type": "per_image", "cost_per_image": "0.5"}, "0.70"),
        ({"pricing_type": "per_minute", "cost_per_minute": "0.006"}, "0.0084"),
        ({"pricing_type": "per_image", "cost_per_second": "0.5"}, "42"),
        ({"cost_per_image": "0.5"}, "0.70"),
        ({"cost_per_image": "0.5", "primary_mode": "chat", "input_cost_per_1k": "1", "output_cost_per_1k": "2"}, "2.8"),
        ({"primary_mode": "image", "input_cost_per_1k": "1", "output_cost_per_1k": "2"}, None),
    ],
)
def test_models_are_ranked_by_what_a_tenant_pays_for_a_thousand_tokens_in_and_five_hundred_out_or_a_unit(
    connection: Connection, values: dict[str, Any], price: str | None
) -> None:
    row = external(connection, **values)
    assert row["ranking_price"] == (None if price is None else Decimal(price))


def test_one_provider_has_a_model_once_and_two_may_both_have_it(connection: Connection) -> None:
    external(connection, model_id="m")
    external(connection, model_id="m", provider_id="groq")
    with pytest.raises(errors.UniqueViolation, match="one_model_per_provider_and_id"):
        external(connection, model_id="m")


def test_a_self_hosted_model_is_there_once(connection: Connection) -> None:
    with pytest.raises(errors.UniqueViolation, match="one_self_hosted_model_per_id"):
        self_hosted(connection, model_id="sam-2")


def test_a_self_hosted_id_has_at_most_100_characters(connection: Connection) -> None:
    assert self_hosted(connection, model_id="x" * 100)["model_id"] == "x" * 100
    with pytest.raises(errors.StringDataRightTruncation):
        self_hosted(connection, model_id="x" * 101)


def test_a_model_of_no_provider_is_refused(connection: Connection) -> None:
    with pytest.raises(errors.ForeignKeyViolation):
        external(connection, provider_id="nobody")


def test_a_provider_with_models_is_not_deleted_under_them(connection: Connection) -> None:
    with pytest.raises(errors.ForeignKeyViolation):
        connection.execute("DELETE FROM providers WHERE id = 'openai'")


def test_one_run_of_a_kind_at_a_time(connection: Connection) -> None:
    first = run(connection, sync_type="health")
    run(connection, sync_type="pricing")
    connection.execute("SAVEPOINT here")
    with pytest.raises(errors.UniqueViolation, match="one_running_sync_per_type"):
        run(connection, sync_type="health")
    connection.execute("ROLLBACK TO here")
    connection.execute(
        "UPDATE registry_sync_log SET status = 'failed', completed_at = now() WHERE id = %s", [first["id"]]
    )
    assert run(connection, sync_type="health")["status"] == "running"


@pytest.mark.parametrize(("days", "chosen"), [(-30, False), (0, False), (1, True), (None, True)])
def test_a_model_is_not_chosen_from_the_day_it_retires(connection: Connection, days: int | None, chosen: bool) -> None:
    connection.execute("UPDATE models SET enabled = false")
    given: dict[str, Any] = {"primary_mode": "chat", "input_modalities": ["text"], "output_modalities": ["text"]}
    row = external(connection, **given)
    connection.execute(
        "UPDATE models SET retires = (now() AT TIME ZONE 'UTC')::date + %s::integer WHERE id = %s", [days, row["id"]]
    )
    found = connection.execute(
        "SELECT model_id FROM select_model('chat', ARRAY['text'], ARRAY['text'], 5, 'external')"
    ).fetchall()
    assert [it["model_id"] for it in found] == ([row["model_id"]] if chosen else [])
