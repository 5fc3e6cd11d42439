"""Who is probed now, where, and why the others are not. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from radiant.domain.observation import GLOBAL, Observation, Reason, Source
from radiant.domain.vocabulary import HealthStatus
from radiant.health.moments import by_a_wrong_clock
from radiant.health.offline import seems_offline, without_a_way
from radiant.health.standing import LONGEST_RETRY, stands
from radiant.providers.probe import Target
from radiant.providers.probe_roster import probing
from radiant.providers.roster import lister

from .accounts import account, without_key

#: What stands for the region in a base URL.
_REGION: Final = "{region}"

#: Where something was seen: a provider in a region.
Where = tuple[str, str]

#: A success of real traffic that is not older makes a probe superfluous.
FRESH: Final = dt.timedelta(minutes=5)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of one provider. `skipped` has, by region, why it is not asked there; `keyless`: for want of a
    key."""

    provider_id: str
    targets: tuple[Target, ...] = ()
    skipped: Mapping[str, str] = {}
    keyless: bool = False


def plan(
    row: Mapping[str, Any],
    last: Mapping[Where, Mapping[str, Any]],
    environment: Mapping[str, str],
    at: dt.datetime,
) -> Plan:
    """What is asked of the provider of a row of `probes.providers`, by what `last` says of it."""
    id, how, probe = row["id"], lister(row["id"]), probing(row["id"])
    regions = list(row["regions"]) or [GLOBAL]
    unable, keyless = _unable(row), without_key(row, environment, keyless=how.keyless)
    if (why := probe.silent or unable or keyless) is not None:
        known = unable is None and keyless is not None
        return Plan(provider_id=id, skipped=dict.fromkeys(regions, why), keyless=known)
    several = len(regions) > 1 and _REGION in row["api_base_url"]
    targets, skipped = [], {}
    for region in regions:
        if (problem := _not_now(last.get((id, region), {}), at)) is not None:
            skipped[region] = problem
        elif region != regions[0] and not several and region not in probe.hosts:
            skipped[region] = "it has a host of its own there, which is not probed"
        elif region != regions[0] and probe.keys_apart:
            skipped[region] = "its keys are others there; only the first of its regions is asked"
        else:
            asked = account(row, environment, region=region if several else None)
            targets.append(Target(probe=probe, lister=how, account=asked, region=region))
    return Plan(provider_id=id, targets=tuple(targets), skipped=skipped)


def news_of_no_key(plan: Plan, last: Mapping[Where, Mapping[str, Any]], at: dt.datetime) -> list[Observation]:
    """That nobody can be asked for want of a key, where that is not known yet. Whoever saw something of it lately, by a
    probe or by real traffic, has one."""
    if not plan.keyless:
        return []
    places = {region: last.get((plan.provider_id, region), {}) for region in plan.skipped}
    return [
        Observation(
            provider_id=plan.provider_id, region=region, source=Source.PROBE, at=at, ok=False, reason=Reason.NO_KEY
        )
        for region, known in places.items()
        if known.get("reason") != Reason.NO_KEY and not stands(known.get("last_check_at"), known.get("probed_at"), at)
    ]


def not_reached(
    seen: Sequence[Observation], last: Mapping[Where, Mapping[str, Any]], at: dt.datetime, *, routed: bool
) -> frozenset[str]:
    """The providers of which nothing is known because this host seems offline: all where nobody of at least two
    answered while real traffic of others did not succeed either, or no one at all while it has no route. Without a
    route also those to which no way was found, whoever else answers from nearby."""
    everybody = frozenset(it.provider_id for it in seen)
    if not routed:
        return everybody if seems_offline(seen, least=1) else without_a_way(seen)
    offline = seems_offline(seen) and not any(_served(known, at) for known in last.values())
    return everybody if offline else frozenset()


def _unable(row: Mapping[str, Any]) -> str | None:
    if not row["enabled"]:
        return "it is disabled"
    return None if row["api_base_url"] else "it has no base URL; set one with `radiant providers set`"


def _not_now(known: Mapping[str, Any], at: dt.datetime) -> str | None:
    until = known.get("retry_at")
    longest = dt.timedelta(seconds=LONGEST_RETRY)
    if until is not None and until > at and not by_a_wrong_clock(until, at, longest):
        return f"it asked to be left alone until {until:%H:%M:%S} UTC"
    return "real requests to it have just succeeded" if _served(known, at) else None


def _served(known: Mapping[str, Any], at: dt.datetime) -> bool:
    """Whether real traffic has just succeeded, which proves more than any probe; but not what a failure came after, nor
    of whom no more traffic will come."""
    served, failed = known.get("last_traffic_at"), known.get("last_failure_at")
    if served is None or served <= at - FRESH or by_a_wrong_clock(served, at):
        return False
    if known.get("status") == HealthStatus.UNHEALTHY:
        return False
    return failed is None or failed < served
