"""Everything that can go wrong and is worth telling a person. A class is its sentence plus its fields."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from .choice import Diagnosis


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
        super().__init__(f"There is no registry in {place} yet.")


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
        super().__init__(f"No model {name!r} in the registry.{hint}")


class UnknownFilterValue(RadiantError):
    """A filter names something no model has."""

    def __init__(self, field: str, value: str, allowed: tuple[str, ...]) -> None:
        self.field, self.value, self.allowed = field, value, allowed
        expected = f"expected one of: {', '.join(allowed)}" if allowed else "there is none"
        super().__init__(f"{field} {value!r} is unknown; {expected}.")


class CatalogInvalid(RadiantError):
    """Some catalog files are wrong; the first ten are named, `hidden` counts the others."""

    def __init__(self, problems: list[CatalogError]) -> None:
        self.problems = tuple(problems)
        count = f"{len(problems)} problems" if len(problems) > 1 else "A problem"
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
    """A request for a model asks for something that cannot be asked for."""

    def __init__(self, field: str, problem: str, allowed: tuple[str, ...] = ()) -> None:
        self.field, self.problem, self.allowed = field, problem, allowed
        expected = f"; expected: {', '.join(allowed)}" if allowed else ""
        super().__init__(f"{field or 'The request'}: {problem}{expected}.")


class InvalidRow(RadiantError):
    """A row of the registry does not say what it should. Rows count from 0."""

    def __init__(self, index: int, model_id: str | None, column: str | None, problem: str) -> None:
        self.index, self.model_id, self.column, self.problem = index, model_id, column, problem
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


class ValueRefused(RadiantError):
    """A value that PostgreSQL cannot take, such as text with a NUL in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"A value cannot be used: {reason}.")


class RuleViolated(RadiantError):
    """The registry holds a rule that a change would break. `conflict`: with what is there; `invalid`: by itself."""

    def __init__(self, rule: str, kind: Literal["conflict", "invalid"], sentence: str) -> None:
        self.rule: str = rule
        self.kind: Literal["conflict", "invalid"] = kind
        super().__init__(sentence)


class NothingDecided(RadiantError):
    """An override that is not there cannot be dropped. `known` are fields of the subject, or subjects like it."""

    def __init__(self, subject: str, field: str | None, known: tuple[str, ...] = ()) -> None:
        self.subject, self.field, self.known = subject, field, known
        what = subject if field is None else f"{field} of {subject}"
        hint = f" There is: {', '.join(known)}." if known else ""
        super().__init__(f"Nobody decided anything about {what}.{hint}")
