"""What an index takes over from the one before it, when some of its models changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from radiant.domain.criteria import Usage
from radiant.domain.vocabulary import Task
from radiant.pricing.formula import priced_media
from radiant.pricing.media import Media

from ..masks.ranking import Ranking
from ..order.order import by_task
from ..order.repair import Change, HealthChange
from ..reading.candidate import Candidate
from ..reading.measured import Healths
from ..reading.rows import place
from ..terms import Terms

#: In place of a task: all models, those too that could serve no request.
EVERY = "*"

#: Profile, usage, task (None for those of all tasks, or EVERY), media that change a price, and whether warmth is
#: ignored.
PickerKey = tuple[str, Usage | None, str | None, Media, bool]


class Made(NamedTuple):
    """What pickers are made from: by task the candidates that could serve requests whatever is measured, where they
    were needed; rankings by what they are for, among them that of all by id; and how many of the former have prices for
    which media."""

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


def keeps_names(change: Change) -> bool:
    """Whether every model is called as it was, and there is no other."""
    before, after = ({_names(candidate) for candidate in changed} for changed in (change.gone, change.came))
    return before == after


def _names(candidate: Candidate) -> tuple[object, ...]:
    return *place(candidate), candidate.id, candidate.litellm_id, candidate.aliases


def after(made: Made, change: Change, healths: Healths, terms: Terms) -> Made:
    """What is right after a change too, or could be repaired. What could not is made anew when it is needed."""
    lasting = Change([*filter(terms.lasting, change.gone)], [*filter(terms.lasting, change.came)])
    changes: dict[str | None, Change] = {**_by_task(lasting), EVERY: change}
    rankings = {}
    for key, ranking in made.rankings.items():
        here = changes.get(key[2])
        repaired = ranking if here is None or not len(here) else ranking.after(here, healths)
        if repaired is not None:
            rankings[key] = repaired
    tasks = {task: each for task, each in made.tasks.items() if task not in changes}
    return Made(tasks, rankings, _priced(made.priced_media, lasting))


def after_measuring(made: Made, change: HealthChange) -> Made:
    """The same after a provider was measured."""
    rankings = {key: found for key, it in made.rankings.items() if (found := it.measured(change)) is not None}
    return made._replace(rankings=rankings)


def _by_task(change: Change) -> dict[str | None, Change]:
    """What of it concerns each task, and, by None, all of it."""
    gone, came = by_task(change.gone), by_task(change.came)
    found: dict[str | None, Change] = {None: change}
    for task in {*gone, *came}:
        found[task] = Change(gone.get(task, ()), came.get(task, ()))
    return found


def _priced(media: Counter[Media], change: Change) -> Counter[Media]:
    gone, came = ([priced_media(it.tariff) for it in changed] for changed in (change.gone, change.came))
    if gone == came:
        return media
    found = Counter(media)
    found.update(came)
    found.subtract(gone)
    return +found
