"""What to type next: advice that belongs to the command line, beside errors that every face tells."""

from radiant.domain.errors import CatalogInvalid, ModelNotFound, NoRegistry, RadiantError, SourceUnreachable


def advice(error: RadiantError) -> str:
    """A sentence with the space before it, or nothing."""
    if isinstance(error, ModelNotFound) and not error.close:
        return " `radiant models` lists all."
    if isinstance(error, NoRegistry):
        return " `radiant up` makes one and serves it; `radiant db migrate` only makes it."
    if isinstance(error, SourceUnreachable):
        return " Give a file you have with --file."
    if isinstance(error, CatalogInvalid) and error.hidden:
        return "\n`radiant catalog check` shows all."
    return ""
