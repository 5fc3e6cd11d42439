"""psql of `radiant db psql` knows how much later than us tenants pay a rise that is written by hand."""

import datetime as dt
from pathlib import Path

import pytest

from radiant.installation.database import psql_settings
from radiant.settings import Settings


@pytest.mark.parametrize(
    ("hours", "options", "told"),
    [
        (24, None, {}),
        (0, None, {"PGOPTIONS": "-c radiant.price_grace=0s"}),
        (3, "-c geqo=off", {"PGOPTIONS": "-c geqo=off -c radiant.price_grace=10800s"}),
    ],
)
def test_another_grace_period_than_the_usual_is_a_setting_of_the_session(
    monkeypatch: pytest.MonkeyPatch, hours: int, options: str | None, told: dict[str, str]
) -> None:
    monkeypatch.delenv("PGOPTIONS", raising=False)
    if options is not None:
        monkeypatch.setenv("PGOPTIONS", options)
    assert psql_settings(Settings(home=Path(), price_grace=dt.timedelta(hours=hours))) == told
