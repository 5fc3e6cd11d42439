"""Whether the numbers of our files would be in doubt if a public catalog said them. Pure."""

from collections.abc import Iterator

from radiant.claims.doubt import Kind, doubts, said_by

from .fields import facts_of
from .load import Catalog


def doubtful(catalog: Catalog, *, alone: bool) -> Iterator[tuple[tuple[str, str], str, str]]:
    """Each model with a number that contradicts another or stands alone, as (provider, id), field and problem.

    With `alone`, all files are held against each other: the offerings of one model should not be a power of ten apart.
    Somebody's own price may well be.
    """
    told = [
        said_by("file", f"{provider}/{id}", provider, id, facts_of(model))
        for (provider, id), model in catalog.external.items()
    ]
    for doubt in doubts(told):
        if not alone and doubt.kind is not Kind.ABOVE_WINDOW:
            continue
        yield (doubt.provider_id, doubt.model_id), doubt.field, f"{doubt.why.removeprefix('says ')}; is that meant?"
