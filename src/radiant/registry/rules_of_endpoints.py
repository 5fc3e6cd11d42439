"""The rules of tables that say where self-hosted models run, and how warm they are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from radiant.domain.vocabulary import ThermalState

from .rule import NAMES, PLAIN, TEXTS, TIMES, Rule, one_of

_STATE = one_of("A thermal state", ThermalState)

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        # endpoints
        "endpoint_runtime": Rule("A runtime is named by up to 40 lower-case letters, digits and _, such as llama_cpp."),
        "endpoint_url": Rule(
            "The address of an endpoint begins with http:// or https://, has no user, query or fragment, and is not"
            " link-local."
        ),
        "endpoint_secret_env": Rule("The key of an endpoint is named by its environment variable, in capital letters."),
        "endpoint_options": Rule("The options of an endpoint are a JSON object of at most 200,000 bytes."),
        "one_endpoint_per_place": Rule(
            "There is an endpoint of that runtime, address, region and name already.", "conflict"
        ),
        "endpoint_names": NAMES,
        "endpoint_texts": Rule("An address has at most 1,000 bytes, the name there 600, a region 100."),
        "endpoint_instances": Rule("Instances are at least 0, and at most no fewer than at least.", "conflict"),
        "endpoint_times": TIMES,
        # endpoint_states
        "endpoint_state": _STATE,
        "endpoint_progress": Rule("Progress lies between 0 and 1."),
        "endpoint_phase": one_of("The phase of an endpoint", ("idle", "warming", "cooling", "failed")),
        "endpoint_counts": Rule("Instances, requests in flight, attempts and steps are counted from 0."),
        "endpoint_problem": TEXTS,
        "endpoint_moments": TIMES,
        # thermal_states and warmup_demands
        "thermal_current_state": _STATE,
        "thermal_target_state": one_of("A target", [*ThermalState, "AUTOMATIC"]),
        "thermal_instance_count": Rule("Instances are counted from 0."),
        "thermal_plain_texts": PLAIN,
        "thermal_texts": TEXTS,
        "thermal_times": TIMES,
        "endpoint_blind_since": TIMES,
        "endpoint_aim": Rule("Instances are counted from 0."),
        "thermal_warmup_seconds": Rule("A warm-up takes 0 seconds or more."),
        "thermal_warmup_slow_seconds": Rule("A slow warm-up takes 0 seconds or more."),
        "thermal_cool_asked_at": TIMES,
        "thermal_why": TEXTS,
        # warmups, thermal_history, handovers, prewarm_windows
        "warmup_outcome": one_of("The outcome of a warm-up", ("ready", "failed", "timed_out", "cancelled")),
        "warmup_ends": Rule("A warm-up that ended has an outcome and a time; one that is ready says since when."),
        "warmup_texts": TEXTS,
        "warmup_times": TIMES,
        "one_warmup_at_a_time": Rule("The model is being brought up at that endpoint already.", "conflict"),
        "history_state": _STATE,
        "history_rate": Rule("An hourly rate is a finite amount of US dollars from 0; NULL is unknown."),
        "history_instances": Rule("Instances are counted from 0."),
        "history_times": TIMES,
        "one_state_at_a_time": Rule("A model is in one state at a time.", "conflict"),
        "handover_counts": Rule("Hand-overs and what they cost are counted from 0; no more are priced than served."),
        "handover_hour": TIMES,
        "window_duration": Rule("A window is 1 to 10,080 minutes long."),
        "one_window_of_a_kind": Rule("There is a window of that schedule and time zone already.", "conflict"),
        "window_texts": Rule("A schedule has at most 200 characters, a time zone 100."),
        "window_times": TIMES,
        "demand_ends_after_it_began": Rule("A demand ends after it began."),
        "demand_plain_texts": PLAIN,
        "demand_texts": TEXTS,
        "demand_times": TIMES,
    }
)
