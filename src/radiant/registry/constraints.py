"""What each constraint of the database demands, in words: one table, and the error a person gets."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

import psycopg

from radiant.domain.errors import RuleViolated
from radiant.domain.units import PricingType
from radiant.domain.vocabulary import Category, HealthStatus, Modality, ModelClass, Task, ThermalState


class Rule(NamedTuple):
    """`conflict`: the row is right, but not beside what is there already; `invalid`: it is wrong by itself."""

    sentence: str
    kind: Literal["conflict", "invalid"] = "invalid"


def _one_of(what: str, names: Iterable[str]) -> Rule:
    return Rule(f"{what} is one of {', '.join(names)}.")


_TIMES = Rule("A time lies between the years 1970 and 2199.")
_DAYS = Rule("A date lies between the years 1970 and 2199.")
_LISTS = Rule("A list has one dimension, no NULL in it, and at most 200 entries and 100,000 characters.")
_TEXTS = Rule("A text or a JSON value is longer than its column allows.")
_TASK = _one_of("A task", Task)
_MODALITIES = Rule(f"Modalities are a list of some of {', '.join(Modality)}.")
_TIER = Rule("A tier is a whole number from 1 to 5.")
_MARKUP = Rule("A markup is a finite number from 0.")
_COUNT = Rule("A number of tokens, dimensions, parameters or gigabytes is above 0 where it is given.")

RULES: dict[str, Rule] = {
    "usd_is_a_finite_amount_from_zero": Rule("A price is a finite amount of US dollars from 0; NULL is unknown."),
    # access_tokens
    "access_token_hash_is_sha256": Rule("Of a token the SHA-256 is kept, which has 32 bytes."),
    "access_token_role": Rule("A token is for the role admin or reader."),
    "access_token_texts": _TEXTS,
    "access_token_times": _TIMES,
    "access_tokens_hash_key": Rule("This token is there already.", "conflict"),
    # catalogs
    "catalog_name_has_a_length": Rule("The name of a catalog has 1 to 600 characters."),
    "catalog_texts": _TEXTS,
    "catalog_times": _TIMES,
    # default_models
    "default_task": _TASK,
    "default_texts": _TEXTS,
    "default_times": _TIMES,
    # facts and their imports
    "fact_entry": Rule("The entry of a fact has 1 to 600 characters."),
    "fact_source": Rule("A source is plain text in lower case of at most 80 characters, or a catalog's, curated:…"),
    "fact_subject": Rule("A fact names both provider and model, or neither."),
    "fact_days": _DAYS,
    "fact_texts": _TEXTS,
    "fact_times": _TIMES,
    "fact_import_days": _DAYS,
    "fact_import_texts": _TEXTS,
    "fact_import_times": _TIMES,
    # models
    "one_model_per_provider_and_id": Rule("This provider has a model of that id already.", "conflict"),
    "external_models_have_a_provider": Rule(
        "A model of one's own hardware stands in self_hosted_models, not in models."
    ),
    "model_id_has_a_length": Rule("The id of an external model has 1 to 512 characters."),
    "model_task": _TASK,
    "model_pricing_type": _one_of("The unit of a price", [it for it in PricingType if it != PricingType.PER_HOUR]),
    "model_origin": _one_of("The origin of an external model", ("curated", "adopted", "discovered", "manual")),
    "model_context_window": _COUNT,
    "model_max_output": _COUNT,
    "model_max_input": _COUNT,
    "model_class": _one_of("The class of a model", ModelClass),
    "model_throughput": Rule("A throughput is a finite number of tokens per second above 0."),
    "model_successor": Rule("The successor of a model is an id of 1 to 512 characters."),
    "model_embedding_dimension": _COUNT,
    "model_markup": _MARKUP,
    "model_tier": _TIER,
    "model_lists": _LISTS,
    "model_modalities": _MODALITIES,
    "model_times": _TIMES,
    "model_days": _DAYS,
    "model_texts": _TEXTS,
    # overrides
    "override_texts": _TEXTS,
    "override_times": _TIMES,
    # provider_health
    "health_status": _one_of("A health", HealthStatus),
    "health_latencies": Rule("A latency is a number of milliseconds from 0."),
    "health_rates": Rule("A rate of errors or successes lies between 0 and 1."),
    "health_texts": _TEXTS,
    "health_times": _TIMES,
    # providers
    "provider_id_is_plain": Rule("The id of a provider has lower-case letters, digits, and . _ - after the first."),
    "provider_lists": _LISTS,
    "provider_texts": _TEXTS,
    "provider_times": _TIMES,
    # registry_changes
    "changes_pruned_is_one_row": Rule("registry_changes_pruned has one row."),
    # registry_sync_log
    "one_running_sync_per_type": Rule("A run of this kind is going on already.", "conflict"),
    "sync_type": _one_of("The kind of a run", ("full", "models", "health", "pricing", "thermal")),
    "sync_status": _one_of("The status of a run", ("running", "completed", "failed")),
    "sync_ends_once": Rule("A run that is over has the time of its end, and one that is going on has none."),
    "sync_counts": Rule("A run counts from 0."),
    "sync_lists": _LISTS,
    "sync_texts": _TEXTS,
    "sync_times": _TIMES,
    # schema_migrations
    "migration_time": _TIMES,
    # self_hosted_models
    "one_self_hosted_model_per_id": Rule("There is a self-hosted model of that id already.", "conflict"),
    "self_hosted_id_has_a_length": Rule("The id of a self-hosted model has 1 to 100 characters."),
    "self_hosted_category": _one_of("The category of a self-hosted model", Category),
    "self_hosted_task": _TASK,
    "self_hosted_status": _one_of("The status of a self-hosted model", ("active", "beta", "maintenance", "retired")),
    "self_hosted_origin": _one_of("The origin of a self-hosted model", ("curated", "discovered", "manual")),
    "self_hosted_accuracy": Rule("An accuracy is a number between -1e12 and 1e12."),
    "self_hosted_gpu_memory": _COUNT,
    "self_hosted_parameters": _COUNT,
    "self_hosted_context_window": _COUNT,
    "self_hosted_max_output": _COUNT,
    "self_hosted_embedding_dimension": _COUNT,
    "self_hosted_hourly_rate": Rule("An hourly rate is a finite amount of US dollars from 0."),
    "self_hosted_markup": _MARKUP,
    "self_hosted_tier": _TIER,
    "self_hosted_default_state": _one_of("The first thermal state", ThermalState),
    "self_hosted_warmup": Rule("A warm-up takes 0 seconds or more."),
    "self_hosted_idle_time": Rule("A model scales to zero after 1 minute or more."),
    "self_hosted_instances": Rule("Instances are at least 0, and at most no fewer than at least."),
    "self_hosted_lists": _LISTS,
    "self_hosted_modalities": _MODALITIES,
    "self_hosted_texts": _TEXTS,
    "self_hosted_times": _TIMES,
    # thermal_states and warmup_demands
    "thermal_current_state": _one_of("A thermal state", ThermalState),
    "thermal_target_state": _one_of("A target", [*ThermalState, "AUTOMATIC"]),
    "thermal_instance_count": Rule("Instances are counted from 0."),
    "thermal_texts": _TEXTS,
    "thermal_times": _TIMES,
    "demand_ends_after_it_began": Rule("A demand ends after it began."),
    "demand_texts": _TEXTS,
    "demand_times": _TIMES,
}


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
