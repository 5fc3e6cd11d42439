"""How a command fails: one sentence on stderr, and an exit code of its kind."""

from radiant.domain.errors import RadiantError

from .advice import advice
from .command import exit_code
from .output import say


def tell(error: Exception) -> int:
    """Say a foreseen failure; its exit code. Raises any other again."""
    if not isinstance(error, RadiantError):
        raise error
    say(f"radiant: {error}{advice(error)}", err=True)
    return exit_code(error)
