"""Settings of a deployment: what does not fit together is said in one sentence."""

from pathlib import Path

import pytest

from deploy.aws import app
from deploy.aws.settings import Settings, SettingsWrong, read


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert read(tmp_path / "none.toml") == Settings()


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "radiant.toml"
    file.write_text(
        'account = "123456789012"\nregion = "eu-central-1"\n[database]\nurl = "postgresql://h:5432/radiant"\n'
        'resource_id = "db-1"\nsecurity_group_id = "sg-1"\n'
    )
    found = read(file)
    assert found.region == "eu-central-1" and found.database is not None and found.database.resource_id == "db-1"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("regoin = 'x'", "unknown field `regoin`"),
        ("storage_gb = 'much'", "Expected `int`"),
        ("= 1", "radiant.toml: "),
        ("prefix = 'Radiant'", "`prefix` is small letters"),
        ("may_create = true", "`may_create` needs `execution_role`"),
        ("service = true", "`service` needs `image`"),
        (
            "[network]\nvpc_id='v'\ncidr='10.0.0.0/16'\navailability_zones=['a']\nprivate_subnet_ids=[]",
            "a private subnet for each",
        ),
        ("[settings]\nradiant_online='true'", "`settings` names 'radiant_online'; expected names such as"),
        ("[settings]\nOPENAI_API_KEY='hidden'", "`settings` names 'OPENAI_API_KEY'"),
        (
            "[settings]\nRADIANT_ADMIN_TOKEN='hidden'",
            "names RADIANT_ADMIN_TOKEN, which is secret, or said by the stack",
        ),
        ("[settings]\nRADIANT_ONLNE='true'", "names RADIANT_ONLNE, which is no setting; RADIANT_ONLINE may be meant"),
        ("[settings]\nRADIANT_ONLINE=true", "Expected `str`"),
        ("[settings]\nRADIANT_ONLINE='perhaps'", "RADIANT_ONLINE is 'perhaps'; expected true or false"),
        ("[database]\nurl='mysql://h/d'\nresource_id='d'\nsecurity_group_id='s'", "is no postgresql://"),
        (
            "[database]\nurl='postgresql://a:hidden@h/d'\nresource_id='d'\nsecurity_group_id='s'",
            "has a user, a password",
        ),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(tmp_path: Path, told: str, said: str) -> None:
    file = tmp_path / "radiant.toml"
    file.write_text(told)
    with pytest.raises(SettingsWrong, match=said) as caught:
        read(file)
    assert "hidden" not in str(caught.value)


def test_without_a_package_it_is_said_what_writes_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(app, "read", lambda _: Settings(package=str(tmp_path / "none")))
    with pytest.raises(SystemExit, match=r"There is no package in .*none; `make aws-package` writes it"):
        app.main()
