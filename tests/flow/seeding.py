"""A seed, a catalog that is changed a little, and the model it is changed at."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from psycopg.rows import DictRow

from radiant.catalog.load import Catalog
from radiant.pricing.guards import GRACE
from radiant.sync import seed as seeding

Query = Callable[..., list[DictRow]]

#: As an installation does that sets nothing.
seed = partial(seeding.seed, grace=GRACE)


def without(catalog: Catalog, **gone: Any) -> Catalog:
    """The catalog without an external or a self-hosted model."""
    return msgspec.structs.replace(
        catalog,
        external={key: model for key, model in catalog.external.items() if key != gone.get("external")},
        self_hosted={key: model for key, model in catalog.self_hosted.items() if key != gone.get("self_hosted")},
    )


def changed(catalog: Catalog, key: tuple[str, str], **fields: Any) -> Catalog:
    """The catalog with an external model that says something else."""
    model = msgspec.structs.replace(catalog.external[key], **fields)
    return msgspec.structs.replace(catalog, external={**catalog.external, key: model})


MINI = ("openai", "gpt-4o-mini")


WHERE_MINI = "WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'"
