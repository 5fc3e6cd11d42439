"""The environment, read once."""

import os
from pathlib import Path

import pytest

from radiant.domain.errors import SettingsError
from radiant.domain.retention import Retention
from radiant.settings import Limits, Settings, default_home


def test_nothing_set_means_the_embedded_database_in_the_data_folder_and_port_8420() -> None:
    assert Settings.from_environment({}) == Settings(
        home=default_home(), database_url=None, host="127.0.0.1", port=8420, catalog=None
    )


def test_everything_can_be_set() -> None:
    found = Settings.from_environment(
        {
            "RADIANT_HOME": "/data/radiant",
            "RADIANT_DATABASE_URL": "postgresql://u:p@h:5433/d",
            "RADIANT_HOST": "0.0.0.0",  # noqa: S104 - nothing listens here
            "RADIANT_PORT": "9000",
            "RADIANT_CATALOG": "/data/catalog",
        }
    )
    assert (found.home, found.catalog) == (Path("/data/radiant"), Path("/data/catalog"))
    assert (found.database_url, found.host, found.port) == ("postgresql://u:p@h:5433/d", "0.0.0.0", 9000)  # noqa: S104


def test_an_empty_variable_is_as_good_as_none() -> None:
    names = ("RADIANT_HOME", "RADIANT_DATABASE_URL", "DATABASE_URL", "RADIANT_HOST", "RADIANT_PORT", "RADIANT_CATALOG")
    assert Settings.from_environment(dict.fromkeys(names, "")) == Settings.from_environment({})


def test_database_url_is_used_and_radiants_own_variable_wins() -> None:
    assert Settings.from_environment({"DATABASE_URL": "postgres://a/b"}).database_url == "postgres://a/b"
    both = {"DATABASE_URL": "postgresql://a/b", "RADIANT_DATABASE_URL": "postgresql://c/d"}
    assert Settings.from_environment(both).database_url == "postgresql://c/d"


def test_paths_are_made_absolute_and_a_tilde_is_the_users_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/users/ada")
    found = Settings.from_environment({"RADIANT_HOME": "data", "RADIANT_CATALOG": "~/catalog"})
    assert (found.home, found.catalog) == (tmp_path / "data", Path("/users/ada/catalog"))


def test_the_tokens_lie_in_the_data_folder() -> None:
    found = Settings(home=Path("/data"))
    assert (found.token_file("admin"), found.token_file("reader")) == (
        Path("/data/admin-token"),
        Path("/data/reader-token"),
    )


