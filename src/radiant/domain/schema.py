"""The state of a database's schema: what is applied, missing, damaged."""

from typing import Any

import msgspec

#: How views, functions and triggers are called as one step.
CODE = "views and functions"

#: How the schema in which the jobs stand is called as one step.
JOBS = "tables of the jobs"

#: Recorded by the first complete seed of the catalog, not by a file.
SEED = "036a_seed_self_hosted_models"


class Damage(msgspec.Struct, frozen=True):
    """An object of the schema that is gone or not what it was made as; `rebuilt` tells whether a migration mends it."""

    kind: str
    name: str
    missing: bool
    rebuilt: bool

    @property
    def of_jobs(self) -> bool:
        """Whether it stands in the schema of the jobs, which is made again as a whole."""
        return self.name.startswith("jobs.")

    def __str__(self) -> str:
        return f"{self.kind} {self.name} is {'missing' if self.missing else 'altered'}"


class SchemaState(msgspec.Struct, frozen=True, kw_only=True):
    """`applied` are the rows of `schema_migrations`, `missing` what this program has beyond them, by version and name.

    `newer` is a database prepared by a newer program, which this one reads but neither migrates nor seeds.
    """

    applied: tuple[dict[str, Any], ...]
    missing: tuple[str, ...] = ()
    seeded: bool = True
    code_is_current: bool = True
    newer: bool = False
    damage: tuple[Damage, ...] = ()

    @property
    def lacking(self) -> tuple[str, ...]:
        """What this program has beyond the database, by version and name: migrations, code, the first seed."""
        if self.newer:
            return ()
        seed = () if self.seeded else (SEED,)
        return (*sorted([*self.missing, *seed]), *(() if self.code_is_current else (CODE,)))

    @property
    def pending(self) -> tuple[str, ...]:
        """What preparing would do: bring what is lacking, and make damaged code again."""
        code = () if CODE in self.lacking or all(it.of_jobs for it in self.rebuilds) else (CODE,)
        jobs = (JOBS,) if any(it.of_jobs for it in self.rebuilds) else ()
        return (*self.lacking, *jobs, *code)

    @property
    def rebuilds(self) -> tuple[Damage, ...]:
        """What a migration makes again."""
        return () if self.newer else tuple(it for it in self.damage if it.rebuilt)

    @property
    def lost(self) -> tuple[Damage, ...]:
        """What only a person can bring back."""
        return tuple(it for it in self.damage if it not in self.rebuilds)

    @property
    def limits(self) -> str | None:
        """What this program cannot do with a newer database, as a sentence."""
        if not self.newer:
            return None
        return (
            "This database was prepared by a newer Radiant: this one reads it and selects from it, but does not "
            "migrate it or bring its catalog into it. Upgrade this Radiant for that."
        )
