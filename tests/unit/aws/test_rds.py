"""Tokens of RDS as passwords: one for each connection, and only for a server that is verified."""

from pathlib import Path

import pytest

from radiant.domain.errors import SettingsError
from radiant.registry.address import Address
from radiant.registry.rds import address_of, signed
from radiant.settings import Settings

HOST = "radiant.abc123.eu-central-1.rds.amazonaws.com"
URL = f"postgresql://radiant_sync@{HOST}:5433/radiant?sslmode=verify-full&sslrootcert=/rds.pem"


async def test_each_connection_gets_a_token_of_its_own() -> None:
    asked: list[object] = []

    def sign(*about: object) -> str:
        asked.append(about)
        return f"token-{len(asked)}"

    address = signed(URL, sign)
    assert [(await address.parameters_now())["password"] for _ in range(2)] == ["token-1", "token-2"]
    assert asked == [(HOST, 5433, "radiant_sync", "eu-central-1")] * 2
    assert "token" not in repr(address)


async def test_boto3_signs_a_token_for_host_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    token = (await signed(URL).parameters_now())["password"]
    assert token.startswith(f"{HOST}:5433/?Action=connect&DBUser=radiant_sync&")
    assert "X-Amz-Expires=900" in token and "eu-central-1%2Frds-db" in token


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (URL.replace("verify-full", "require"), "does not verify its server"),
        (f"postgresql://radiant_sync@{HOST}/radiant", "does not verify its server"),
        (URL.replace("radiant_sync@", ""), "names no user"),
        (URL.replace(f"{HOST}:5433", f"{HOST},other"), "not one host"),
    ],
)
def test_a_token_is_sent_to_nobody_who_is_not_verified(url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        signed(url)


def test_the_setting_says_whether_passwords_are_tokens(tmp_path: Path) -> None:
    url = "postgresql://ada:secret@h/d"
    assert address_of(Settings(home=tmp_path, database_url=url), url) == Address(url)
    with pytest.raises(SettingsError, match="RADIANT_DATABASE_IAM is set"):
        address_of(Settings(home=tmp_path, database_url=url, database_iam=True), url)
    assert address_of(Settings(home=tmp_path, database_iam=True), url) == Address(url), "of an embedded server"


def test_settings_are_read_from_the_environment() -> None:
    said = {"RADIANT_DATABASE_IAM": "true", "RADIANT_KEYS_SECRET": "keys", "RADIANT_THERMAL_FUNCTION": "thermal"}
    found = Settings.from_environment(said)
    assert (found.database_iam, found.keys_secret, found.thermal_function) == (True, "keys", "thermal")
    found = Settings.from_environment({})
    assert (found.database_iam, found.keys_secret, found.thermal_function) == (False, None, None)
