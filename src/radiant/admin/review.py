"""What people decide about models that providers' lists brought."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from radiant.claims.reading import Refusal
from radiant.domain.errors import NothingInReview, ProviderNotFound, UnknownFilterValue
from radiant.domain.sync import Discovered, Lifecycle, Member, ReviewStatus
from radiant.registry import catalog_tables as tables
from radiant.registry import compliance, lists, review, statistics
from radiant.registry.changes import OWN
from radiant.registry.database import Connection, Database
from radiant.registry.exact_json import as_json, from_json
from radiant.sync.discovery import matches, missing
from radiant.sync.naming import ORIGINS, rename
from radiant.sync.offers import described, said_of, why_none
from radiant.sync.reconciling import write_offers


class Review:
    """The queue of discovered models."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, provider: str | None = None, status: str = ReviewStatus.PENDING) -> list[Discovered]:
        """One entry per family, its other ids as members; `status` may be `all`.

        Raises UnknownFilterValue and ProviderNotFound.
        """
        allowed = (*ReviewStatus, "all")
        if status not in allowed:
            raise UnknownFilterValue("status", status, tuple(allowed))
        async with self._database.connection() as connection:
            if provider not in (None, OWN) and not await lists.providers(connection, provider):
                raise ProviderNotFound(provider, tuple(await compliance.alike(connection, provider)))
            rows = await review.listed(connection, provider, None if status == "all" else status)
            found = await as_said_now(connection, [discovered(row) for row in rows])
        return grouped(found)

    async def of(self, id: str) -> Discovered:
        """One entry by `provider/model`, a member of others too. Raises NothingInReview."""
        provider = id.partition("/")[0]
        async with self._database.connection() as connection:
            rows = [discovered(row) for row in await review.listed(connection, provider, None)]
            if not any(it.id == id for it in rows):
                raise NothingInReview(id, _close(id, rows))
            fresh = {it.id: it for it in await as_said_now(connection, [it for it in rows if it.id == id])}
        rows = [fresh.get(it.id, it) for it in rows]
        head = next((it for it in grouped(rows) if it.id == id), None)
        return head or next(it for it in rows if it.id == id)

    async def decide(
        self, chosen: Sequence[str], status: ReviewStatus, *, by: str, reason: str | None = None
    ) -> list[Discovered]:
        """Approve, reject or reopen: ids, patterns such as `openai/gpt-*`, or whole providers; what is decided now.

        A pattern or a provider means the pending models it fits (for reopening, those that were decided), and no
        snapshots, aliases or the like: those are decided by their id. But other names go with their model, where they
        stand as it did: they are the `members` of what is returned. What cannot be a model, by all that is said of it,
        is not approved: it is returned as it stands, with the reason. Raises NothingInReview where nothing is meant.
        """
        async with self._database.connection() as connection, connection.transaction():
            await tables.begin(connection)
            rows = [discovered(row) for row in await review.listed(connection, None, None)]
            meant: dict[str, Discovered] = {}
            for name in chosen:
                found = _meant(name, rows, status)
                if not found:
                    raise NothingInReview(name, _close(name, rows))
                meant |= {it.id: it for it in found}
            offered = [it for it in meant.values() if it.provider_id != OWN]
            refused = await _refused(connection, offered) if status is ReviewStatus.APPROVED else {}
            decided = [it for it in meant.values() if _key(it) not in refused]
            with_them = following(decided, rows)
            await review.hold(connection, refused)
            await review.decide(connection, [_key(it) for it in (*decided, *with_them)], status, by, reason)
            await self._carry_out(connection, [*decided, *with_them], status)
            after = [discovered(row) for row in await review.listed(connection, None, None)]
        async with self._database.connection() as connection:
            await statistics.refresh(connection)
        told = [_with_reason(it, refused.get(_key(it))) for it in after if it.id in meant]
        return led_by(told, with_them)

    @staticmethod
    async def _carry_out(connection: Connection, decided: Sequence[Discovered], status: ReviewStatus) -> None:
        """Make models of what was approved, or other names of models; take back what is not approved."""
        hosted = [it.model_id for it in decided if it.provider_id == OWN]
        decided = [it for it in decided if it.provider_id != OWN]
        if status is ReviewStatus.APPROVED:
            await review.make_own(connection, hosted)
        else:
            await review.take_back_own(connection, hosted)
        models = await tables.keys_of_origin(connection, ORIGINS)
        approved = {(it.provider_id, it.model_id) for it in decided if status is ReviewStatus.APPROVED}
        names = [it for it in decided if it.kind == "alias" and (it.provider_id, it.family) in models | approved]
        own = {(it.provider_id, it.model_id) for it in decided} - {(it.provider_id, it.model_id) for it in names}
        if status is ReviewStatus.APPROVED:
            await write_offers(connection, dict.fromkeys(own, "discovered"), [])
        else:
            await review.take_back(connection, sorted({(it.provider_id, it.model_id) for it in decided}))
        dropped: dict[tuple[str, str], list[str]] = {(it.provider_id, it.family): [] for it in names}
        if status is not ReviewStatus.APPROVED:
            for it in names:
                dropped[it.provider_id, it.family].append(it.model_id)
        await rename(connection, dropped)

    async def lifecycle(self, provider: str, model: str) -> Lifecycle | None:
        """Why an external model is or is not deprecated; None where there is none of that id."""
        async with self._database.connection() as connection:
            return await lists.lifecycle(connection, provider, model)


