"""What a response counts and no rule reads: named in the answer and kept in the ledger."""

from radiant.registry.database import Database
from tests.flow.telling import acme, good, used

__all__ = ["acme"]

RESPONSE = {"usage": {"prompt_tokens": 10, "completion_tokens": 0, "gadget_calls": 7, "a\u0000\u2028": 1}}


async def test_what_no_rule_reads_is_kept_with_what_was_told(acme: Database) -> None:
    told = {**used("r9", 1), "usage": None, "response": RESPONSE}
    for _ in range(2):  # told, and told once more
        (found, usual) = await good(acme, told, used("r8", 1))
        assert found.unread == ["usage.gadget_calls", "usage.a??"]
        assert usual.unread == []
