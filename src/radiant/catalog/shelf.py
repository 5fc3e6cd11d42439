"""Shelves: optional catalogs that come with Radiant, laid out like a folder of one's own and added by name."""

from pathlib import Path

from radiant.domain.errors import UnknownFilterValue

FOLDER = Path(__file__).parent / "shelves"

#: How the catalog of a shelf is called: this and its name. No folder of one's own can be called so.
PREFIX = "shelf:"


def shelf_names() -> tuple[str, ...]:
    """The shelves there are."""
    return tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))


def shelf_folder(name: str) -> Path:
    """Where a shelf's files lie. Raises UnknownFilterValue."""
    if name not in shelf_names():
        raise UnknownFilterValue("shelf", name, shelf_names())
    return FOLDER / name


def is_shelf(catalog: str | None) -> bool:
    """Whether the name of a catalog is that of a shelf."""
    return catalog is not None and catalog.startswith(PREFIX)
