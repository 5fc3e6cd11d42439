"""Read the catalog: our folder, and on top of it a folder of the user's own."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import msgspec

from radiant.domain.errors import CatalogError, CatalogInvalid
from radiant.domain.external import ExternalModel, Provider
from radiant.domain.hardware import Container, Instance
from radiant.domain.self_hosted import SelfHostedModel
from radiant.domain.vocabulary import Category, Task

from .bounds import impossible
from .toml import line_of, read_entries, read_toml

OURS = Path(__file__).parent

_TOP = ("catalog.toml", "instances.toml", "containers.toml", "defaults.toml")

_PROVIDER_ID = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,49}$")


#: The name of the catalog that comes with Radiant.
SHIPPED = "radiant"

RELEASE = version("radiant-registry")


class Catalog(msgspec.Struct):
    """Everything curated, by id. `files` names the file of each entry, by (kind, id) as errors show it; `folder` is a
    folder of the user's own that was read on top, `name` what that catalog is called, `version` that of the program our
    own catalog came with."""

    providers: dict[str, Provider] = {}
    external: dict[tuple[str, str], ExternalModel] = {}
    self_hosted: dict[str, SelfHostedModel] = {}
    categories: dict[str, Category] = {}
    instances: dict[str, Instance] = {}
    containers: dict[str, Container] = {}
    defaults: dict[Task, str] = {}
    successors: dict[Task, str | None] = {}
    files: dict[tuple[str, str], Path] = {}
    folder: Path | None = None
    name: str | None = None
    version: str = RELEASE

    def owner(self, kind: str, id: str) -> str:
        """The name of the catalog that an entry comes from."""
        path = self.files.get((kind, id))
        own = self.folder is not None and path is not None and path.is_relative_to(self.folder)
        return self.name if own and self.name is not None else SHIPPED


class Default(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `defaults.toml`: the model of last resort for a task, and what takes its place when it goes."""

    model: str
    successor: str | None = None


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`catalog.toml` in a folder of one's own: what that catalog is called in every registry, wherever it lies."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[a-z0-9][a-z0-9._-]*$")]


def load_catalog(extra: Path | None = None, *, host: str = "") -> Catalog:
    """Read everything. `host` is where `extra` lies; a folder without a name of its own is called by host and path.

    Raises CatalogInvalid with all that is wrong.
    """
    catalog, problems = read_catalog(extra, host=host)
    if problems:
        raise CatalogInvalid(problems)
    return catalog


def read_catalog(extra: Path | None = None, *, host: str = "") -> tuple[Catalog, list[CatalogError]]:
    """Read everything that can be read, and say what cannot.

    An entry of `extra` adds to ours or replaces the one of the same id.
    """
    catalog, problems = Catalog(folder=extra, name=f"{host}:{extra}".lstrip(":") if extra else None), []
    for root in (OURS, extra):
        if root is None:
            continue
        if not root.is_dir():
            problems.append(CatalogError(str(root), None, None, "is not a folder; RADIANT_CATALOG names a folder"))
            continue
        for path in _files(root):
            try:
                _read(path, root, catalog)
            except CatalogError as error:
                problems.append(error)
            except CatalogInvalid as error:
                problems.extend(error.problems)
    for provider in sorted({provider for provider, _ in catalog.external} - set(catalog.providers)):
        path = next(
            catalog.files["external", f"{provider}/{model}"] for name, model in catalog.external if name == provider
        )
        folder = _shown_folder(path, provider, extra)
        problems.append(CatalogError(folder, None, None, "has models but no provider.toml"))
    return catalog, problems


def _files(root: Path) -> Iterator[Path]:
    for top in _TOP:
        if (root / top).is_file():
            yield root / top
    for folder in ("providers", "self_hosted"):
        yield from sorted(path for path in (root / folder).rglob("*") if path.is_file() and path.name[0] != ".")
    if root != OURS:
        places = {*_TOP, "providers", "self_hosted", "profiles"}
        yield from sorted(path for path in root.rglob("*.toml") if path.relative_to(root).parts[0] not in places)


