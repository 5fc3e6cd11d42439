"""A model whose rest is over is tried by one request; the others get the next best meanwhile."""

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from radiant.domain.choice import Choice
from radiant.domain.criteria import Criteria

from .fallback import Decision, decide
from .index import Index, ModelKey

#: Says, of provider and model id, whether this request is the one that tries it.
Begin = Callable[[ModelKey], bool]


def let_through(index: Index, choice: Choice | None, criteria: Criteria, begin: Begin) -> Choice | None:
    """The choice, or the best one besides models that somebody else is trying."""
    while choice is not None and not _may(index, choice, begin):
        criteria = _without(criteria, choice)
        choice = index.answers.choose(criteria)
    return choice


def decide_through(index: Index, criteria: Criteria, begin: Begin) -> Decision:
    """The same of a choice with a stand-in. Raises NoEligibleModel where nothing else may serve."""
    decision = decide(index, criteria)
    while not _may(index, decision.choice, begin):
        criteria = _without(criteria, decision.choice)
        decision = decide(index, criteria)
    return decision


def ranked_through(
    index: Index, choices: Iterable[Choice], begin: Begin, is_tried: Callable[[ModelKey], bool]
) -> Iterator[Choice]:
    """Choices, best first, without models that somebody else is trying, as `is_tried` says. Who is given the first one
    tries it."""
    leads = True
    for choice in choices:
        key = _key(choice)
        if key in index.tried and not (begin(key) if leads else not is_tried(key)):
            continue
        leads = False
        yield choice


def _may(index: Index, choice: Choice, begin: Begin) -> bool:
    key = _key(choice)
    return key not in index.tried or begin(key)


def _without(criteria: Criteria, choice: Choice) -> Criteria:
    return replace(criteria, exclude=(*criteria.exclude, "/".join(_key(choice))))


def _key(choice: Choice) -> ModelKey:
    return choice.provider_id, choice.model_id
