"""All candidates of one snapshot with their rankings. Immutable to whoever asks."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from radiant.domain.choice import Freshness
from radiant.domain.criteria import Criteria
from radiant.domain.errors import InvalidRow
from radiant.names.known import KnownNames

from ..order.profile import DEFAULT, Profile, check_profiles
from ..order.repair import Change, HealthChange
from ..reading.candidate import Candidate
from ..reading.meant import Meanings, Meant
from ..reading.measured import Common, Healths, ProviderHealth, health_of, with_health
from ..reading.row import Given, keys_of
from ..reading.rows import place, read_rows
from ..sequence import Chunked, place_for
from ..terms import Terms
from .fast import Answers
from .pickers import EVERYONE, Pickers
from .succession import Made, after, after_measuring, difference, keeps_names
from .timed import Timed

#: The part of all candidates that changes at once, beyond which an index is made anew.
WHOLE = 0.5

#: (provider id, model id)
ModelKey = tuple[str, str]


class Index(Pickers):
    """Pickers are made when first needed, those of the default profile at once, where nothing is inherited. `answers`
    gives the best model for criteria. `wakes_at` is when the first rest of a model ends, None where none rests; `tried`
    are the provider and model ids of those whose rest is over and that nobody has seen succeed since."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        *,
        terms: Terms,
        profiles: Mapping[str, Profile],
        freshness: Freshness,
        defaults: Mapping[str, str] | None = None,
        providers: Iterable[str] = (),
        refused: tuple[InvalidRow, ...] = (),
        meanings: Meanings | None = None,
        timed: Timed | None = None,
        healths: Healths | None = None,
        made: Made | None = None,
    ) -> None:
        """`candidates` by model id, then provider id; `defaults` are the model ids of last resort by task;
        `providers` are known though they may have no model; `refused` are the rows that could not be read, one error
        each. `meanings`, `timed`, `healths` and `made` are of the index before, where they are right here too."""
        if made is None:
            check_profiles(profiles, terms.measures)
        super().__init__(candidates, terms, profiles, freshness, healths or Healths(), made)
        self.refused, self.defaults = refused, dict(defaults or {})
        self._timed = timed or Timed.of(candidates)
        self.wakes_at, self.tried = self._timed.wakes_at, self._timed.tried
        self._meanings = meanings or Meanings(KnownNames(candidates, providers), candidates)
        self.names = self._meanings.models
        self.answers = Answers(terms, self._kinds, self.picker_for, self._meanings)
        if made is None and DEFAULT in profiles:
            for task, held in self._tasks.items():
                if held:
                    self.picker(DEFAULT, None, task).ranking.sieve.prepare()
            self._rankings[EVERYONE].sieve.standing()

    def on(self, today: dt.date, now: dt.datetime) -> "Index":
        """The same models on another day, at another moment."""
        change = self._timed.change(today, now, self.healths)
        return self._after(change, self.freshness) if len(change) else self

    def changed(
        self,
        rows: Iterable[Given],
        keys: Iterable[ModelKey],
        *,
        freshness: Freshness,
        today: dt.date | None = None,
        now: dt.datetime | None = None,
        connected: Collection[str] | None = None,
        defaults: Mapping[str, str] | None = None,
        providers: Collection[str] | None = None,
    ) -> "Index":
        """The index in which the models of these keys are what `rows` say, which are as those of a whole load: one
        without a row is gone, a new one comes in. It shares all that did not change; this one stays as it is.

        `today`, `now` and `connected` are as `read_rows` takes them; also the others are as of that day and moment.
        `defaults` and `providers` are those of this index if absent.
        """
        rows = list(rows)
        these = {*keys, *keys_of(rows)}
        before = [found for key in these if (found := self.candidate(*key)) is not None]
        read = read_rows(rows, today=today, now=now, connected=connected, like=before)
        others = tuple(it for it in self.refused if (it.provider_id, it.model_id) not in these)
        turned = self._timed.change(today, now, self.healths, besides=these)
        change = difference([*before, *turned.gone], [*read.candidates, *turned.came])
        known = self.names.further_providers if providers is None else frozenset(providers)
        made, healths = self._made_after(change)
        names, candidates = self.names, made.rankings[EVERYONE].candidates
        same = known is names.further_providers or known == names.further_providers
        if not same or not keeps_names(change):
            names = KnownNames(candidates, known)
        return self._with(
            made,
            healths,
            freshness,
            timed=self._timed.after(change),
            whole=self._is_whole(change),
            meanings=self._meanings.after(names, candidates, change.gone, change.came),
            defaults=defaults,
            refused=others + read.refused,
        )

    def measured(
        self, health: Iterable[ProviderHealth], *, freshness: Freshness, apart: Collection[ModelKey] = ()
    ) -> "Index":
        """The index in which the external models of some providers have their providers' health, except those `apart`,
        which were measured themselves. The same as `changed` with all their rows, which then need not be read; at least
        one provider."""
        made = self
        for one in health:
            ids = frozenset(model_id for provider_id, model_id in apart if provider_id == one.provider_id)
            made = made._measured(one, ids, freshness)
        return made

    def _measured(self, health: ProviderHealth, apart: frozenset[str], freshness: Freshness) -> "Index":
        """After one provider was measured. What most of its models have in common is moved, the others are replaced."""
        provider_id, values = health.provider_id, health.values
        common = self.healths.get(provider_id) or self._common(provider_id)
        if common is None:
            return self._with(self.made, self.healths, freshness)
        others = (self.candidate(provider_id, model_id) for model_id in common.apart - apart)
        gone = [it for it in others if it is not None and it.external and health_of(it) != values]
        came = [with_health(it, values) for it in gone]
        parting = (self.candidate(provider_id, model_id) for model_id in apart - common.apart)
        stay = [it for it in parting if it is not None and not self._holds(it)]
        index = self._after(Change(gone + stay, came + stay), freshness) if gone or stay else self
        healths = index.healths.having(provider_id, Common(values, apart))
        if common.values == values:
            return index._with(index.made, healths, freshness)
        before = index.healths.having(provider_id, Common(common.values, common.apart))
        change = HealthChange(provider_id, before, healths, common.apart | apart)
        return index._with(after_measuring(index.made, change), healths, freshness)

    def _holds(self, candidate: Candidate) -> bool:
        """Whether it is held as it is, not only seen so."""
        held = self.candidates
        return not isinstance(held, Chunked) or held.held([self.place_of(candidate)])[0] is candidate

    def _common(self, provider_id: str) -> Common | None:
        """What most external models of a provider have in common, before it was measured for the first time."""
        ranks = self._rankings[EVERYONE].sieve.measured_with(provider_id, ())
        theirs = [self.candidates[rank] for rank in ranks]
        if not theirs:
            return None
        ((values, _),) = Counter(map(health_of, theirs)).most_common(1)
        return Common(values, frozenset(it.model_id for it in theirs if health_of(it) != values))

    def prepared(self, before: "Index") -> "Index":
        """Itself, ready to answer what was asked of the index before lately. To be called before anybody asks."""
        if before is not self:
            self.answers.prepare(before.answers)
        return self

    def candidate(self, provider_id: str, model_id: str) -> Candidate | None:
        """The one model with these ids."""
        key = (model_id, provider_id)
        at = place_for(self.candidates, key, place)
        found = self.candidates[at] if at < len(self.candidates) else None
        return found if found is not None and place(found) == key else None

    def place_of(self, candidate: Candidate) -> int:
        """Where one of the candidates stands among all."""
        return place_for(self.candidates, place(candidate), place)

    def named(self, name: str) -> list[Candidate]:
        """The models that are meant by a name, as `KnownNames.meant` has it."""
        found = (self.candidate(each.provider_id, each.model_id) for each in self.names.meant(name))
        return [each for each in found if each is not None]

    def meant(self, criteria: Criteria) -> Meant:
        """The same criteria with the names that models, providers and capabilities have here. Raises
        InvalidCriteria."""
        return self._meanings.of(criteria)

    def _after(self, change: Change, freshness: Freshness) -> "Index":
        made, healths = self._made_after(change)
        return self._with(made, healths, freshness, timed=self._timed.after(change), whole=self._is_whole(change))

    def _made_after(self, change: Change) -> tuple[Made, Healths]:
        healths = self.healths.knowing(change.came)
        return after(self.made, change, healths, self.terms), healths

    def _is_whole(self, change: Change) -> bool:
        return len(change) > WHOLE * len(self.candidates)

    def _with(
        self,
        made: Made,
        healths: Healths,
        freshness: Freshness,
        *,
        timed: Timed | None = None,
        whole: bool = False,
        meanings: Meanings | None = None,
        defaults: Mapping[str, str] | None = None,
        refused: tuple[InvalidRow, ...] | None = None,
    ) -> "Index":
        """With what was made of it after a change, of which only the candidates are kept where it changed the `whole`;
        the rest as it is here if absent."""
        candidates = made.rankings[EVERYONE].candidates
        return Index(
            list(candidates) if whole else candidates,
            terms=self.terms,
            profiles=self.profiles,
            freshness=freshness,
            defaults=self.defaults if defaults is None else defaults,
            refused=self.refused if refused is None else refused,
            meanings=meanings or self._meanings,
            timed=timed or self._timed,
            healths=None if whole else healths,
            made=None if whole else made,
        )
