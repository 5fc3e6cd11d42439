"""Profiles: which measures order the candidates, one after the other or weighted."""

from collections.abc import Mapping
from decimal import Decimal
from importlib import resources
from pathlib import Path

import msgspec

from radiant.catalog.toml import read_toml
from radiant.domain.errors import CatalogError

from ..criterion import Measure

DEFAULT = "ready-first"


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`catalog/profiles/<name>.toml`: either an `order` of measures, the first deciding, or `weights` for their scores.

    Models that are COLD come after all others, unless `cold_last` is false. What is still equal is ordered by
    model id; with weights by readiness before that.
    """

    description: str
    order: tuple[str, ...] = ()
    weights: dict[str, Decimal] = {}
    cold_last: bool = True

    def by_usage(self, known: Mapping[str, Measure]) -> bool:
        """Whether the order depends on a stated usage."""
        return any(known[name].by_usage for name in (*self.order, *self.weights))

    def __str__(self) -> str:
        if self.order:
            text = "by " + ", then ".join(self.order)
        else:
            text = "by the weighted sum of " + ", ".join(f"{name} ({weight})" for name, weight in self.weights.items())
        return f"{text}; COLD models last" if self.cold_last else text


def shipped_profiles() -> dict[str, Profile]:
    """The profiles that come with Radiant, by name. Raises CatalogError."""
    with resources.as_file(resources.files("radiant.catalog") / "profiles") as folder:
        return read_profiles(folder)


def read_profiles(folder: Path) -> dict[str, Profile]:
    """Every `*.toml` of a folder; the name of the file is that of the profile. Raises CatalogError."""
    files = sorted(folder.glob("*.toml"))
    return {file.stem: read_toml(file, Profile, shown=f"profiles/{file.name}") for file in files}


def check_profiles(profiles: Mapping[str, Profile], known: Mapping[str, Measure]) -> None:
    """Raises CatalogError for a profile that names no measure, an unknown one, or one twice."""
    for name, profile in profiles.items():
        shown = f"profiles/{name}.toml"
        if bool(profile.order) is bool(profile.weights):
            raise CatalogError(shown, None, None, "needs either `order` or `[weights]`")
        if len(set(profile.order)) < len(profile.order):
            raise CatalogError(shown, None, "order", "names a measure twice")
        for measure in (*profile.order, *profile.weights):
            if measure not in known:
                key = "order" if profile.order else "weights"
                raise CatalogError(shown, None, key, f"{measure!r} is no measure; expected some of: {', '.join(known)}")
        for measure, weight in profile.weights.items():
            if not weight.is_finite() or weight <= 0:
                raise CatalogError(shown, None, f"weights.{measure}", f"is {weight}; expected a number above 0")
