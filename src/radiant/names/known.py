"""Which models are called so: exactly, or folded where that leaves one; and which are nearest."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, Generic, Protocol, TypeVar

from radiant.domain.errors import AmbiguousModel, ModelNotFound

from .folding import NEAREST, folded, parts, ranked, unstamped
from .prefixes import providers_called, readings

#: Names whose meaning is remembered.
REMEMBERED: Final = 4096

#: Neighbors on either side, in three orders of all names, among which the nearest are looked for.
NEIGHBORS: Final = 16

#: Up to so many models every name is looked through for a part that was given.
FEW: Final = 10_000


class Named(Protocol):
    """What a model is called."""

    @property
    def id(self) -> str: ...
    @property
    def provider_id(self) -> str: ...
    @property
    def model_id(self) -> str: ...
    @property
    def litellm_id(self) -> str | None: ...
    @property
    def aliases(self) -> Sequence[str]: ...


M = TypeVar("M", bound=Named)


def qualified(model: Named) -> str:
    return f"{model.provider_id}/{model.model_id}"


def names_of(model: Named) -> tuple[str, ...]:
    """Every name that is exactly this model's: what SQL knows too."""
    own, provider = model.model_id, model.provider_id
    names = (own, f"{provider}/{own}", model.id, model.litellm_id or own)
    return (*names, *model.aliases) if model.aliases else names


