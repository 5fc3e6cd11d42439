"""Variables that are called like settings of ours and are none: they change nothing, and nobody would notice."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Final

from radiant.installation.finding import Finding
from radiant.names.folding import nearest
from radiant.settings import Settings

#: How settings are called.
OURS: Final = "RADIANT_"

#: What only our own tests read, and what Kubernetes and Docker tell of a service called radiant.
_OTHERS: Final = re.compile(r"RADIANT_(TEST_|(.*_)?(SERVICE_(HOST|PORT)|PORT_\d+_))")


class _Noting(Mapping[str, str]):
    """An environment in which nothing is set, and which knows what it was asked for."""

    def __init__(self) -> None:
        self.asked: Final[set[str]] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@cache
def known_settings() -> frozenset[str]:
    """The names of all settings, as reading them asks for."""
    environment = _Noting()
    Settings.from_environment(environment)
    return frozenset(name for name in environment.asked if name.startswith(OURS))


def no_settings(names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Those of the names that look like settings and are none, with the settings that may be meant."""
    odd = (name for name in names if name.startswith(OURS) and not _OTHERS.match(name))
    return {name: _near(name) for name in sorted(odd) if name not in known_settings()}


def spelling(settings: Settings) -> Finding:
    """What of the environment is misspelled."""
    wrong = no_settings(settings.variables)
    if not wrong:
        count = len(known_settings() & settings.variables)
        return Finding("settings", True, f"{count} in the environment, the rest as they are by default")
    meant = "; ".join(f"{name}: {' or '.join(close)}" for name, close in wrong.items() if close)
    advice = f"Meant may be {meant}." if meant else "docs/reference/settings.md lists them all."
    return Finding("settings", not meant, f"no setting is called {', '.join(wrong)}", advice)


def _near(name: str) -> tuple[str, ...]:
    """By what follows the beginning that all have."""
    known = (it.removeprefix(OURS) for it in known_settings())
    return tuple(OURS + it for it in nearest(name.removeprefix(OURS), known))
