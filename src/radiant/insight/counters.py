"""What this process counts while it serves."""


class Counters:
    """Requests for a model by what became of them, and how often the snapshot was taken over anew."""

    __slots__ = ("builds", "chosen", "failed", "nothing_fits", "refused")

    def __init__(self) -> None:
        self.chosen = self.nothing_fits = self.refused = self.failed = 0
        self.builds = 0

    def built(self) -> None:
        """A snapshot was taken over."""
        self.builds += 1
