"""The errors that people see. Each class makes its sentence from its fields."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

from .choice import Diagnosis
from .counted import counted
from .observation import SELF_HOSTED

#: So many characters of what somebody sent are repeated: a name may be the whole of a large body.
REPEATED: Final = 200


class RadiantError(Exception):
    """Something went wrong."""


class CatalogError(RadiantError):
    """A catalog file does not say what it should."""

    def __init__(self, file: str, line: int | None, key: str | None, problem: str) -> None:
        self.file, self.line, self.key, self.problem = file, line, key, problem
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {f'`{key}`: ' if key else ''}{problem}")


class SettingsError(RadiantError):
    """An environment variable cannot be used."""

    def __init__(self, variable: str, problem: str) -> None:
        self.variable = variable
        super().__init__(f"{variable} {problem}.")


class DatabaseError(RadiantError):
    """PostgreSQL refused or did not answer."""


class DatabaseUnreachable(DatabaseError):
    """No connection could be made."""


class DatabaseUnusable(DatabaseError):
    """Connected, but this database cannot hold a registry: version, rights, encoding, or a newer schema."""


class NoRegistry(DatabaseError):
    """There is no registry yet where one was looked for."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(
            f"There is no registry in {place} yet. `radiant up` makes one and serves it; "
            "`radiant db migrate` only makes it."
        )


class MigrationFailed(DatabaseError):
    """A migration stopped; everything it did was rolled back."""

    def __init__(self, migration: str, reason: str) -> None:
        self.migration = migration
        super().__init__(f"Migration {migration} failed and was rolled back; the database is as it was. {reason}")


class ModelNotFound(RadiantError):
    """No model of that name."""

    def __init__(self, name: str, close: tuple[str, ...] = ()) -> None:
        self.name, self.close = name, close
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        super().__init__(f"No model {name!r:.{REPEATED}} in the registry.{hint}")


class NoLiteLLMId(RadiantError):
    """A model that LiteLLM is not known to serve. Nothing is `close` to a name that was right."""

    def __init__(self, name: str) -> None:
        self.name, self.close = name, ()
        super().__init__(f"LiteLLM is not known to serve {name!r}: the registry has no `litellm_id` for it.")


class ProviderNotFound(RadiantError):
    """No provider of that id."""

    def __init__(self, name: str, close: tuple[str, ...] = ()) -> None:
        self.name, self.close = name, () if name == SELF_HOSTED else close
        if name == SELF_HOSTED:
            super().__init__("self_hosted is your own hardware, and no provider that is asked: it has endpoints.")
            return
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        super().__init__(f"No provider {name!r:.{REPEATED}} in the registry.{hint}")


class SinkNotFound(RadiantError):
    """No sink for events of that name."""

    def __init__(self, name: str, known: tuple[str, ...] = ()) -> None:
        self.name, self.known = name, known
        there = f"there are: {', '.join(known)}" if known else "there is none yet"
        super().__init__(f"No sink {name!r:.100} for events; {there}.")


class AmbiguousModel(RadiantError):
    """A name that more than one model has; `candidates` are theirs, which one each has."""

    def __init__(self, name: str, candidates: tuple[str, ...]) -> None:
        self.name, self.candidates = name, candidates
        there = ", ".join(candidates)
        super().__init__(f"{name!r:.{REPEATED}} is the name of {len(candidates)} models: {there}. Say which one.")


#: So many allowed values are told beside a better one.
LISTED: Final = 20


class OutcomeRefused(RadiantError):
    """What somebody tells of a request is not right."""


class UsageInvalid(RadiantError):
    """A usage, or what is asked of it, cannot be priced: `field` says which part."""

    def __init__(self, field: str, problem: str) -> None:
        self.field, self.problem = field[:REPEATED], problem
        super().__init__(f"{self.field}: {_joined([problem])}")


class UnknownFilterValue(RadiantError):
    """A filter names something no model has. `close` are the values most like it; beside them a long list of all that
    is allowed is not told."""

    def __init__(self, field: str, value: str, allowed: tuple[str, ...], close: tuple[str, ...] = ()) -> None:
        self.field, self.value, self.allowed, self.close = field, value[:REPEATED], allowed, close
        told = [f"{field} {self.value!r} is unknown", *_did_you_mean(close)]
        if not allowed:
            told.append("there is none")
        elif not close or len(allowed) <= LISTED:
            told.append(f"expected one of: {', '.join(allowed)}")
        super().__init__(_joined(told))


class CatalogInvalid(RadiantError):
    """Some catalog files are wrong; the first ten are named, `hidden` counts the others."""

    def __init__(self, problems: list[CatalogError]) -> None:
        self.problems = tuple(problems)
        count = counted(len(problems), "problem") if len(problems) > 1 else "A problem"
        shown = [f"  {problem}" for problem in problems[:10]]
        self.hidden = len(problems) - len(shown)
        if self.hidden:
            shown.append(f"  and {self.hidden} more.")
        super().__init__(f"{count} in the catalog:\n" + "\n".join(shown))


class EmbeddedServerError(RadiantError):
    """The PostgreSQL that comes with Radiant cannot be used in this data folder."""

    def __init__(self, home: object, problem: str) -> None:
        self.home, self.problem = str(home), problem
        super().__init__(f"The embedded PostgreSQL in {home} cannot be used: {problem}.")


