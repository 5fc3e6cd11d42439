"""Write `catalog/litellm.toml`: which of our LiteLLM ids the map of a release of LiteLLM does not have.

    python -m tools.litellm_known [WHEEL] [--check]

WHEEL is a wheel of LiteLLM; without it, the installed package is looked into.
"""

import argparse
import datetime as dt
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import msgspec

from radiant.catalog.litellm import Entry, LiteLLMMap, unknown_to
from radiant.catalog.load import OURS, load_catalog
from tools.packaged_catalogs import litellm_body

FILE = OURS / "litellm.toml"
MAP = "litellm/model_prices_and_context_window_backup.json"


def looked_up(wheel: Path | None, today: dt.date) -> LiteLLMMap:
    """What a release of LiteLLM knows of the ids in our catalog."""
    if wheel is None:
        body, release = litellm_body(), version("litellm")
    else:
        with zipfile.ZipFile(wheel) as archive:
            body = archive.read(MAP)
        release = wheel.name.split("-")[1]
    entries = msgspec.json.decode(body, type=dict[str, Entry])
    ids = [model.litellm_id for model in load_catalog().external.values() if model.litellm_id is not None]
    return LiteLLMMap(package=f"pkg:pypi/litellm@{release}", read=today, unknown=tuple(unknown_to(entries, ids)))


def toml(found: LiteLLMMap) -> str:
    """The whole file."""
    ids = "".join(f'    "{id}",\n' for id in found.unknown)
    head = "# Written by `make litellm-known`; not for editing."
    return f'{head}\npackage = "{found.package}"\nread = {found.read}\nunknown = [\n{ids}]\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", nargs="?", type=Path)
    parser.add_argument("--check", action="store_true", help="Write nothing; fail where the ids are others.")
    asked = parser.parse_args()
    found = looked_up(asked.wheel, dt.datetime.now(dt.UTC).date())
    if not asked.check:
        FILE.write_text(toml(found), "utf-8")
        sys.stdout.write(f"wrote {FILE.name}: {found.release} does not know {len(found.unknown)} of our ids\n")
    elif (shipped := load_catalog().litellm) is None or found.unknown != shipped.unknown:
        sys.exit(f"{FILE.name} is not what {found.release} says: make litellm-known")


if __name__ == "__main__":
    main()
