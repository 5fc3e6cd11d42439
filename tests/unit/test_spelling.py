"""Variables that look like settings and are none."""

import json
import re
from pathlib import Path

import pytest

from radiant.installation.spelling import known_settings, no_settings, spelling
from radiant.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_page_of_settings_lists_each_of_them() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text()
    assert set(re.findall(r"\| `(RADIANT_[A-Z_]+)`", page)) == known_settings()


def test_the_chart_takes_or_refuses_each_of_them_and_no_other() -> None:
    schema = json.loads((ROOT / "deploy/helm/values.schema.json").read_text())["properties"]["settings"]
    assert set(schema["properties"]) == known_settings() and schema["additionalProperties"] is False
    assert {"RADIANT_ADMIN_TOKEN", "RADIANT_DATABASE_URL"} <= {
        it for it, takes in schema["properties"].items() if not takes
    }


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("RADIANT_PRICE_GRACE_HOUR", ("RADIANT_PRICE_GRACE_HOURS",)),
        ("RADIANT_ONLNE", ("RADIANT_ONLINE",)),
        ("RADIANT_QQ", ()),
    ],
)
def test_a_misspelled_one_is_named_with_what_may_be_meant(name: str, close: tuple[str, ...]) -> None:
    assert no_settings([name, "PATH", "RADIANT_HOME"]) == {name: close}
    found = spelling(Settings(home=ROOT, variables=frozenset({name, "RADIANT_HOME"})))
    assert found.ok is not bool(close)
    assert name in found.state and all(it in str(found.advice) for it in close)


@pytest.mark.parametrize(
    "name",
    [
        *("RADIANT_SERVICE_HOST", "RADIANT_SERVICE_PORT", "RADIANT_SERVICE_PORT_HTTP", "RADIANT_PORT_8420_TCP_ADDR"),
        *("RADIANT_API_PORT_8420_TCP", "RADIANT_API_SERVICE_HOST", "RADIANT_TEST_SEARCH", "MY_RADIANT_HOME"),
    ],
)
def test_what_others_tell_is_not_ours(name: str) -> None:
    assert no_settings([name]) == {}


def test_nothing_is_said_of_a_tidy_environment() -> None:
    found = spelling(Settings(home=ROOT, variables=frozenset({"RADIANT_HOME", "PATH"})))
    assert found.ok and found.state == "1 in the environment, the rest as they are by default"