class DataFolderError(RadiantError):
    """The data folder cannot be used."""


class AddressUnusable(RadiantError):
    """Nothing can be served at this address. `taken` says that something else is."""

    def __init__(self, host: str, port: int, reason: str, *, taken: bool = False) -> None:
        self.host, self.port, self.taken = host, port, taken
        super().__init__(f"Cannot listen on {host}:{port}: {reason}.")


class InvalidCriteria(RadiantError):
    """A request for a model asks for something that cannot be asked for. `allowed` may stand there, where that is a
    list for people to read; `close` is what was probably meant."""

    def __init__(self, field: str, problem: str, allowed: tuple[str, ...] = (), close: tuple[str, ...] = ()) -> None:
        self.field, self.problem, self.allowed, self.close = field, problem, allowed, close
        told = [problem, *_did_you_mean(close), *([f"expected: {', '.join(allowed)}"] if allowed else [])]
        super().__init__(f"{field or 'The request'}: {_joined(told)}")


class InvalidRow(RadiantError):
    """A row of the registry does not say what it should. Rows count from 0. `provider_id` is known where it was read
    together with others."""

    def __init__(self, index: int, model_id: str | None, column: str | None, problem: str) -> None:
        self.index, self.model_id, self.column, self.problem = index, model_id, column, problem
        self.provider_id: str | None = None
        row = f"Row {index}" if model_id is None else f"Row {index} ({model_id})"
        super().__init__(f"{row}{f', column {column}' if column else ''}: {problem}.")


class NoEligibleModel(RadiantError):
    """No model satisfies the request, and no default model may stand in. `names` says what fields are called."""

    def __init__(self, diagnosis: Diagnosis, names: Mapping[str, str] = MappingProxyType({})) -> None:
        self.diagnosis = diagnosis
        super().__init__(f"No model satisfies the request: {diagnosis.words(names)}.")


class SourceUnreadable(RadiantError):
    """What a public catalog sent is not what it should be; nothing of it was read."""

    def __init__(self, source: str, problem: str) -> None:
        self.source, self.problem = source, problem
        super().__init__(f"Nothing was read from {source}: what came {problem}.")


class SourceUnreachable(RadiantError):
    """A public catalog could not be had."""

    def __init__(self, place: str, problem: str) -> None:
        self.place, self.problem = place, problem
        super().__init__(f"{place} cannot be read: {problem}.")


class TooManyStreams(RadiantError):
    """No more streams may be open at once."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{counted(most, 'stream')} of this kind are open already, which is as many as there may be.")


class ModelWarming(RadiantError):
    """The best model is not ready, and who asked wanted no other. `seconds` is how long its warm-ups take, `problem`
    why it could not be asked for."""

    def __init__(self, model_id: str, seconds: int | None, problem: str | None = None) -> None:
        self.model_id, self.seconds, self.problem = model_id, seconds, problem
        about = "" if seconds is None else f"; that takes about {counted(seconds, 'second')}"
        what = f"{model_id} is not warm, and could not be asked for: {problem}" if problem else f"{model_id} warms up"
        super().__init__(f"{what.rstrip('.')}{'' if problem else about}.")


class TooManyHeld(RadiantError):
    """No more callers may wait for models to come up."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{counted(most, 'request')} are held already until a model is ready, as many as there may be "
            "(RADIANT_HELD_REQUESTS)."
        )


class ValueRefused(RadiantError):
    """A value that PostgreSQL cannot take, such as text with a NUL in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"A value cannot be used: {reason}.")


class RuleViolated(RadiantError):
    """The registry holds a rule that a change would break. `conflict`: with what is there; `invalid`: by itself, and
    then `field` may be what was given so."""

    def __init__(
        self, rule: str, kind: Literal["conflict", "invalid"], sentence: str, *, field: str | None = None
    ) -> None:
        self.rule: str = rule
        self.kind: Literal["conflict", "invalid"] = kind
        self.field = field
        super().__init__(sentence)


class NothingDecided(RadiantError):
    """An override that is not there cannot be dropped. `known` are fields of the subject, or subjects like it."""

    def __init__(self, subject: str, field: str | None, known: tuple[str, ...] = ()) -> None:
        self.subject, self.field, self.known = subject, field, known
        what = subject if field is None else f"{field} of {subject}"
        hint = f" There is: {', '.join(known)}." if known else ""
        super().__init__(f"Nobody decided anything about {what}.{hint}")


def _did_you_mean(close: tuple[str, ...]) -> list[str]:
    """The part of a sentence that asks, or none."""
    return [f"did you mean {' or '.join(close)}?"] if close else []


def _joined(parts: Sequence[str]) -> str:
    """Parts of a sentence as one; what comes after a question is a sentence of its own."""
    text = parts[0]
    for part in parts[1:]:
        text += f" {part[0].upper()}{part[1:]}" if text.endswith("?") else f"; {part}"
    return text if text.endswith("?") else f"{text}."


class NothingInReview(RadiantError):
    """No listed model is meant by a name, a pattern or a provider."""

    def __init__(self, name: str, close: tuple[str, ...] = ()) -> None:
        self.name, self.close = name, close
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        super().__init__(f"Nothing in review is meant by {name!r:.{REPEATED}}.{hint}")
