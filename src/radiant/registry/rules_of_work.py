"""The rules of tables that say what is done: access, events, health, runs, schedules, catalogs that are fetched."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from radiant.domain.event import SinkKind
from radiant.domain.health import INDICATORS
from radiant.domain.schedule import KINDS
from radiant.domain.source import Outcome
from radiant.domain.vocabulary import HealthStatus

from .rule import LISTS, NAMES, PLAIN, TEXTS, TIMES, Rule, one_of

_DURATION = Rule("A duration is a number of milliseconds from 0.")
_STEP = Rule("Steps of a run are counted from 0.")

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        # access_tokens
        "access_token_hash_is_sha256": Rule("Of a token the SHA-256 is kept, which has 32 bytes."),
        "access_token_names": NAMES,
        "access_token_role": Rule("A token is for the role admin or reader."),
        "access_token_texts": TEXTS,
        "access_token_times": TIMES,
        "access_tokens_hash_key": Rule("This token is there already.", "conflict"),
        # events, event_sinks, event_dead_letters
        "event_type": Rule(
            "The type of an event is lower-case words with dots between, such as radiant.model.deprecated."
        ),
        "event_data": Rule("The data of an event is a JSON object of at most 1,000,000 bytes."),
        "event_texts": TEXTS,
        "event_times": TIMES,
        "event_sink_name": Rule(
            "The name of a sink has up to 80 lower-case letters, digits, and . _ - after the first."
        ),
        "event_sink_kind": one_of("The kind of a sink", SinkKind),
        "event_sink_settings": Rule("The settings of a sink are a JSON object of at most 200,000 bytes."),
        "event_sink_secret_env": Rule("The secret of a sink is named by its environment variable, in capital letters."),
        "event_sink_types": LISTS,
        "event_sink_counts": Rule("A sink counts from 0."),
        "event_sink_texts": TEXTS,
        "event_sink_times": TIMES,
        "event_sinks_name_key": Rule("There is a sink of that name already.", "conflict"),
        "events_id_key": Rule("There is an event of that id already.", "conflict"),
        "events_seq_key": Rule("There is an event of that number already.", "conflict"),
        "dead_letter_texts": TEXTS,
        "dead_letter_times": TIMES,
        # provider_health
        "health_status": one_of("A health", HealthStatus),
        "health_latencies": Rule("A latency is a number of milliseconds from 0."),
        "health_rates": Rule("A rate of errors or successes lies between 0 and 1."),
        "health_plain_texts": PLAIN,
        "health_texts": TEXTS,
        "health_times": TIMES,
        "health_reason": NAMES,
        "health_counts": Rule("Failures and successes in a row are counted from 0."),
        "health_refusals": Rule("Refusals in a row are counted from 0."),
        "health_failing_model": NAMES,
        "health_exact_latencies": Rule("A latency is a number of milliseconds from 0."),
        "health_moments": TIMES,
        # model_health, health_minutes
        "model_health_status": one_of("A health", HealthStatus),
        "model_health_latencies": Rule("A latency is a number of milliseconds from 0."),
        "model_health_rates": Rule("A rate of errors or successes lies between 0 and 1."),
        "model_health_counts": Rule("Failures, successes and rests are counted from 0."),
        "model_health_refusals": Rule("Refusals in a row are counted from 0."),
        "model_health_texts": PLAIN,
        "model_health_rest": Rule("A model that rests was measured lately, and says why it rests."),
        "model_health_times": TIMES,
        "health_minutes_key": Rule("What was counted in that stretch of time is there already.", "conflict"),
        "health_minute_width": Rule("A stretch of time is a minute, an hour or a day, in seconds."),
        "health_minute_counts": Rule("Answers and tokens are counted from 0."),
        "health_minute_sums": Rule("A sum of latencies is a number of milliseconds from 0."),
        "health_minute_texts": PLAIN,
        "health_minute_times": TIMES,
        "outcome_times": TIMES,
        # probes, status_pages, status_changes
        "probe_names": NAMES,
        "probe_texts": PLAIN,
        "probe_times": TIMES,
        "status_page_indicator": one_of("What a status page says", INDICATORS),
        "status_page_texts": PLAIN,
        "status_page_times": TIMES,
        "status_change_status": one_of("A health", HealthStatus),
        "status_change_names": NAMES,
        "status_change_times": TIMES,
        "paid_probe_model": NAMES,
        "paid_probe_times": TIMES,
        # registry_changes
        "changes_pruned_is_one_row": Rule("registry_changes_pruned has one row."),
        # registry_sync_log
        "one_running_sync_per_type": Rule("A run of this kind is going on already.", "conflict"),
        "sync_type": one_of("The kind of a run", KINDS),
        "sync_status": one_of("The status of a run", ("running", "completed", "failed")),
        "sync_ends_once": Rule("A run that is over has the time of its end, and one that is going on has none."),
        "sync_counts": Rule("A run counts from 0."),
        "sync_lists": LISTS,
        "sync_plain_texts": PLAIN,
        "sync_texts": TEXTS,
        "sync_times": TIMES,
        "sync_trigger": one_of("What begins a run", ("schedule", "person", "event")),
        "sync_heartbeat": TIMES,
        "sync_origin": TEXTS,
        # sync_results
        "sync_result_lists": LISTS,
        "sync_result_texts": TEXTS,
        "sync_result_duration": _DURATION,
        "sync_result_step": _STEP,
        "sync_result_times": TIMES,
        # public_sources and source_results
        "public_source_names": NAMES,
        "public_source_texts": Rule(
            "A public catalog has an id of 1 to 80 characters, and an address of at most 2,000."
        ),
        "source_result_outcome": one_of("What fetching a public catalog came to", Outcome),
        "source_result_names": NAMES,
        "source_result_texts": TEXTS,
        "source_result_duration": _DURATION,
        "source_result_step": _STEP,
        "source_result_times": TIMES,
        # schedules
        "schedule_kind": one_of("The kind of a schedule", KINDS),
        "schedule_cron_is_one_line": Rule("A schedule is one line of at most 100 characters."),
        "schedule_times": TIMES,
        # schema_migrations
        "migration_time": TIMES,
    }
)
