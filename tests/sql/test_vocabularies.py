"""Lists of words in the schema are those of the vocabulary in Python."""

import pytest

from radiant.domain import units, vocabulary
from radiant.domain.self_hosted import Readiness
from radiant.public_catalogs import vocabulary as words
from radiant.selection.criteria.class_ import RANKS
from tests.sql.rows import Connection


@pytest.mark.parametrize(
    ("constraint", "members"),
    [
        ("self_hosted_category", vocabulary.Category),
        ("thermal_current_state", vocabulary.ThermalState),
        ("thermal_target_state", [*vocabulary.ThermalState, "AUTOMATIC"]),
        ("self_hosted_default_state", vocabulary.ThermalState),
        ("self_hosted_serving", Readiness),
        ("health_status", vocabulary.HealthStatus),
        ("model_class", vocabulary.ModelClass),
        ("model_pricing_type", [unit for unit in units.PricingType if unit != "per_hour"]),
    ],
)
def test_a_constraint_lists_what_the_vocabulary_lists(
    connection: Connection, constraint: str, members: list[str]
) -> None:
    row = connection.execute(
        "SELECT array_agg(m[1]) AS listed FROM pg_constraint,"
        r" regexp_matches(pg_get_constraintdef(oid), '''([^'']+)''::text', 'g') AS m WHERE conname = %s",
        [constraint],
    ).fetchone()
    assert row and set(row["listed"]) == {str(member) for member in members}


@pytest.mark.parametrize(
    ("function", "members"),
    [
        ("task_names", vocabulary.Task),
        ("modality_names", vocabulary.Modality),
        ("class_names", sorted(vocabulary.ModelClass, key=lambda it: RANKS[it])),
    ],
)
def test_tasks_modalities_and_classes_are_those_of_the_vocabulary_in_its_order(
    connection: Connection, function: str, members: list[str]
) -> None:
    assert connection.execute(f"SELECT {function}() AS listed".encode()).fetchone() == {"listed": [*members]}


def test_the_known_capabilities_are_those_that_public_catalogs_tell(connection: Connection) -> None:
    tables = (
        words.LITELLM_SUPPORTS, words.LITELLM_MODE_CAPABILITIES, words.MODELS_DEV_FLAGS, words.OPENROUTER_PARAMETERS,
        words.INPUT_CAPABILITIES,
    )  # fmt: skip
    told = {capability for table in tables for capability in table.values()}
    assert connection.execute("SELECT capability_names() AS listed").fetchone() == {"listed": sorted(told)}


@pytest.mark.parametrize("constraint", ["model_task", "self_hosted_task", "default_task"])
def test_each_column_of_tasks_takes_the_tasks_of_that_one_list(connection: Connection, constraint: str) -> None:
    row = connection.execute(
        "SELECT pg_get_constraintdef(oid) LIKE '%%= ANY (task_names())%%' AS theirs FROM pg_constraint"
        " WHERE conname = %s",
        [constraint],
    ).fetchone()
    assert row == {"theirs": True}
