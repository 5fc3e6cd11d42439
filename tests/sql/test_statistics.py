"""`unified_model_stats`: counts as of the last refresh."""

from typing import Any

from tests.sql.rows import Connection


def test_the_statistics_are_as_of_the_last_refresh_and_then_equal_to_the_live_ones(connection: Connection) -> None:
    def both() -> list[dict[str, Any]]:
        return [
            dict(connection.execute(f"SELECT * FROM {name}".encode()).fetchone() or {})
            for name in ("registry_statistics", "unified_model_stats")
        ]

    live, kept = both()
    assert {**kept, **live} == kept
    connection.execute("UPDATE thermal_states SET current_state = 'HOT' WHERE model_id = 'sam-2'")
    connection.execute("UPDATE provider_health SET status = 'unhealthy' WHERE provider_id = 'openai'")
    changed, kept = both()
    assert (changed["hot_count"], changed["off_count"]) == (1, live["off_count"] - 1)
    assert changed["unhealthy_count"] > 0
    assert kept["hot_count"] == 0
    connection.execute("SELECT refresh_statistics()")
    changed, kept = both()
    assert {**kept, **changed} == kept


def test_the_statistics_count_what_the_view_shows_and_nothing_deprecated(connection: Connection) -> None:
    connection.execute("UPDATE models SET deprecated = true WHERE provider_id = 'openai'")
    counted = connection.execute("SELECT * FROM registry_statistics").fetchone()
    by_hand = connection.execute(
        """
        SELECT sum((hosting_type = 'external')::int) AS external_count,
               sum((hosting_type = 'self_hosted')::int) AS self_hosted_count,
               sum((health_status = 'healthy')::int) AS healthy_count,
               sum((health_status = 'unhealthy')::int) AS unhealthy_count,
               sum((thermal_state IS NOT DISTINCT FROM 'HOT')::int) AS hot_count,
               sum((thermal_state IS NOT DISTINCT FROM 'WARM')::int) AS warm_count,
               sum((thermal_state IS NOT DISTINCT FROM 'COLD')::int) AS cold_count,
               (SELECT count(*) FROM (SELECT category FROM unified_model_registry
                                       WHERE NOT deprecated GROUP BY 1) c) AS category_count,
               (SELECT count(*) FROM (SELECT provider_id FROM unified_model_registry
                                       WHERE NOT deprecated AND provider_id <> 'self_hosted' GROUP BY 1) p)
                 AS provider_count,
               sum((thermal_state IS NOT DISTINCT FROM 'OFF')::int) AS off_count
          FROM unified_model_registry WHERE NOT deprecated
        """
    ).fetchone()
    assert counted == by_hand
    assert counted is not None
    assert counted["external_count"] < counted["external_count"] + counted["self_hosted_count"]
