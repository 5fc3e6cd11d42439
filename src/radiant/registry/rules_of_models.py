"""The rules of tables that say what there is: catalogs, facts, providers, models, what is chosen and reviewed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from radiant.domain.self_hosted import Readiness
from radiant.domain.units import PricingType
from radiant.domain.vocabulary import Category, ModelClass, ThermalState

from .rule import (
    COUNT,
    DAYS,
    LEAST_CHARGE,
    LISTS,
    MARKUP,
    MODALITIES,
    NAMES,
    PLAIN,
    TASK,
    TEXTS,
    TIER,
    TIMES,
    Rule,
    one_of,
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "usd_is_a_finite_amount_from_zero": Rule("A price is a finite amount of US dollars from 0; NULL is unknown."),
        # catalogs
        "catalog_name_has_a_length": Rule("The name of a catalog has 1 to 600 characters."),
        "catalog_names": NAMES,
        "catalog_plain_texts": PLAIN,
        "catalog_texts": TEXTS,
        "catalog_times": TIMES,
        # default_models
        "default_successor": NAMES,
        "default_names_a_model": Rule(
            "A default model is one of the registry, named by model id, provider/model, LiteLLM id or alias.",
            "conflict",
        ),
        "default_task": TASK,
        "default_names": NAMES,
        "default_texts": TEXTS,
        "default_times": TIMES,
        # facts and their imports
        "fact_entry": Rule("The entry of a fact has 1 to 600 characters."),
        "fact_source": Rule("A source is plain text in lower case of at most 80 characters, or a catalog's, curated:…"),
        "fact_subject": Rule("A fact names both provider and model, or neither."),
        "fact_days": DAYS,
        "fact_plain_texts": PLAIN,
        "fact_texts": TEXTS,
        "fact_times": TIMES,
        "fact_import_days": DAYS,
        "fact_import_good_until": DAYS,
        "fact_import_validators": TEXTS,
        "fact_import_plain_texts": PLAIN,
        "fact_import_texts": TEXTS,
        "fact_import_times": TIMES,
        # fact_doubts
        "fact_doubt_kind": one_of("The kind of a doubt", ("above_window", "alone", "other_unit", "cheap_output")),
        "fact_doubt_gap": Rule("A gap lies between 0 and 1."),
        "fact_doubt_instead": COUNT,
        "fact_doubt_plain_texts": PLAIN,
        "fact_doubt_texts": TEXTS,
        # models
        "one_model_per_provider_and_id": Rule("This provider has a model of that id already.", "conflict"),
        "external_models_have_a_provider": Rule(
            "A model of one's own hardware stands in self_hosted_models, not in models."
        ),
        "model_id_has_a_length": Rule("The id of an external model has 1 to 512 characters."),
        "model_task": TASK,
        "model_pricing_type": one_of("The unit of a price", [it for it in PricingType if it != PricingType.PER_HOUR]),
        "model_origin": one_of("The origin of an external model", ("curated", "adopted", "discovered", "manual")),
        "model_context_window": COUNT,
        "model_max_output": COUNT,
        "model_max_input": COUNT,
        "model_doubts": LISTS,
        "model_class": one_of("The class of a model", ModelClass),
        "model_throughput": Rule("A throughput is a finite number of tokens per second above 0."),
        "model_successor": Rule("The successor of a model is an id of 1 to 512 characters."),
        "model_embedding_dimension": COUNT,
        "model_markup": MARKUP,
        "model_minimum_charge": LEAST_CHARGE,
        "model_tier": TIER,
        "model_lists": LISTS,
        "model_modalities": MODALITIES,
        "model_times": TIMES,
        "model_days": DAYS,
        "model_names": NAMES,
        "model_named_lists": NAMES,
        "model_plain_texts": PLAIN,
        "model_texts": TEXTS,
        # overrides
        "override_plain_texts": PLAIN,
        "override_texts": TEXTS,
        "override_times": TIMES,
        # providers
        "provider_conditions": Rule(
            'Conditional compliance is an object: {"HIPAA": {"url": "https://…", "condition": "…"}}, and `covers` '
            "where needed."
        ),
        "provider_coverage": Rule('Conditional compliance lists ids in `models` and `excepted`: ["claude-fable-*"].'),
        "provider_declarations": LISTS,
        "provider_id_is_plain": Rule("The id of a provider has lower-case letters, digits, and . _ - after the first."),
        "provider_lists": LISTS,
        "provider_names": NAMES,
        "provider_named_lists": NAMES,
        "provider_plain_texts": PLAIN,
        "provider_texts": TEXTS,
        "provider_times": TIMES,
        # review_rules, discovered_models and model_evidence
        "review_rule_task": TASK,
        "review_rule_ceilings": Rule("A price ceiling is a finite amount of US dollars from 0."),
        "review_rule_texts": Rule("The pattern of a rule has 1 to 600 characters."),
        "review_rule_times": TIMES,
        "discovered_status": one_of("The status of a listed model", ("known", "pending", "approved", "rejected")),
        "discovered_kind": one_of(
            "What a listed id is", ("model", "snapshot", "alias", "fine_tune", "adapter", "regional")
        ),
        "discovered_claims": LISTS,
        "discovered_lists": LISTS,
        "discovered_texts": Rule("The ids of a listed model and its family have 1 to 512 characters."),
        "discovered_times": TIMES,
        "evidence_what": one_of(
            "What happened to a model", ("absent", "returned", "deprecated", "restored", "warned", "retired")
        ),
        "evidence_texts": Rule("Evidence is about a model whose id has 1 to 512 characters."),
        "evidence_times": TIMES,
        # self_hosted_models
        "one_self_hosted_model_per_id": Rule("There is a self-hosted model of that id already.", "conflict"),
        "self_hosted_id_has_a_length": Rule("The id of a self-hosted model has 1 to 100 characters."),
        "self_hosted_category": one_of("The category of a self-hosted model", Category),
        "self_hosted_task": TASK,
        "self_hosted_status": one_of("The status of a self-hosted model", ("active", "beta", "maintenance", "retired")),
        "self_hosted_origin": one_of("The origin of a self-hosted model", ("curated", "discovered", "manual")),
        "self_hosted_accuracy": Rule("An accuracy is a number between -1e12 and 1e12."),
        "self_hosted_gpu_memory": COUNT,
        "self_hosted_parameters": COUNT,
        "self_hosted_context_window": COUNT,
        "self_hosted_model_context_window": COUNT,
        "self_hosted_serving": one_of("How a self-hosted model is served", Readiness),
        "self_hosted_serving_note": TEXTS,
        "self_hosted_key_variables": LISTS,
        "self_hosted_max_output": COUNT,
        "self_hosted_embedding_dimension": COUNT,
        "self_hosted_hourly_rate": Rule("An hourly rate is a finite amount of US dollars from 0."),
        "self_hosted_markup": MARKUP,
        "self_hosted_minimum_charge": LEAST_CHARGE,
        "self_hosted_price_details": TEXTS,
        "self_hosted_tier": TIER,
        "self_hosted_default_state": one_of("The first thermal state", ThermalState),
        "self_hosted_warmup": Rule("A warm-up takes 0 seconds or more."),
        "self_hosted_idle_time": Rule("A model scales to zero after 1 minute or more."),
        "self_hosted_instances": Rule("Instances are at least 0, and at most no fewer than at least."),
        "self_hosted_lists": LISTS,
        "self_hosted_modalities": MODALITIES,
        "self_hosted_names": NAMES,
        "self_hosted_named_lists": NAMES,
        "self_hosted_plain_texts": PLAIN,
        "self_hosted_texts": TEXTS,
        "self_hosted_times": TIMES,
    }
)
