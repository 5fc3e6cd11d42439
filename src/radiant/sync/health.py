"""Probes all providers at once, and has what came recorded as their health."""

import asyncio
import datetime as dt
import time
from collections.abc import Collection, Mapping, Sequence

import msgspec

from radiant.domain.counted import counted
from radiant.domain.errors import ProviderNotFound
from radiant.domain.health import StatusPage
from radiant.domain.observation import Observation, Reason, StatusChange
from radiant.domain.sync import Progress, ProviderResult
from radiant.providers.failures import Failed
from radiant.providers.http import Client
from radiant.providers.probe import Target, probe
from radiant.providers.route import has_route
from radiant.providers.status_page import read_page
from radiant.registry import compliance, health, probes
from radiant.registry.database import Database
from radiant.registry.health_history import tidy

from .probing import Plan, Where, news_of_no_key, not_reached, plan
from .telling import Watch

#: How many are asked at one time; who waits for a place has not begun its seconds.
AT_ONCE = 64


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a run over the health of providers found."""

    results: tuple[ProviderResult, ...] = ()
    notes: tuple[str, ...] = ()


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """One run over the health of providers. With `dry_run` they are asked, and nothing is written."""

    database: Database
    client: Client
    environment: Mapping[str, str]
    at: dt.datetime
    dry_run: bool
    watch: Watch
    status_pages: bool = False

    async def check(self, provider: str | None) -> Checked:
        """Probe every provider, or one; a failure of one is an error of its result.

        Raises ProviderNotFound, and DatabaseError where the registry itself fails.
        """
        plans, urls, last = await self._plans(provider)
        places = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self._asked(it, places)) for it in plans]
            pages = [
                group.create_task(read_page(it.provider_id, urls[it.provider_id], self.client, at=self.at))
                for it in plans
                if self.status_pages and it.targets and it.provider_id in urls
            ]
        answers = [task.result() for task in asked]
        seen = [observation for answer in answers for observation in answer.seen]
        lost = not_reached(seen, last, self.at, routed=not seen or has_route())
        changes = [] if self.dry_run else await self._record(answers, last, seen, lost)
        if not self.dry_run:
            await self._keep_pages([page for task in pages if (page := task.result()) is not None])
            async with self.database.connection() as connection:
                await tidy(connection, now=self.at)
        notes = (_said_of(seen, lost),) if lost else ()
        return Checked(results=tuple(_result(it, changes) for it in answers), notes=notes)

    async def _plans(self, provider: str | None) -> tuple[list[Plan], dict[str, str], dict[Where, probes.Row]]:
        async with self.database.connection() as connection:
            rows = await probes.providers(connection, provider)
            if provider is not None and not rows:
                raise ProviderNotFound(provider, tuple(await compliance.alike(connection, provider)))
            last = await probes.last(connection, provider)
        plans = [plan(row, last, self.environment, self.at) for row in rows]
        return plans, {row["id"]: row["status_url"] for row in rows if row["status_url"]}, last

    async def _asked(self, plan: Plan, places: asyncio.Semaphore) -> "_Answer":
        if not plan.targets:
            return _Answer(plan=plan)
        self.watch(Progress(provider_id=plan.provider_id))
        began = time.monotonic()
        found = await asyncio.gather(*(self._probed(it, places) for it in plan.targets))
        answer = _Answer(
            plan=plan,
            seen=tuple(it for it in found if isinstance(it, Observation)),
            unasked={region: problem for it in found if not isinstance(it, Observation) for region, problem in [it]},
            took=round((time.monotonic() - began) * 1000),
        )
        self.watch(Progress(provider_id=plan.provider_id, result=_result(answer, ())))
        return answer

    async def _probed(self, target: Target, places: asyncio.Semaphore) -> Observation | tuple[str, str]:
        """What was seen, or the region and why it could not be asked."""
        async with places:
            try:
                return await probe(target, self.client, self.environment, at=self.at)
            except Failed as failure:
                return target.region, failure.problem

    async def _record(
        self,
        answers: Sequence["_Answer"],
        last: Mapping[Where, probes.Row],
        seen: list[Observation],
        lost: Collection[str],
    ) -> list[StatusChange]:
        skipped = {(it.plan.provider_id, region): why for it in answers for region, why in it.unprobed.items()}
        keyless = [it for answer in answers for it in news_of_no_key(answer.plan, last, self.at)]
        async with self.database.connection() as connection, connection.transaction():
            changes = await health.record(connection, [it for it in seen if it.provider_id not in lost], now=self.at)
            await probes.keep(connection, seen)
            await probes.skip(connection, skipped)
            await probes.forget(connection, self.at)
        # Apart, since it may be of providers that come first: who folds holds them in one order.
        async with self.database.connection() as connection:
            if lost:
                away = [it for it in seen if it.provider_id in lost]
                changes += await health.record(connection, away, offline=True, now=self.at)
            return changes + await health.record(connection, keyless, now=self.at)

    async def _keep_pages(self, pages: Sequence[StatusPage]) -> None:
        async with self.database.connection() as connection, connection.transaction():
            await probes.keep_pages(connection, pages)


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one plan. `unasked` has, by region, why it could not even be asked from here."""

    plan: Plan
    seen: tuple[Observation, ...] = ()
    unasked: Mapping[str, str] = {}
    took: int = 0

    @property
    def unprobed(self) -> dict[str, str]:
        return {**self.plan.skipped, **self.unasked}


def _result(answer: _Answer, changes: Sequence[StatusChange]) -> ProviderResult:
    id, several = answer.plan.provider_id, len(answer.seen) > 1
    failed = [it for it in answer.seen if not it.ok and it.reason is not Reason.RATE_LIMITED]
    skipped = next(iter(answer.unprobed.values()), None)
    told = [f"{f'{it.region}: ' if several else ''}{_words(it)}" for it in answer.seen]
    return ProviderResult(
        provider_id=id,
        skipped=None if answer.seen else skipped,
        note="; ".join(told) or None,
        errors=tuple(f"{f'{it.region}: ' if several else ''}{it.message}" for it in failed),
        status_changes=sum(it.provider_id == id and it.model_id is None for it in changes),
        duration_ms=answer.took,
    )


def _said_of(seen: Sequence[Observation], lost: Collection[str]) -> str:
    probed = counted(len(seen), "probe")
    if all(it.provider_id in lost for it in seen):
        return f"this host seems offline: {probed}, and nobody answered"
    return f"this host seems offline: {probed}, and no way to {', '.join(sorted(lost))}"


def _words(seen: Observation) -> str:
    if seen.latency_ms is not None and seen.ok:
        return f"alive in {seen.latency_ms:,.0f} ms"
    wait = "" if seen.retry_after is None else f", asks to wait {seen.retry_after:,.0f} s"
    return f"{seen.reason}{wait}"
