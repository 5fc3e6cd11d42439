"""What a provider's own list says: its models, what could not be read, and whether the list is whole."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from radiant.claims.reading import FactValue, Refusal

from .failures import Reason


class Kind(StrEnum):
    """What a listed id is, where the provider itself says so."""

    MODEL = "model"
    ALIAS = "alias"  #: another name of `of`
    FINE_TUNE = "fine_tune"  #: made from `of` by one account, which alone can call it
    ADAPTER = "adapter"  #: runs on top of `of`
    REGIONAL = "regional"  #: `of`, called through certain regions; without `of` what is called by such ids only


class ListedModel(msgspec.Struct, frozen=True, kw_only=True):
    """One model of a list.

    `facts` has the keys of our catalog files, as `claims.reading.Claim` has them. `created` is the day the provider
    gives as such (many tell the time of the request): it is shown, and never compared.
    """

    id: str
    kind: Kind = Kind.MODEL
    of: str | None = None
    aliases: tuple[str, ...] = ()
    facts: dict[str, FactValue] = {}
    created: str | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that went wrong with a list: one entry in `errors` of a run.

    `incomplete`: models may be missing because of it. `retry_after` is in seconds.
    """

    place: str
    reason: Reason
    problem: str
    incomplete: bool = True
    retry_after: float | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """All that one provider lists, by id.

    `partial` says what the provider never lists, so that absence means nothing. `refused` are entries and facts that
    were left out; `pages` and `size` (bytes) are what was read for it.
    """

    provider_id: str
    models: tuple[ListedModel, ...]
    problems: tuple[Problem, ...] = ()
    refused: tuple[Refusal, ...] = ()
    partial: str | None = None
    pages: int = 0
    size: int = 0

    @property
    def complete(self) -> bool:
        """Whether a model that is not in it is not offered. A list that is not may add models, never take one away."""
        return self.incomplete is None

    @property
    def incomplete(self) -> str | None:
        """Why models may be missing, or None."""
        return next((str(it) for it in self.problems if it.incomplete), self.partial)

    @property
    def digest(self) -> str:
        """Equal for lists that say the same, in whatever order and whenever they were created."""
        return digest(self.models)


def digest(models: Iterable[ListedModel]) -> str:
    """SHA-256 of what the models say, without `created`."""
    whole = hashlib.sha256()
    for model in sorted(models, key=lambda it: it.id):
        facts = sorted(model.facts.items())
        whole.update(msgspec.json.encode((model.id, model.kind, model.of, sorted(model.aliases), facts)))
    return whole.hexdigest()
