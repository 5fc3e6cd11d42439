"""What a request means in one registry: its names of models, providers and capabilities as that registry has them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import structs

from radiant.domain.choice import UnmatchedName
from radiant.domain.criteria import Criteria
from radiant.domain.errors import InvalidCriteria
from radiant.names.capabilities import OURS, capability_named, nearest_capabilities
from radiant.names.known import KnownNames
from radiant.names.providers import nearest_providers, provider_named

from .candidate import Candidate

PROVIDERS = ("prefer_providers", "only_providers", "exclude_providers")

#: The fields of criteria whose names are looked at before anything is chosen: one that nobody has can leave much.
NAMES = (*PROVIDERS, "exclude")

#: Names that were not found are told with the nearest ones, up to this many: looking for those takes its time.
TOLD = 5


class Meant(NamedTuple):
    """`criteria` with the names of a registry, and exclusions that are the name of nothing in it."""

    criteria: Criteria
    unmatched: tuple[UnmatchedName, ...] = ()


class Meanings:
    """What names mean among `models`. What is known is looked up when it is first needed, capabilities among
    `candidates`: the same models, which may have changed in what is no name."""

    def __init__(
        self, models: KnownNames[Candidate], candidates: Sequence[Candidate], capabilities: frozenset[str] | None = None
    ) -> None:
        self.models, self._candidates = models, candidates
        self._capabilities = capabilities
        self._providers: frozenset[str] = frozenset()
        self._bearing: Mapping[str, Candidate] = {}

    def after(
        self,
        models: KnownNames[Candidate],
        candidates: Sequence[Candidate],
        gone: Iterable[Candidate],
        came: Iterable[Candidate],
    ) -> "Meanings":
        """The meanings after a change, after which there are `candidates` with the names `models`. What did not change
        with it is known already."""
        lost, won = ({each.capabilities for each in changed} for changed in (gone, came))
        if models is self.models and lost == won:
            return self
        known = self._capabilities
        if known is not None and lost != won:
            names = frozenset().union(*lost).difference(*won)
            nobodys = {name for name in names if not any(name in each.capabilities for each in candidates)}
            known = known.difference(nobodys).union(*won)
        return Meanings(models, candidates, known)

    def literal(self, criteria: Criteria) -> bool:
        """Whether every name is one that models, providers and capabilities have here, so that nothing is to be done:
        by far the most requests."""
        if exclude := criteria.exclude:
            bearing = self._bearing or self._bearers()
            for name in exclude:
                if name not in bearing:
                    return False
        capabilities = criteria.required_capabilities
        if capabilities and not (self._capabilities or self._having()).issuperset(capabilities):
            return False
        providers = criteria.prefer_providers + criteria.only_providers + criteria.exclude_providers
        return not providers or (self._providers or self._known_providers()).issuperset(providers)

    def of(self, criteria: Criteria) -> Meant:
        """Raises InvalidCriteria for a provider or capability that nobody knows. Where nothing is known at all,
        everything may be a name."""
        if not self.models.models or self.literal(criteria):
            return Meant(criteria)
        changed: dict[str, Any] = {}
        for field in PROVIDERS:
            if asked := getattr(criteria, field):
                _take(changed, field, asked, self.models.providers, self._provider)
        if asked := criteria.required_capabilities:
            _take(changed, "required_capabilities", asked, self._having(), self._capability)
        unmatched: tuple[UnmatchedName, ...] = ()
        if criteria.exclude:
            meant, unknown = self._excluded(criteria.exclude)
            if meant != criteria.exclude:
                changed["exclude"] = meant
            unmatched = tuple(
                UnmatchedName(name=name, nearest=self.models.nearest(name) if number < TOLD else ())
                for number, name in enumerate(unknown)
            )
        return Meant(structs.replace(criteria, **changed) if changed else criteria, unmatched)

    def _excluded(self, names: tuple[str, ...]) -> tuple[tuple[str, ...], list[str]]:
        """The same models by names that are exactly theirs, and the names of none."""
        found: list[str] = []
        unknown: list[str] = []
        for name in names:
            if self.models.exact(name):
                found.append(name)
            elif models := self.models.meant(name):
                found += (model.id for model in models)
            else:
                unknown.append(name)
                found.append(name)
        return tuple(found), unknown

    def _provider(self, field: str, name: str) -> str:
        known = self.models.providers
        found = provider_named(name, known)
        if found is None:
            close = nearest_providers(name, known)
            allowed = () if close else tuple(sorted(known))
            raise InvalidCriteria(field, f"unknown provider {name!r:.200}", allowed, close)
        return found

    def _capability(self, field: str, name: str) -> str:
        known = self._having()
        found = capability_named(name, known)
        if found is None:
            close = nearest_capabilities(name, known | OURS)
            allowed = () if close else tuple(sorted(known | OURS))
            raise InvalidCriteria(field, f"unknown capability {name!r:.200}", allowed, close)
        return found

    def _bearers(self) -> Mapping[str, Candidate]:
        self._bearing = self.models.bearing
        return self._bearing

    def _known_providers(self) -> frozenset[str]:
        self._providers = self.models.providers
        return self._providers

    def _having(self) -> frozenset[str]:
        if self._capabilities is None:
            self._capabilities = frozenset().union(*{candidate.capabilities for candidate in self._candidates})
        return self._capabilities


def _take(
    changed: dict[str, Any],
    field: str,
    asked: tuple[str, ...],
    known: Collection[str],
    understand: Callable[[str, str], str],
) -> None:
    """Into `changed` what is meant by names that are not known as they are."""
    if not all(name in known for name in asked):
        changed[field] = tuple(dict.fromkeys(understand(field, name) for name in asked))
