"""Random changes of a registry that `tests.sql.random_registry` filled, as one transaction each."""

from collections.abc import Callable

from radiant.domain.vocabulary import HealthStatus, ThermalState
from tests.sql.random_registry import CAPABILITIES, NAMES, PRICES, RUNTIMES, TASKS, Chance

#: A random one of a table, and what it is called by in a statement.
A_MODEL = "(provider_id, model_id) = (SELECT provider_id, model_id FROM models ORDER BY random() LIMIT 1)"
A_PROVIDER = "(SELECT id FROM providers WHERE id <> 'self_hosted' ORDER BY random() LIMIT 1)"
AN_OWN_MODEL = "model_id = (SELECT model_id FROM self_hosted_models ORDER BY random() LIMIT 1)"


def _health(chance: Chance) -> str:
    status, latency = chance.choice([*HealthStatus]).value, chance.choice(["NULL", "12.5", "12.500", "90"])
    where = f"provider_id = {A_PROVIDER}" if chance.often(0.9) else "true"
    return f"UPDATE provider_health SET status = '{status}', avg_latency_ms = {latency} WHERE {where}"


def _region(chance: Chance) -> str:
    if chance.often(0.5):
        return f"DELETE FROM provider_health WHERE region = 'far' AND provider_id = {A_PROVIDER}"
    return (
        "INSERT INTO provider_health (provider_id, region, status, avg_latency_ms)"
        f" VALUES ({A_PROVIDER}, 'far', 'healthy', 1) ON CONFLICT DO NOTHING"
    )


def _measured(chance: Chance) -> str:
    """Of a model itself. What rests does so for long, so that no rest ends meanwhile."""
    if chance.often(0.2):
        a_key = "SELECT provider_id, model_id FROM model_health ORDER BY random() LIMIT 1"
        return f"DELETE FROM model_health WHERE (provider_id, model_id) = ({a_key})"
    status, latency = chance.choice([*HealthStatus]).value, chance.choice(["NULL", "12.5", "90"])
    ends = chance.choice(["NULL", "'2001-01-01'", "'2100-01-01'", "'2100-01-02'"])
    external, own = "provider_id, model_id FROM models", "'self_hosted', model_id FROM self_hosted_models"
    a_model = f"SELECT {external if chance.often(0.7) else own} ORDER BY random() LIMIT 1"
    return (
        "INSERT INTO model_health"
        " (provider_id, model_id, status, avg_latency_ms, fresh, resting_until, resting_because)"
        f" SELECT *, '{status}', {latency}, {chance.often(0.8)}, {ends}, '5 failures' FROM ({a_model}) it"
        " ON CONFLICT (provider_id, model_id) DO UPDATE SET status = excluded.status, fresh = excluded.fresh,"
        " avg_latency_ms = excluded.avg_latency_ms, resting_until = excluded.resting_until"
    )


def _price(chance: Chance) -> str:
    price = chance.choice([it for it in PRICES if it is not None])
    column = chance.choice(["input_cost_per_1k", "output_cost_per_1k", "cost_per_request", "markup_rate"])
    where = A_MODEL if chance.often(0.9) else f"provider_id = {A_PROVIDER}"
    return f"UPDATE models SET {column} = {price if column != 'markup_rate' else '0.25'} WHERE {where}"


def _unreadable(chance: Chance) -> str:
    return f"UPDATE models SET cost_per_request = {chance.choice(['1e13', '1'])} WHERE {A_MODEL}"


def _flag(chance: Chance) -> str:
    column = chance.choice(["enabled", "deprecated"])
    if chance.often(0.3):
        return f"UPDATE self_hosted_models SET {column} = NOT {column} WHERE {AN_OWN_MODEL}"
    return f"UPDATE models SET {column} = NOT {column} WHERE {A_MODEL}"


def _description(chance: Chance) -> str:
    column, value = chance.choice(
        [
            ("display_name", f"'{chance.randint(1, 9)}'"),
            ("context_window", "8192"),
            ("aliases", f"'{{alias-{chance.randint(1, 3)}}}'"),
            ("capabilities", f"ARRAY[$${chance.choice(CAPABILITIES)}$$]"),
            ("primary_mode", f"'{chance.choice(TASKS)}'"),
            ("retires", f"current_date + {chance.choice([-1, 0, 1, 30])}"),
        ]
    )
    return f"UPDATE models SET {column} = {value} WHERE {A_MODEL}"


def _model(chance: Chance) -> str:
    name = chance.choice(NAMES)
    return chance.choice(
        [
            f"DELETE FROM models WHERE {A_MODEL}",
            f"INSERT INTO models (provider_id, model_id, name, display_name) VALUES ({A_PROVIDER}, '{name}', 'n', 'N')"
            " ON CONFLICT DO NOTHING",
            f"UPDATE models SET model_id = 'renamed' WHERE {A_MODEL}"
            " AND NOT EXISTS (SELECT FROM models it WHERE it.model_id = 'renamed')",
        ]
    )