def _key(it: Discovered) -> review.Key:
    return it.provider_id, it.model_id


def _with_reason(it: Discovered, reason: str | None) -> Discovered:
    return it if reason is None else msgspec.structs.replace(it, reason=reason)


async def _refused(connection: Connection, chosen: Sequence[Discovered]) -> Mapping[review.Key, str]:
    """Those of which there can be no model, and why. Another name of a model needs to be none."""
    models = await tables.keys_of_origin(connection, ORIGINS)
    ids: dict[str, list[str]] = {}
    for it in chosen:
        if it.kind != "alias" or not {(it.provider_id, it.family)} <= models | {_key(other) for other in chosen}:
            ids.setdefault(it.provider_id, []).append(it.model_id)
    found = {}
    for provider, each in ids.items():
        for id, said in (await said_of(connection, provider, each)).items():
            model = described(provider, id, said)
            if isinstance(model, Refusal):
                found[provider, id] = why_none(model)
    return found


async def as_said_now(connection: Connection, rows: Sequence[Discovered]) -> list[Discovered]:
    """The same; of what waits, all that is said of it now: public catalogs are imported between two lists."""
    waiting: dict[str, list[str]] = {}
    for it in rows:
        if it.status == ReviewStatus.PENDING and it.provider_id != OWN:
            waiting.setdefault(it.provider_id, []).append(it.model_id)
    said = {provider: await said_of(connection, provider, ids) for provider, ids in waiting.items()}
    return [
        msgspec.structs.replace(it, proposed=from_json(as_json(facts)), missing=tuple(missing(facts)))
        if (facts := said.get(it.provider_id, {}).get(it.model_id)) is not None and it.status == ReviewStatus.PENDING
        else it
        for it in rows
    ]


def following(decided: Iterable[Discovered], rows: Sequence[Discovered]) -> list[Discovered]:
    """The other names of models that are decided, where they stand as their model did: they go with it. Pure."""
    decided = list(decided)
    stood = {(it.provider_id, it.model_id): it.status for it in decided if it.kind != "alias"}
    ids = {it.id for it in decided}
    return [
        it
        for it in rows
        if it.kind == "alias" and it.id not in ids and stood.get((it.provider_id, it.family)) == it.status
    ]


def led_by(heads: Iterable[Discovered], others: Sequence[Discovered]) -> list[Discovered]:
    """Models with the `others` that are names of theirs as members. Pure."""
    members: dict[tuple[str, str], list[Member]] = {}
    for it in others:
        members.setdefault((it.provider_id, it.family), []).append(Member(id=it.id, kind=it.kind))
    return [msgspec.structs.replace(it, members=tuple(members.get((it.provider_id, it.model_id), ()))) for it in heads]


def grouped(rows: Iterable[Discovered]) -> list[Discovered]:
    """One entry per family: the model itself, or else the first of them, with all others as members."""
    families: dict[tuple[str, str], list[Discovered]] = {}
    for row in rows:
        families.setdefault((row.provider_id, row.family), []).append(row)
    found = []
    for (_, family), each in families.items():
        head = min(each, key=lambda it: (it.model_id != family, it.kind != "model", it.model_id))
        others = tuple(Member(id=it.id, kind=it.kind) for it in each if it is not head)
        found.append(msgspec.structs.replace(head, members=others))
    return found


def _meant(name: str, rows: Sequence[Discovered], status: ReviewStatus) -> list[Discovered]:
    exact = [it for it in rows if it.id == name]
    if exact:
        return exact
    before = [it for it in rows if it.kind == "model" and (it.status == "pending") != (status == "pending")]
    if "*" in name or "?" in name:
        return [it for it in before if matches(name, it.id)]
    return [it for it in before if it.provider_id == name]


def _close(name: str, rows: Sequence[Discovered]) -> tuple[str, ...]:
    model = name.rpartition("/")[2].strip("*?")
    return tuple(it.id for it in rows if model and model in it.id)[:5]


def discovered(row: dict[str, Any]) -> Discovered:
    """A row of `discovered_models` as people see it, without its members."""
    texts = {name: tuple(row[name]) for name in ("missing", "claimed_by")}
    return Discovered(**{**row, "id": f"{row['provider_id']}/{row['model_id']}", **texts})
