"""What this process counts while it serves."""


class Counters:
    """Requests for a model by what became of them, how often the snapshot was taken over anew, and usages that were
    told, by what became of these."""

    __slots__ = (
        "builds",
        "chosen",
        "failed",
        "nothing_fits",
        "refused",
        "usage_differing",
        "usage_recorded",
        "usage_refused",
        "usage_repeated",
    )

    def __init__(self) -> None:
        self.chosen = self.nothing_fits = self.refused = self.failed = 0
        self.builds = 0
        self.usage_recorded = self.usage_repeated = self.usage_refused = self.usage_differing = 0

    def built(self) -> None:
        """A snapshot was taken over."""
        self.builds += 1
