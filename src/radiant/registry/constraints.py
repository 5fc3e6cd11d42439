"""For each constraint of the database, the sentence and the kind of error a person gets when it is violated."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import psycopg

from radiant.domain.errors import RuleViolated

from . import rules_of_endpoints, rules_of_models, rules_of_prices, rules_of_usage, rules_of_work
from .rule import Rule

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        **rules_of_models.RULES,
        **rules_of_endpoints.RULES,
        **rules_of_work.RULES,
        **rules_of_prices.RULES,
        **rules_of_usage.RULES,
    }
)


def violated(error: psycopg.IntegrityError) -> RuleViolated:
    """The error for people of what a constraint refused: a name of the table above, or a general rule."""
    diagnosis = error.diag
    name = diagnosis.constraint_name or ""
    rule = RULES.get(name) or _general(error)
    return RuleViolated(name or f"{diagnosis.table_name}.{diagnosis.column_name}", rule.kind, rule.sentence)


def _general(error: psycopg.IntegrityError) -> Rule:
    """What keys, references, required columns and constraints of people's own have in common."""
    diagnosis = error.diag
    table, detail = diagnosis.table_name or "a table", diagnosis.message_detail or ""
    named = re.match(r"Key \((?P<columns>[^)]*)\)=\((?P<values>.*)\)", detail)
    key = f"{named['columns']} {named['values']:.200}" if named else "that key"
    if isinstance(error, psycopg.errors.UniqueViolation):
        return Rule(f"{table} has a row with {key} already.", "conflict")
    if isinstance(error, psycopg.errors.ForeignKeyViolation):
        if "still referenced" in detail:
            return Rule(f"Other rows stand on the row of {table} with {key}; they have to go first.", "conflict")
        return Rule(f"A row of {table} names {key}, which does not exist.", "conflict")
    if isinstance(error, psycopg.errors.NotNullViolation):
        return Rule(f"{table} needs a value for {diagnosis.column_name}.")
    return Rule(f"{table} has a rule {diagnosis.constraint_name} that this breaks.")