class KnownNames(Generic[M]):
    """The names of `models`. Nothing is made before it is needed, so that having one costs nothing.

    `providers` are further ones that the registry knows, without a model at the moment. Several threads may ask.
    """

    def __init__(self, models: Sequence[M], providers: Iterable[str] = ()) -> None:
        self.models, self.further_providers = models, frozenset(providers)
        self._meant: dict[str, tuple[M, ...]] = {}
        self._several: Mapping[str, tuple[M, ...]] = {}

    def exact(self, name: str) -> tuple[M, ...]:
        """Every model that bears exactly this name, whatever kind of name it is."""
        found = self.bearing.get(name)
        return () if found is None else self._several.get(name) or (found,)

    def meant(self, name: str) -> tuple[M, ...]:
        """The models that somebody means who wants to have nothing to do with `name`: all that bear it, or the one it
        folds to. () where there is none, or several different ones."""
        found = self._meant.get(name)
        if found is None:
            found = self.exact(name) or self._one(self._folded(name))
            if len(self._meant) >= REMEMBERED:
                self._meant.clear()
            self._meant[name] = found
        return found

    def find(self, name: str) -> tuple[M, ...]:
        """The one model called `name`, at each provider that has it.

        Of exact names the first kind that is found counts: an id of the registry, `provider/model`, a model id,
        LiteLLM's id, an alias. Raises AmbiguousModel, and ModelNotFound with the nearest names.
        """
        found = self._first_kind(name) or self._folded(name)
        if not found:
            raise ModelNotFound(name, self.nearest(name))
        if not self._one(found):
            raise AmbiguousModel(name, tuple(sorted(map(qualified, found))))
        return found

    def nearest(self, name: str, most: int = NEAREST) -> tuple[str, ...]:
        """The names most like this one: model ids, or `provider/model` where a provider was named."""
        head, slash, rest = name.partition("/")
        providers = providers_called(head, self.providers) if slash else ()
        if providers:
            inside = self._near(rest, most, providers)
            if inside:
                return inside
        return self._near(name, most) or (self._near(rest, most) if slash else ())

    @cached_property
    def providers(self) -> frozenset[str]:
        """Every provider there is."""
        return self.further_providers | {model.provider_id for model in self.models}

    @cached_property
    def bearing(self) -> Mapping[str, M]:
        """The first model by every name that is exactly one; where there are more, all stand in `_several`."""
        found: dict[str, M] = {}
        several: dict[str, tuple[M, ...]] = {}
        for model in self.models:
            for name in names_of(model):
                first = found.setdefault(name, model)
                if first is not model and model not in several.setdefault(name, (first,)):
                    several[name] += (model,)
        self._several = several
        return found

    @cached_property
    def _folds(self) -> Mapping[str, tuple[M, ...]]:
        """By every folded name, and by that of a dated one without its date."""
        found: dict[str, tuple[M, ...]] = {}
        for model in self.models:
            own = folded(model.model_id)
            for form in {own, unstamped(own).stem, *map(folded, _other_names(model))}:
                there = found.get(form)
                found[form] = (model,) if there is None else (*there, model)
        return found

    def _first_kind(self, name: str) -> tuple[M, ...]:
        bearers = self.exact(name)
        for kind in _KINDS:
            found = tuple(model for model in bearers if kind(model, name))
            if found:
                return found
        return ()

    def _folded(self, name: str) -> tuple[M, ...]:
        """The models of the most literal reading that leads to any; several different ones where it is unclear."""
        for providers, rest in readings(name, self.providers):
            form = folded(rest)
            same = self._within(form, providers)
            found = (
                tuple(model for model in same if form == folded(model.model_id))
                or tuple(model for model in same if form in map(folded, _other_names(model)))
                or self._stamped(form, same, providers)
            )
            if found:
                return found
        return ()

    def _stamped(self, form: str, same: tuple[M, ...], providers: Collection[str] | None) -> tuple[M, ...]:
        """Those that differ only in how a date is written, or by a date that one of the two does not have."""
        stem, date = unstamped(form)
        if date is None:
            return self._one(same)
        family = self._within(stem, providers)
        dates = [unstamped(folded(model.model_id)).date for model in family]
        if date in dates:
            return self._one(tuple(model for model, its in zip(family, dates, strict=True) if its == date))
        return () if any(dates) else self._one(family)

    def _within(self, form: str, providers: Collection[str] | None) -> tuple[M, ...]:
        found = self._folds.get(form, ())
        return found if providers is None else tuple(model for model in found if model.provider_id in providers)

    @staticmethod
    def _one(found: tuple[M, ...]) -> tuple[M, ...]:
        """`found` where it is one and the same model, at however many providers."""
        return found if len({folded(model.model_id) for model in found}) == 1 else ()

    @cached_property
    def _orders(self) -> tuple[list[tuple[str, int]], ...]:
        """The folded model ids in their order, read backwards in theirs, and, if they are few, by their parts; each
        with the place of a model."""
        ahead = sorted((folded(model.model_id), place) for place, model in enumerate(self.models))
        turns = (_backwards, parts) if len(ahead) <= FEW else (_backwards,)
        return ahead, *(sorted((turn(form), place) for form, place in ahead) for turn in turns)

    def _near(self, name: str, most: int, providers: Collection[str] = ()) -> tuple[str, ...]:
        form, shown = folded(name), qualified if providers else _model_id
        few = len(self.models) <= FEW
        among: Iterable[M] = self.models if providers and few else self._around(form)
        if providers:
            among = [model for model in among if model.provider_id in providers]
        forms = dict.fromkeys((folded(model.model_id), shown(model)) for model in among)
        containing = [pair for pair in forms if len(form) > 2 and form in pair[0]]
        containing.sort(key=lambda pair: (len(pair[0]), pair))
        alike = ranked(form, forms, most)
        return tuple(dict.fromkeys([*(it[1] for it in containing), *alike]))[:most]

    def _around(self, form: str) -> list[M]:
        """Models whose names stand near, from the front, from behind or by their parts, and those that contain it."""
        places: list[int] = []
        for order, key in zip(self._orders, (form, _backwards(form), parts(form)), strict=False):
            at = bisect_left(order, (key,))
            places += (place for _, place in order[max(0, at - NEIGHBORS) : at + NEIGHBORS])
        if len(self.models) <= FEW and len(form) > 2:
            places += (place for other, place in self._orders[0] if form in other)
        return [self.models[place] for place in dict.fromkeys(places)]


def _backwards(form: str) -> str:
    return form[::-1]


def _model_id(model: Named) -> str:
    return model.model_id


def _other_names(model: Named) -> Iterable[str]:
    """Those beside its id; LiteLLM's where it is more than the provider's before that."""
    further = model.litellm_id
    return model.aliases if further is None or further == qualified(model) else (further, *model.aliases)


#: The kinds of exact names, the most telling first.
_KINDS: Final = (
    lambda model, name: model.id == name,
    lambda model, name: qualified(model) == name,
    lambda model, name: model.model_id == name,
    lambda model, name: model.litellm_id == name,
    lambda model, name: name in model.aliases,
)
