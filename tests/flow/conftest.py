"""A look at who wrote what, and little patience."""

from collections.abc import Callable
from typing import Any

import pytest
from psycopg.rows import DictRow

from radiant import snapshot


def rows_and_their_writers(query: Callable[..., list[DictRow]], url: str) -> dict[str, Any]:
    """Every row of every table by its place and last writer: any write changes it."""
    tables = query(
        url, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'm')"
    )
    return {
        row["relname"]: query(url, f"SELECT ctid::text, xmin::text FROM {row['relname']} ORDER BY ctid")
        for row in tables
    }


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that was away is looked for again at once."""
    monkeypatch.setattr(snapshot, "FIRST_RETRY", 0.02)
    monkeypatch.setattr(snapshot, "LAST_RETRY", 0.1)
