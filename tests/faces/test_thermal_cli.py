"""`radiant thermal`."""

import json
from collections.abc import Callable

import pytest
from psycopg.rows import DictRow

from radiant.cli.thermal import _window
from tests.asleep import ASLEEP
from tests.faces.conftest import Program

Query = Callable[..., list[DictRow]]
MODEL = "llama-3.3-70b"


@pytest.fixture
def own(clean_environment: pytest.MonkeyPatch, database_url: str, query: Query) -> str:
    """RADIANT_DATABASE_URL is a registry of this test alone, whose models sleep."""
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    query(database_url, ASLEEP)
    return database_url


@pytest.mark.usefixtures("own")
def test_a_model_is_shown_set_asked_for_and_sent_to_sleep(radiant: Program) -> None:
    assert MODEL in radiant("thermal", "list").out
    shown = radiant("thermal", "show", MODEL).out
    assert "is COLD, and held AUTOMATIC." in shown and "sleeps after 15 minutes without work" in shown
    window = "0 8 * * mon-fri/600/Europe/Berlin"
    said = radiant("thermal", "set", MODEL, "--idle-minutes", "5", "--window", window).out
    assert "Warm from `0 8 * * mon-fri` in Europe/Berlin for 600 minutes." in said
    assert f"{MODEL} is asked for." in radiant("thermal", "warm", MODEL).out
    assert f"{MODEL} is asked for already." in radiant("thermal", "warm", MODEL).out
    assert "goes to sleep once nothing is in flight" in radiant("thermal", "cool", MODEL).out
    assert json.loads(radiant("thermal", "show", MODEL, "--json").out)["model"]["demanded_until"] is None


@pytest.mark.parametrize(
    ("cron", "zone", "said"),
    [
        ("daily", "UTC", "for 5 minutes, but never: 'daily'"),
        ("0 8 * * *", "Berlin", "for 5 minutes, but never: 'Berlin' is no time zone"),
        ("0 8 * * *", "Europe/Berlin", "Warm from `0 8 * * *` in Europe/Berlin for 5 minutes."),
    ],
)
def test_a_window_that_nobody_can_read_says_so(
    own: str, radiant: Program, query: Query, cron: str, zone: str, said: str
) -> None:
    text = "INSERT INTO prewarm_windows (model_id, cron, time_zone, duration_minutes) VALUES (%s, %s, %s, 5)"
    query(own, text, MODEL, cron, zone)
    assert said in " ".join(radiant("thermal", "show", MODEL).out.split())


@pytest.mark.usefixtures("own")
def test_what_is_held_stays_and_says_why(radiant: Program) -> None:
    radiant("thermal", "set", MODEL, "--target", "COLD")
    code, _, err = radiant("thermal", "warm", MODEL)
    assert code == 1 and "an operator holds it COLD" in err


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "nobody"), "No self-hosted model 'nobody'"),
        (("set", MODEL), "say what to set"),
        (("set", MODEL, "--window", "daily"), "is no window"),
        (("set", MODEL, "--window", "0 8 * * */99999"), "for --window: expected a whole number at most 10080"),
        (("set", MODEL, "--window", "0 8 * * */60", "--no-windows"), "either sets windows or takes them all away"),
        (("set", MODEL, "--window", "0 8 * * */60/Mars"), "is no time zone"),
    ],
)
def test_what_cannot_be_is_a_sentence(radiant: Program, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = radiant("thermal", *arguments)
    assert code in (1, 2) and said in err


@pytest.mark.parametrize(
    ("text", "cron", "minutes", "zone"),
    [
        ("0 8 * * */60", "0 8 * * *", 60, "UTC"),
        ("*/5 * * * */3", "*/5 * * * *", 3, "UTC"),
        ("*/5 * * * */3/America/Argentina/Salta", "*/5 * * * *", 3, "America/Argentina/Salta"),
    ],
)
def test_a_window_is_cron_minutes_and_zone(text: str, cron: str, minutes: int, zone: str) -> None:
    found = _window(text)
    assert (found.cron, found.duration_minutes, found.time_zone) == (cron, minutes, zone)
