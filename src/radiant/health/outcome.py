"""What callers tell of their requests, as observations."""

import datetime as dt
import re
from typing import Final

from radiant.domain.accounts import refuses_account
from radiant.domain.capacity import has_no_capacity
from radiant.domain.observation import GLOBAL, LONGEST_MESSAGE, SELF_HOSTED, Observation, Reason, Source
from radiant.domain.outcome import Outcome

from .moments import AHEAD, OLDEST, too_far

#: What the class of an error may be called.
CLASSES: Final = {
    **{reason.value: reason for reason in Reason},
    **{reason.value.replace(" ", "_"): reason for reason in Reason},
    "auth": Reason.KEY,
    "canceled": Reason.CANCELLED,
    "connection_refused": Reason.REFUSED,
    "model_not_found": Reason.NOT_FOUND,
    "overloaded": Reason.RATE_LIMITED,
}
for _ours in (Reason.NO_KEY, Reason.OFFLINE, Reason.ADDRESS):  # no caller can say these of a request
    for _word in (_ours.value, _ours.value.replace(" ", "_")):
        del CLASSES[_word]

#: Those of them that are told to whoever asks what there is.
WORDS: Final = tuple(sorted(word for word in CLASSES if " " not in word))

_OF_STATUS: Final = {
    **dict.fromkeys((401, 402, 403, 412), Reason.KEY),  # an account that is not paid is ours to settle, too
    404: Reason.NOT_FOUND,
    408: Reason.TIMEOUT,
    410: Reason.NOT_FOUND,
    429: Reason.RATE_LIMITED,
    499: Reason.CANCELLED,  # as nginx has it, and gateways after it
    504: Reason.TIMEOUT,
    529: Reason.RATE_LIMITED,  # overloaded, as Anthropic says it
}


#: What reasons have to be looked at twice, and the status that stands for them.
_SAID_AS: Final = {Reason.CLIENT: 400, Reason.RATE_LIMITED: 429}


def reason_of(error: str | int) -> Reason | None:
    """The reason that a class or a status stands for; None where it is no error. Raises ValueError."""
    if isinstance(error, str):
        found = CLASSES.get(error.strip().lower().replace("-", "_"))
        if found is None:
            words = ", ".join(WORDS)
            raise ValueError(f"{error!r:.60} is no class of errors; expected a status of HTTP or one of: {words}")
        return found
    if error < 400:
        return None
    return _OF_STATUS.get(error, Reason.CLIENT if error < 500 else Reason.SERVER)


def observed(outcome: Outcome, provider_id: str, model_id: str | None, now: dt.datetime) -> Observation:
    """The outcome of a request to this model. Raises ValueError."""
    reason = None if outcome.error is None else reason_of(outcome.error)
    if reason in _SAID_AS and outcome.message is not None:
        reason = _looked_at_twice(reason, provider_id, outcome.error, outcome.message)
    ok = reason is None if outcome.ok is None else outcome.ok
    if ok and reason is not None:
        raise ValueError("it is `ok` and has an `error`")
    at = now if outcome.at is None else outcome.at
    at = at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)
    if too_far(at, now):
        hour, ahead = OLDEST.seconds // 60, AHEAD.seconds // 60
        raise ValueError(f"at: is {at.isoformat()}; expected at most {hour} minutes ago and {ahead} ahead")
    return Observation(
        provider_id=provider_id,
        region=outcome.region or GLOBAL,
        model_id=model_id,
        source=Source.TRAFFIC,
        at=at,
        ok=ok,
        reason=reason,
        latency_ms=outcome.latency_ms,
        ttft_ms=outcome.ttft_ms,
        input_tokens=outcome.input_tokens,
        output_tokens=outcome.output_tokens,
        retry_after=outcome.retry_after,
        message=None if outcome.message is None else plain(outcome.message),
    )


def _looked_at_twice(reason: Reason, provider_id: str, error: str | int | None, message: str) -> Reason:
    """What a server meant by it: that nothing of one's own model runs, or that it was the account that was refused."""
    status = error if isinstance(error, int) else _SAID_AS[reason]
    if provider_id == SELF_HOSTED:
        return Reason.COLD if has_no_capacity(status, message) else reason
    return Reason.KEY if refuses_account(status, message) else reason


def plain(message: str) -> str:
    """On one line, without control characters and whatever looks like a key, as long as is kept."""
    shown = "".join(it if it.isprintable() else " " for it in message[: 4 * LONGEST_MESSAGE])
    return _KEY.sub("…", " ".join(shown.split()))[:LONGEST_MESSAGE]


#: A long word behind what keys begin with or stand behind. Keys of Google are AQ. since 2026, those of Voyage that
#: Atlas made are al-. Perplexity has models, too, that begin as its keys do.
_KEY = re.compile(
    r"(?i)(?<![a-z0-9])(?:(?:bearer|token|key)[\s=:\"']+|[sp]k[-_]|gsk_|csk-|xai-|AIza|AQ\.|AKIA|hf_|r8_|fw_"
    r"|pplx-(?=[a-z0-9]{12})|tvly-|nvapi-|luma-api-|al-)[\w.~+/=-]{12,}"
)
