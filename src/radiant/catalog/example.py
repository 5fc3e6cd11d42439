"""A new file of a catalog folder: complete and valid, with what nobody has read yet named as unknown."""

import datetime as dt
import json
from pathlib import Path

from radiant.domain.errors import CatalogError
from radiant.domain.usual import USUAL
from radiant.domain.vocabulary import Task

from .load import read_catalog

#: The shelf of a model where the task is no name of one.
_SHELVES = {Task.CHAT: "llm", Task.COMPLETION: "llm", Task.AUDIO: "speech", Task.TRANSCRIPTION: "audio"}

_FILE = """\
# Read from the page below on {today}. What you read there replaces what is unknown: take the key out of `unknown`,
# write it, and name it in the `fields` of its source. The check of {folder} says what is missing.
display_name = {name}
description = {description}
category = {category}
task = {task}
# What the page says it can do: "streaming", "function_calling", "structured_output", "vision", "reasoning" …
capabilities = []
# What usually goes in and comes out for this task. Check it.
input_modalities = {inputs}
output_modalities = {outputs}
# Each of these is a key of its own: class = "flagship", "standard" or "small"; context_window = 128_000;
# released = 2026-11-26. A price is a table: [price], then input_per_mtok = 0.15 and output_per_mtok = 0.6 (USD,
# or what currency = "EUR" names).
unknown = [{unknown}]

[[sources]]
url = {url}
read = {today}
fields = ["display_name", "task", "input_modalities", "output_modalities"]
"""

_UNKNOWN = ("class", "context_window", "max_output", "price", "released")


def write_example(folder: Path, name: str, *, task: Task, url: str, today: dt.date) -> Path:
    """Write `providers/<provider>/<model id>.toml` for `name`, which is `provider/model id`, and return its path.

    Raises CatalogError where it cannot be written, would take another's place, or has no provider to stand under.
    """
    provider, _, model = name.partition("/")
    path = _place(folder, provider, model, name)
    known = read_catalog(folder if folder.is_dir() else None)[0].providers
    if provider not in known:
        expected = f"providers/{provider}/provider.toml"
        raise CatalogError(
            expected, None, None, "is not there; write it first, docs/how-to/add-a-provider.md shows one"
        )
    if not USUAL[task].takes:
        raise CatalogError(
            str(path), None, "task", f"{task.value} says nothing of what goes in; write this file by hand"
        )
    text = _text(folder, model, task=task, url=url, today=today)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CatalogError(str(path), None, None, "is there already; nothing was written") from None
    except OSError as error:
        raise CatalogError(str(path), None, None, f"cannot be written: {error.strerror}") from error
    return path


def _place(folder: Path, provider: str, model: str, name: str) -> Path:
    if provider == "self_hosted":
        problem = "is your own hardware, which needs license and memory too; copy a file of self_hosted/ instead"
        raise CatalogError(name, None, None, problem)
    parts = model.split("/")
    if not provider or not all(parts) or {".", ".."} & {provider, *parts} or not name.isprintable() or "\\" in name:
        raise CatalogError(name, None, None, "is no `provider/model id`, such as openai/gpt-6-luna")
    return folder / "providers" / provider / f"{model}.toml"


def _text(folder: Path, model: str, *, task: Task, url: str, today: dt.date) -> str:
    usual = USUAL[task]
    name = model.rsplit("/", 1)[-1]
    return _FILE.format(
        folder=folder,
        today=today,
        name=_quoted(name),
        description=_quoted(f"{name[:150]}, not described yet."),
        category=_quoted(_SHELVES.get(task, task.value)),
        task=_quoted(task.value),
        inputs=_quoted([it.value for it in usual.takes]),
        outputs=_quoted([it.value for it in usual.gives]),
        unknown=_quoted(list(_UNKNOWN))[1:-1],
        url=_quoted(url),
    )


def _quoted(value: str | list[str]) -> str:
    """As TOML: its basic strings and arrays of them are written like those of JSON."""
    return json.dumps(value, ensure_ascii=False)
