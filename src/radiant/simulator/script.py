"""What a simulation plays: a short TOML or JSON file, or the one that comes along."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from radiant import wording
from radiant.catalog.toml import MAX_BYTES, parse_toml
from radiant.domain.errors import CatalogError, SourceUnreachable
from radiant.domain.vocabulary import Task
from radiant.providers.http import read_file

#: The script that is played where none is given.
DEMO: Final = Path(__file__).with_name("demo.toml")

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]

#: Seconds that whoever is throttled asks to wait, where nothing else is said.
WAIT: Final = 17.0

#: What a status page says, from well to down.
Indicator = Literal["none", "minor", "major", "critical"]


class Behavior(StrEnum):
    """How a provider answers in place of its list and to probes, or spoils the list."""

    WELL = "well"
    BROKEN = "broken"  #: JSON that ends in the middle
    HTML = "html"  #: a web page with status 200
    EMPTY = "empty"  #: a list without models
    WRONG_TYPES = "wrong_types"  #: every third entry is no model
    DUPLICATES = "duplicates"  #: every third model stands twice, with another window
    HALF = "half"  #: every other model is missing
    ENDLESS = "endless"  #: a body that never ends
    DRIP = "drip"  #: a byte now and then
    BOMB = "bomb"  #: a small body that unpacks to gigabytes
    CUT = "cut"  #: the connection ends in the middle of the body
    SILENT = "silent"  #: no answer at all
    THROTTLED = "throttled"  #: 429 with Retry-After
    FAILING = "failing"  #: 503
    LOCKED = "locked"  #: 401, also to the right key
    NOT_FOUND = "not_found"
    REDIRECT = "redirect"  #: to the address where clouds hand out credentials
    ELSEWHERE = "elsewhere"  #: the next page is on another host
    CYCLE = "cycle"  #: the next page is the first one
    REPEATS = "repeats"  #: pages overlap by one model


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A listed model. `fields` go into its entry as they are, whatever the provider calls them."""

    id: str
    display_name: str | None = None
    context_window: int | None = None
    max_output: int | None = None
    retires: dt.date | None = None
    deprecated: bool = False
    of: str | None = None
    fields: dict[str, Any] = {}

    @property
    def key(self) -> str:
        """What changes name it by."""
        return self.id


class CatalogModel(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of a public catalog about a model of `provider`. Prices are USD for a million tokens."""

    provider: str
    task: Task = Task.CHAT
    input_per_mtok: Decimal | None = None
    output_per_mtok: Decimal | None = None
    successor: str | None = None

    @property
    def key(self) -> str:
        return f"{self.provider}/{self.id}"


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What happens to a provider once it has run for `seconds`, or has been asked for its list `lists` times, or for
    anything `requests` times."""

    seconds: Seconds | None = None
    lists: Count | None = None
    requests: Count | None = None
    add: tuple[Model | str, ...] = ()
    remove: tuple[str, ...] = ()
    behavior: Behavior | None = None
    errors: Share | None = None
    latency: Seconds | None = None
    status_page: Indicator | None = None


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fake provider. Its id decides envelope, paging and authentication; an id we do not know speaks as OpenAI does.

    `count` models are made up beside those named. `page_size` is the most models on a page, where the provider pages.
    `errors` is the share of requests answered with 500. `restless`: order and `created` change with every request.
    `retry_after` are the seconds that it asks to wait where it is throttled, `status_page` what its status page says.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=60)]
    key: str | None = None
    models: tuple[Model | str, ...] = ()
    count: Count = 0
    page_size: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1_000
    latency: Seconds = 0.0
    errors: Share = 0.0
    restless: bool = False
    behavior: Behavior = Behavior.WELL
    retry_after: Seconds = WAIT
    status_page: Indicator = "none"
    changes: tuple[Change, ...] = ()


class CatalogChange(Change, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same of a public catalog; `lists` counts how often it was fetched."""

    add: tuple[CatalogModel, ...] = ()


class PublicCatalog(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fake public catalog, written as the one of that id is. It has an ETag, and answers 304 to who knows it."""

    id: Literal["litellm", "models.dev", "openrouter", "genai-prices"]
    models: tuple[CatalogModel, ...] = ()
    latency: Seconds = 0.0
    errors: Share = 0.0
    behavior: Behavior = Behavior.WELL
    changes: tuple[CatalogChange, ...] = ()


class RuntimeModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model at a fake runtime. It takes `load_seconds` to come up, and fails then where `fails` says so.

    `in_flight` requests are being answered while it is up.
    """

    name: str
    state: Literal["ready", "unloaded", "asleep", "failed"] = "unloaded"
    load_seconds: Seconds = 0.0
    fails: bool = False
    in_flight: Count = 0
    context_window: Count | None = None


class RuntimeChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What happens to a fake runtime once it has run for `seconds`; `fails` holds of all its models from then on."""

    seconds: Seconds
    behavior: Behavior | None = None
    latency: Seconds | None = None
    fails: bool | None = None


class Runtime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fake server of self-hosted models, at `/runtimes/<id>`, which speaks as the `runtime` of our roster does."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=60)]
    runtime: Literal[
        "vllm",
        "ollama",
        "llama_cpp",
        "llama_swap",
        "kserve",
        "triton",
        "mlserver",
        "tgi",
        "sglang",
        "lm_studio",
        "sagemaker",
        "http",
    ]
    models: Annotated[tuple[RuntimeModel, ...], msgspec.Meta(min_length=1)]
    latency: Seconds = 0.0
    behavior: Behavior = Behavior.WELL
    changes: tuple[RuntimeChange, ...] = ()


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that is played. With the same `seed` the same requests fail."""

    providers: tuple[Provider, ...] = ()
    catalogs: tuple[PublicCatalog, ...] = ()
    runtimes: tuple[Runtime, ...] = ()
    seed: int = 0


def read_script(file: Path | None) -> Script:
    """A script from a file, the one that comes along without. Raises CatalogError with the place."""
    path = file or DEMO
    try:
        data = read_file(path, limit=MAX_BYTES)
    except SourceUnreachable as error:
        raise CatalogError(str(path), None, None, error.problem) from error
    script = _json(data, str(path)) if path.suffix == ".json" else parse_toml(data, Script, shown=str(path))
    for key, ids in (
        ("providers", [it.id for it in script.providers]),
        ("catalogs", [str(it.id) for it in script.catalogs]),
        ("runtimes", [it.id for it in script.runtimes]),
    ):
        twice = sorted({id for id in ids if ids.count(id) > 1})
        if twice:
            raise CatalogError(str(path), None, key, f"{twice[0]} stands more than once")
    if not script.providers and not script.catalogs and not script.runtimes:
        raise CatalogError(str(path), None, "providers", "is empty; nothing would be played")
    return script


def _json(data: bytes, shown: str) -> Script:
    try:
        return msgspec.json.decode(data, type=Script)
    except msgspec.ValidationError as error:
        raise CatalogError(shown, None, None, wording.sentence(error, Script)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CatalogError(shown, None, None, "is not valid JSON") from error