def test_limits_of_connections_are_read_and_have_usual_values() -> None:
    assert Settings.from_environment({}).limits == Limits()
    given = {
        "RADIANT_HEAD_SECONDS": "0.5",
        "RADIANT_BODY_SECONDS": "20",
        "RADIANT_IDLE_SECONDS": "3600",
        "RADIANT_CONNECTIONS_PER_ADDRESS": "0",
        "RADIANT_HELD_REQUESTS": "7",
    }
    read = Settings.from_environment(given).limits
    assert read == Limits(
        head_seconds=0.5, body_seconds=20, idle_seconds=3600, connections_per_address=0, held_requests=7
    )
    assert read.shortest == 0.5


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DATABASE_URL", "mysql://root:secret@h/d",
         "DATABASE_URL is a mysql address; expected postgresql://user@host:5432/database."),
        ("RADIANT_DATABASE_URL", "host=h password=secret",
         "RADIANT_DATABASE_URL is no address; expected postgresql://user@host:5432/database."),
        ("RADIANT_PORT", "http", "RADIANT_PORT is 'http'; expected a number from 0 to 65535."),
        ("RADIANT_PORT", "65536", "RADIANT_PORT is '65536'; expected a number from 0 to 65535."),
        ("RADIANT_HEAD_SECONDS", "0", "RADIANT_HEAD_SECONDS is '0'; expected seconds from 0.1 to 3600."),
        ("RADIANT_BODY_SECONDS", "1e3", "RADIANT_BODY_SECONDS is '1e3'; expected seconds from 0.1 to 3600."),
        ("RADIANT_IDLE_SECONDS", "nan", "RADIANT_IDLE_SECONDS is 'nan'; expected seconds from 0.1 to 3600."),
        ("RADIANT_HELD_REQUESTS", "many",
         "RADIANT_HELD_REQUESTS is 'many'; expected a number up to 999999, 0 for none."),
        ("RADIANT_CONNECTIONS_PER_ADDRESS", "-1",
         "RADIANT_CONNECTIONS_PER_ADDRESS is '-1'; expected a number up to 999999, 0 for any number."),
        ("RADIANT_PORT", "9" * 5000, f"RADIANT_PORT is '{'9' * 39}; expected a number from 0 to 65535."),
        ("RADIANT_PORT", "-1", "RADIANT_PORT is '-1'; expected a number from 0 to 65535."),
        ("RADIANT_PORT", "٨٠", "RADIANT_PORT is '٨٠'; expected a number from 0 to 65535."),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_named_without_its_secret(variable: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({variable: value})
    assert str(caught.value) == said
    assert caught.value.variable == variable


def test_roots_data_lies_where_postgresqls_own_account_can_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    expected = Path("/var/lib/radiant") if os.geteuid() == 0 else Path.home()
    assert default_home().is_relative_to(expected)


def test_tokens_come_from_the_environment_and_do_not_show_themselves() -> None:
    given = "0123456789abcdef0123456789abcdef"
    found = Settings.from_environment({"RADIANT_ADMIN_TOKEN": given, "RADIANT_READER_TOKEN": ""})
    assert (found.token("admin"), found.token("reader")) == (given, None)
    assert given not in repr(found)


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("short", "RADIANT_ADMIN_TOKEN has 5 characters; expected 32 or more, such as `openssl rand -hex 32`."),
        ("a b" * 20, "RADIANT_ADMIN_TOKEN has characters other than printable ASCII without spaces."),
        ("geheimnis-mit-ü" * 5, "RADIANT_ADMIN_TOKEN has characters other than printable ASCII without spaces."),
    ],
)
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused_without_showing_it(token: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"RADIANT_ADMIN_TOKEN": token})
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("text", "tasks"),
    [("", ()), ("chat", ("chat",)), (" chat , completion,chat,", ("chat", "completion")), ("3d", ("3d",))],
)
def test_the_tasks_of_lists_are_named_with_commas(text: str, tasks: tuple[str, ...]) -> None:
    assert Settings.from_environment({"RADIANT_LIST_TASKS": text}).list_tasks == tasks


@pytest.mark.parametrize("text", ["chta", "all", "chat completion", "chat,CHAT"])
def test_a_task_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"RADIANT_LIST_TASKS names .*; expected some of: chat, completion"):
        Settings.from_environment({"RADIANT_LIST_TASKS": text})


@pytest.mark.parametrize(
    "origins",
    [("*",), ("https://app.example.com",), ("http://localhost:3000", "https://a.b"), ("http://[::1]:8080",),
     ("chrome-extension://abcdef",)],
)  # fmt: skip
def test_origins_are_named_with_commas(origins: tuple[str, ...]) -> None:
    assert Settings.from_environment({"RADIANT_CORS_ORIGINS": " , ".join(origins)}).cors_origins == origins


@pytest.mark.parametrize(
    "text", ["app.example.com", "https://app.example.com/", "https://*.example.com", "https://a b", "null", "https://"]
)
def test_what_no_browser_sends_as_an_origin_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"RADIANT_CORS_ORIGINS names .*; expected origins such as https://"):
        Settings.from_environment({"RADIANT_CORS_ORIGINS": text})


def test_private_networks_are_for_those_who_say_so() -> None:
    assert not Settings.from_environment({}).private_networks
    assert Settings.from_environment({"RADIANT_ALLOW_PRIVATE_NETWORKS": "1"}).private_networks
    with pytest.raises(SettingsError, match="RADIANT_ALLOW_PRIVATE_NETWORKS is 'maybe'; expected true or false"):
        Settings.from_environment({"RADIANT_ALLOW_PRIVATE_NETWORKS": "maybe"})


def test_how_long_things_are_kept_and_who_reads_metrics() -> None:
    assert Settings.from_environment({}).retention == Retention(event_days=30, run_days=365, uneventful_days=7)
    given = {"RADIANT_EVENT_DAYS": "3", "RADIANT_RUN_DAYS": "90", "RADIANT_UNEVENTFUL_DAYS": "1"}
    assert Settings.from_environment(given).retention == Retention(event_days=3, run_days=90, uneventful_days=1)
    for name in given:
        for text in ("0", "-1", "3651", "a week", "1.5"):
            with pytest.raises(SettingsError, match=rf"{name} is {text!r}; expected a number of days from 1 to 3650"):
                Settings.from_environment({name: text})
    assert not Settings.from_environment({}).open_metrics
    assert Settings.from_environment({"RADIANT_OPEN_METRICS": "true"}).open_metrics
