"""Lists are asked for with a reader's token."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.faces.served import reading


@pytest.fixture
async def client(standing_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Of a registry nobody changes."""
    async with reading(standing_url, tmp_path) as it:
        yield it


@pytest.fixture
async def client_of_own(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Of a registry for this test alone."""
    async with reading(database_url, tmp_path) as it:
        yield it