def _read(path: Path, root: Path, catalog: Catalog) -> None:
    shown = shown_path(path, root)
    parts = path.relative_to(root).parts
    if path.suffix != ".toml":
        raise CatalogError(shown, None, None, "does not belong here; the catalog holds .toml files")
    match parts:
        case ("catalog.toml",):
            catalog.name = read_toml(path, Identity, shown=shown).name
        case ("instances.toml",):
            instances = read_entries(path, Instance, shown=shown)
            _refuse_impossible(path, shown, [(f'"{name}"', name, it) for name, it in instances.items()])
            catalog.instances |= instances
        case ("containers.toml",):
            catalog.containers |= read_entries(path, Container, shown=shown)
        case ("defaults.toml",):
            defaults = _defaults(path, shown)
            catalog.defaults |= {task: it.model for task, it in defaults.items()}
            catalog.successors |= {task: it.successor for task, it in defaults.items()}
            catalog.files |= {("default", task.value): path for task in defaults}
        case ("self_hosted", folder, _):
            _read_self_hosted(path, folder, shown, catalog)
        case ("providers", provider, "provider.toml"):
            if not _PROVIDER_ID.match(provider):
                raise CatalogError(
                    shown, None, None, "a provider's folder is named in a-z, 0-9, _ . -, at most 50 characters"
                )
            catalog.providers[provider] = read_toml(path, Provider, shown=shown)
            catalog.files["provider", provider] = path
        case ("providers", "self_hosted", *rest) if rest:
            raise CatalogError(shown, None, None, "is self-hosted; expected self_hosted/<category>/<model>.toml")
        case ("providers", provider, *rest) if rest:
            model = "/".join(rest).removesuffix(".toml")
            external = read_toml(path, ExternalModel, shown=shown)
            _refuse_impossible(path, shown, [("", model, external)])
            catalog.external[provider, model] = external
            catalog.files["external", f"{provider}/{model}"] = path
        case _:
            raise CatalogError(
                shown,
                None,
                None,
                "is in no place of the catalog; expected providers/<provider>/<model>.toml, "
                "self_hosted/<category>/<model>.toml, instances.toml, containers.toml or defaults.toml",
            )


def _defaults(path: Path, shown: str) -> dict[Task, Default]:
    read = read_entries(path, Default, shown=shown)
    tasks = {task.value for task in Task}
    for key in read:
        if key not in tasks:
            line = line_of(path.read_text("utf-8"), key)
            raise CatalogError(shown, line, key, f"is no task; expected one of: {', '.join(Task)}")
    return {Task(key): it for key, it in read.items()}


def _read_self_hosted(path: Path, folder: str, shown: str, catalog: Catalog) -> None:
    model = path.stem
    try:
        category = Category(folder)
    except ValueError:
        allowed = ", ".join(Category)
        raise CatalogError(shown, None, None, f"{folder} is no category; expected one of: {allowed}") from None
    before = catalog.files.get(("self_hosted", model))
    if before is not None and before.is_relative_to(path.parent.parent) and before != path:
        raise CatalogError(
            shown, None, None, f"model {model} is already described in {before.parent.name}/{before.name}"
        )
    described = read_toml(path, SelfHostedModel, shown=shown)
    _refuse_impossible(path, shown, [("", model, described)])
    catalog.self_hosted[model] = described
    catalog.categories[model] = category
    catalog.files["self_hosted", model] = path


def _refuse_impossible(
    path: Path, shown: str, entries: list[tuple[str, str, ExternalModel | SelfHostedModel | Instance]]
) -> None:
    """Raise CatalogInvalid where the registry could not hold one of (key, id, entry) of a file."""
    found = [
        (f"{above}.{key}".strip(".") if key else None, problem)
        for above, id, entry in entries
        for key, problem in impossible(entry, id)
    ]
    if found:
        text = path.read_text("utf-8")
        raise CatalogInvalid(
            [CatalogError(shown, line_of(text, key) if key else None, key, problem) for key, problem in found]
        )


def _shown_folder(path: Path, provider: str, extra: Path | None) -> str:
    root = extra if extra is not None and path.is_relative_to(extra) else OURS
    return shown_path(root / "providers" / provider, root)


def shown_path(path: Path, root: Path) -> str:
    """Ours are shown from the catalog's own folder, a user's in full."""
    return str(Path("catalog") / path.relative_to(root)) if root == OURS else str(path)
