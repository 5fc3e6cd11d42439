"""How long what only grows is kept."""

import msgspec


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """Days: of events with what could not be delivered; of runs with their results and evidence; and of runs, and
    their events, that found nothing to change."""

    event_days: int = 30
    run_days: int = 365
    uneventful_days: int = 7


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows were deleted."""

    events: int
    runs: int
    evidence: int
    warmups: int = 0
    thermal_history: int = 0
    handovers: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)
