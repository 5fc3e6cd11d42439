"""What an index takes over from the one before it, when some of its models changed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from radiant.domain.criteria import Usage
from radiant.domain.vocabulary import Hosting, Task
from radiant.pricing.formula import priced_media
from radiant.pricing.media import Media

from ..masks.ranking import Ranking
from ..order.order import by_task
from ..order.repair import Change, HealthChange
from ..reading.candidate import Candidate
from ..reading.measured import ProviderHealth, health_of
from ..reading.rows import place
from ..sequence import Chunked, places_for, places_of
from ..terms import Terms

#: In place of a task: all models, those too that could serve no request.
EVERY = "*"

#: Profile, usage, task (None for all usable models, or EVERY), media that change a price, and whether warmth is
#: ignored.
PickerKey = tuple[str, Usage | None, str | None, Media, bool]


class Made(NamedTuple):
    """What pickers are made from: by task the usable candidates, where they were needed; rankings by what they are for;
    and how many usable candidates have prices for which media."""

    tasks: Mapping[Task, Sequence[Candidate]]
    rankings: Mapping[PickerKey, Ranking]
    priced_media: Counter[Media]


def difference(before: Iterable[Candidate], after: Iterable[Candidate]) -> Change:
    """Without the candidates that are the same before and after; of both, each model occurs once."""
    there = {place(candidate): candidate for candidate in before}
    gone, came = [], []
    for candidate in after:
        old = there.pop(place(candidate), None)
        if old != candidate:
            came.append(candidate)
            if old is not None:
                gone.append(old)
    return Change([*gone, *there.values()], came)


def replaced(candidates: Sequence[Candidate], change: Change) -> Chunked[Candidate]:
    """`candidates`, which stand by model id and provider id, after a change."""
    sequence = Chunked.of(candidates)
    came = sorted(change.came, key=place)
    return sequence.edited(places_of(sequence, change.gone, place), places_for(sequence, came, place), came)


def measured(
    candidates: Sequence[Candidate], health: ProviderHealth, apart: Collection[tuple[str, str]]
) -> tuple[Chunked[Candidate], Change]:
    """`candidates` with the health of their provider, and what changed in them: each in the place of the one before."""
    sequence = Chunked.of(candidates)
    provider_id, (status, latency, errors) = health.provider_id, health.values
    theirs = [
        (at, each)
        for at, each in enumerate(sequence)
        if each.provider_id == provider_id
        and each.hosting_type is Hosting.EXTERNAL
        and not (each.health_status is status and each.avg_latency_ms == latency and each.error_rate == errors)
        and not (apart and (provider_id, each.model_id) in apart)
    ]
    places, gone = [at for at, _ in theirs], [each for _, each in theirs]
    came = health.applied(gone)
    return sequence.put(places, came), Change(gone, came)


def of_health(change: Change, terms: Terms) -> Change | HealthChange:
    """A change that `measured` gave as one of health, where its candidates had that in common and are as usable as they
    were."""
    gone, came = change.gone, change.came
    if not gone:
        return change
    status, latency, errors = health_of(gone[0])
    if terms.stays_usable(gone[0], came[0]) and all(
        each.health_status is status and each.avg_latency_ms == latency and each.error_rate == errors for each in gone
    ):
        return HealthChange(dict(zip(map(id, gone), came, strict=True)))
    return change


def keeps_names(change: Change) -> bool:
    """Whether every model is called as it was, and there is no other."""
    before, after = ({_names(candidate) for candidate in changed} for changed in (change.gone, change.came))
    return before == after


def _names(candidate: Candidate) -> tuple[object, ...]:
    return *place(candidate), candidate.id, candidate.litellm_id, candidate.aliases


def after(made: Made, change: Change | HealthChange, terms: Terms) -> Made:
    """What is right after a change too, or could be repaired. What could not is made anew when it is needed."""
    changes: dict[str | None, Change] | None = None
    media = made.priced_media
    if not isinstance(change, HealthChange):
        usable = Change([*filter(terms.usable, change.gone)], [*filter(terms.usable, change.came)])
        changes = {**_by_task(usable), EVERY: change}
        media = _priced(media, usable)
    rankings = {}
    for key, ranking in made.rankings.items():
        here: Change | HealthChange | None = change if changes is None else changes.get(key[2])
        repaired = ranking if here is None or not len(here) else ranking.after(here)
        if repaired is not None:
            rankings[key] = repaired
    tasks = {} if changes is None else {task: each for task, each in made.tasks.items() if task not in changes}
    return Made(tasks, rankings, media)


def _by_task(change: Change) -> dict[str | None, Change]:
    """What of it concerns each task, and, by None, all of it."""
    gone, came = by_task(change.gone), by_task(change.came)
    found: dict[str | None, Change] = {None: change}
    for task in {*gone, *came}:
        found[task] = Change(gone.get(task, ()), came.get(task, ()))
    return found


def _priced(media: Counter[Media], change: Change) -> Counter[Media]:
    found = Counter(media)
    found.update(priced_media(candidate.tariff) for candidate in change.came)
    found.subtract(priced_media(candidate.tariff) for candidate in change.gone)
    return +found