def _own_model(chance: Chance) -> str:
    name = chance.choice(NAMES)
    return chance.choice(
        [
            f"DELETE FROM self_hosted_models WHERE {AN_OWN_MODEL}",
            "INSERT INTO self_hosted_models (model_id, name, display_name, category)"
            f" VALUES ('{name}', 'n', 'N', 'llm') ON CONFLICT DO NOTHING",
            f"UPDATE self_hosted_models SET hourly_rate = {chance.randint(1, 5)} WHERE {AN_OWN_MODEL}",
        ]
    )


def _warmth(chance: Chance) -> str:
    where = AN_OWN_MODEL if chance.often(0.9) else "true"
    return f"UPDATE thermal_states SET current_state = '{chance.choice([*ThermalState]).value}' WHERE {where}"


def _endpoint(chance: Chance) -> str:
    """One that comes, goes, changes or is seen. What may not stand there twice is left out."""
    an_endpoint = "(SELECT id FROM endpoints ORDER BY random() LIMIT 1)"
    state = chance.choice(["NULL", *(f"'{it.value}'" for it in ThermalState)])
    return chance.choice(
        [
            "INSERT INTO endpoints (model_id, runtime, name, url)"
            f" SELECT model_id, '{chance.choice(RUNTIMES)}', 'm', 'http://gpu-{chance.randint(1, 30)}:1'"
            f" FROM self_hosted_models WHERE {AN_OWN_MODEL} ON CONFLICT DO NOTHING",
            f"DELETE FROM endpoints WHERE id = {an_endpoint}",
            f"UPDATE endpoints SET enabled = NOT enabled WHERE id = {an_endpoint}",
            f"UPDATE endpoints SET url = 'http://other-' || id || ':{chance.randint(1, 9)}' WHERE id = {an_endpoint}",
            f"UPDATE endpoint_states SET state = {state}, observed_at = now() WHERE endpoint_id = {an_endpoint}",
            f"UPDATE endpoint_states SET is_transitioning = NOT is_transitioning WHERE endpoint_id = {an_endpoint}",
        ]
    )


def _provider(chance: Chance) -> str:
    number = chance.randint(1, 9)
    own_too = "(SELECT id FROM providers ORDER BY random() LIMIT 1)"
    return chance.choice(
        [
            f"UPDATE providers SET enabled = NOT enabled WHERE id = {own_too}",
            f"UPDATE providers SET display_name = 'Provider {number}' WHERE id = {own_too}",
            f"UPDATE providers SET compliance = '{{HIPAA}}' WHERE id = {own_too}",
            f"UPDATE providers SET key_variables = '{{KEY_{number}}}' WHERE id = {A_PROVIDER}",
            f"UPDATE providers SET id = 'r{number}' WHERE id = {A_PROVIDER}"
            f" AND NOT EXISTS (SELECT FROM providers it WHERE it.id = 'r{number}')",
            f"INSERT INTO providers (id, display_name) VALUES ('n{number}', 'New') ON CONFLICT DO NOTHING",
        ]
    )


def _default(chance: Chance) -> str:
    a_name = "(SELECT model_id FROM models WHERE enabled ORDER BY random() LIMIT 1)"
    return chance.choice(
        [
            "DELETE FROM default_models WHERE task = 'chat'",
            f"INSERT INTO default_models (task, model_id) SELECT 'chat', {a_name} WHERE {a_name} IS NOT NULL"
            " ON CONFLICT (task) DO UPDATE SET model_id = excluded.model_id",
        ]
    )


def _everything(chance: Chance) -> str:
    return chance.choice(["SELECT announce_everything()", "TRUNCATE provider_health", "UPDATE models SET min_tier = 2"])


#: What can happen, and how often beside the others.
KINDS: dict[Callable[[Chance], str], int] = {
    _health: 8, _measured: 6, _region: 2, _price: 6, _unreadable: 2, _flag: 6, _description: 6, _model: 4,
    _own_model: 4, _warmth: 6, _endpoint: 6, _provider: 4, _default: 2, _everything: 1,
}  # fmt: skip


def changes(chance: Chance) -> str:
    """The statements of a transaction; some of it, or now and then all, is undone again."""
    said = ["BEGIN"]
    for kind in chance.choices([*KINDS], [*KINDS.values()], k=chance.choice([1, 1, 1, 2, 3, 6])):
        if chance.often(0.1):
            said += ["SAVEPOINT here", kind(chance), "ROLLBACK TO here"]
        else:
            said.append(kind(chance))
    return "; ".join([*said, "ROLLBACK" if chance.often(0.05) else "COMMIT"])
