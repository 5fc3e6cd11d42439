"""Which models of the view a change of a table reaches, and which of them are held."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto

import msgspec

from radiant.domain.observation import SELF_HOSTED

#: The provider under which the view has one's own models.
OWN = SELF_HOSTED

#: Provider id and model id, by which the view knows a model.
Key = tuple[str, str]


class Reach(Enum):
    """What of the view depends on a row, and how the keys in the log begin."""

    PROVIDER = auto()  #: all models of the provider named first, and what is known of it
    PROVIDER_HEALTH = auto()  #: what was measured of the provider named first, which its models have in common
    MODEL = auto()  #: the model named by provider and model id
    OWN_MODEL = auto()  #: the self-hosted model named first
    DEFAULTS = auto()  #: no model; the defaults


#: Every table that announces its changes. One that is not here makes a reader read everything.
REACH: Mapping[str, Reach] = {
    "providers": Reach.PROVIDER,
    "provider_health": Reach.PROVIDER_HEALTH,
    "models": Reach.MODEL,
    "model_health": Reach.MODEL,
    "self_hosted_models": Reach.OWN_MODEL,
    "endpoints": Reach.OWN_MODEL,
    "thermal_states": Reach.OWN_MODEL,
    "default_models": Reach.DEFAULTS,
}

#: The tables whose keys name models, and those of them in which it is one of one's own.
OF_MODELS = [table for table, reach in REACH.items() if reach in (Reach.MODEL, Reach.OWN_MODEL)]
OF_OWN_MODELS = [table for table, reach in REACH.items() if reach is Reach.OWN_MODEL]


class Touched(msgspec.Struct, frozen=True):
    """What has to be read anew: all models of `providers`, the health of others that were `measured`, these `models`,
    and what is no model."""

    providers: frozenset[str] = frozenset()
    measured: frozenset[str] = frozenset()
    models: frozenset[Key] = frozenset()
    known_providers: bool = False
    defaults: bool = False

    def __bool__(self) -> bool:
        return bool(self.models or self.beyond_models)

    @property
    def beyond_models(self) -> bool:
        """Whether there is more than single models."""
        return bool(self.providers or self.measured or self.known_providers or self.defaults)


def touched(changes: Iterable[tuple[str, Sequence[str] | None]]) -> Touched | None:
    """What the changes of a log reach, each a table and the keys in it; None where that is everything."""
    providers: set[str] = set()
    measured: set[str] = set()
    models: set[Key] = set()
    known_providers = defaults = False
    for table, keys in changes:
        reach = REACH.get(table)
        if reach is Reach.DEFAULTS:
            defaults = True
        elif reach is None or keys is None:
            return None
        elif reach is Reach.OWN_MODEL:
            models.update((OWN, key) for key in keys)
        elif reach is Reach.MODEL:
            models.update(_pair(key) for key in keys)
        elif reach is Reach.PROVIDER_HEALTH:
            measured.update(_pair(key)[0] for key in keys)
        else:
            known_providers = True
            providers.update(keys)
    return Touched(
        providers=frozenset(providers),
        measured=frozenset(measured - providers),
        models=frozenset(key for key in models if key[0] not in providers),
        known_providers=known_providers,
        defaults=defaults,
    )


def _pair(key: str) -> Key:
    """No id of a provider has a slash, the id of a model may."""
    provider, _, rest = key.partition("/")
    return provider, rest


class Holdings:
    """The keys of all models that were read, by provider."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._models: dict[str, set[str]] = {}
        for provider, model in keys:
            self._of(provider).add(model)

    def _of(self, provider: str) -> set[str]:
        return self._models.setdefault(provider, set())

    def count(self, providers: Iterable[str]) -> int:
        """How many models they have."""
        return sum(len(self._models.get(provider, ())) for provider in providers)

    def renew(self, it: Touched, there: Iterable[Key]) -> frozenset[Key]:
        """Take over which models are `there` of what was touched; returns the keys of all that are now, or were."""
        keys = {(provider, model) for provider in it.providers for model in self._models.pop(provider, ())}
        keys |= it.models
        for provider, model in it.models:
            self._of(provider).discard(model)
        for key in there:
            self._of(key[0]).add(key[1])
            keys.add(key)
        return frozenset(keys)
