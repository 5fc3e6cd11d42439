"""Shell completion: values from data, and names from a running registry."""

from collections.abc import Callable, Iterable

from radiant.domain.vocabulary import Category, HealthStatus, Hosting, Modality, ModelClass, Task

Complete = Callable[[str], list[str]]


def one_of(values: Iterable[str]) -> Complete:
    """A completion from a closed list."""
    known = [*values]

    def complete(incomplete: str) -> list[str]:
        return [value for value in known if value.startswith(incomplete)]

    return complete


tasks, categories, statuses, modalities = one_of(Task), one_of(Category), one_of(HealthStatus), one_of(Modality)
hosting, preferred_hosting, classes = one_of(Hosting), one_of(["any", *Hosting]), one_of(ModelClass)


def profiles(incomplete: str) -> list[str]:
    from radiant.selection.order.profile import shipped_profiles

    return one_of(sorted(shipped_profiles()))(incomplete)


def sources(incomplete: str) -> list[str]:
    from radiant.installation.known_names import sources

    return one_of(sources())(incomplete)


def sources_or_all(incomplete: str) -> list[str]:
    from radiant.installation.known_names import sources

    return one_of([*sources(), "all"])(incomplete)


def shelves(incomplete: str) -> list[str]:
    from radiant.installation.known_names import shelves

    return one_of(shelves())(incomplete)


def columns(incomplete: str) -> list[str]:
    """The next one after the last comma."""
    from .model_columns import COLUMNS

    *before, last = incomplete.split(",")
    named = [name for name in COLUMNS if name.startswith(last) and name not in before]
    return [",".join([*before, name]) for name in named]


def models(incomplete: str) -> list[str]:
    from radiant.installation.known_names import known

    return known("models", incomplete)


def providers(incomplete: str) -> list[str]:
    from radiant.installation.known_names import known

    return known("providers", incomplete)


def capabilities(incomplete: str) -> list[str]:
    from radiant.installation.known_names import known

    return known("capabilities", incomplete)
