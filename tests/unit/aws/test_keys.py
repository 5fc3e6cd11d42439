"""Keys from Secrets Manager: read once, again after five minutes, and never shown."""

import json
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from radiant.aws.clients import AwsUnanswered
from radiant.aws.keys import LIFETIME, Keys, KeysUnusable

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:radiant-keys"


class Vault:
    """Secrets Manager as botocore's Stubber plays it, against the model of the service."""

    def __init__(self) -> None:
        self.client = boto3.client(
            "secretsmanager", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        self.stubber = Stubber(self.client)
        self.stubber.activate()
        self.now = 0.0

    def has(self, text: str | None) -> None:
        answer = {"ARN": ARN, "Name": "radiant-keys"} | ({} if text is None else {"SecretString": text})
        self.stubber.add_response("get_secret_value", answer, {"SecretId": ARN})

    def refuses(self, code: str) -> None:
        message = "no: sk-hidden AKIAIOSFODNN7EXAMPLE"
        self.stubber.add_client_error("get_secret_value", code, message, expected_params={"SecretId": ARN})

    def keys(self, **environment: str) -> Keys:
        return Keys(ARN, environment=environment, clients=lambda _: self.client, clock=lambda: self.now)


@pytest.fixture
def vault() -> Vault:
    return Vault()


async def test_keys_are_added_to_the_environment_and_read_again_after_five_minutes(vault: Vault) -> None:
    vault.has(json.dumps({"OPENAI_API_KEY": "first"}))
    keys = vault.keys(HOME="/root", OPENAI_API_KEY="of the environment")
    assert dict(await keys.environment()) == {"HOME": "/root", "OPENAI_API_KEY": "first"}
    vault.now = LIFETIME - 1
    assert (await keys.environment())["OPENAI_API_KEY"] == "first", "nothing was asked: the stub would refuse"
    vault.has(json.dumps({"OPENAI_API_KEY": "second", "XAI_API_KEY": "x"}))
    vault.now = LIFETIME
    assert len(await keys.environment()) == 3
    assert keys["OPENAI_API_KEY"] == "second"
    vault.stubber.assert_no_pending_responses()


async def test_a_blank_key_in_the_secret_is_none(vault: Vault) -> None:
    vault.has(json.dumps({"OPENAI_API_KEY": "", "XAI_API_KEY": " \n", "GROQ_API_KEY": "sk-groq"}))
    keys = vault.keys(OPENAI_API_KEY="of the environment")
    assert dict(await keys.environment()) == {"OPENAI_API_KEY": "of the environment", "GROQ_API_KEY": "sk-groq"}


async def test_what_was_read_goes_on_where_the_secret_cannot_be_read_again(vault: Vault, capsys: Any) -> None:
    vault.has(json.dumps({"OPENAI_API_KEY": "sk-first"}))
    keys = vault.keys()
    await keys.environment()
    vault.refuses("InternalServiceError")
    vault.now = LIFETIME
    assert (await keys.environment())["OPENAI_API_KEY"] == "sk-first"
    assert "sk-" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException", "DecryptionFailure"])
async def test_a_secret_that_cannot_be_read_is_named_with_the_reason(vault: Vault, code: str) -> None:
    vault.refuses(code)
    with pytest.raises(KeysUnusable) as caught:
        await vault.keys().environment()
    assert str(caught.value) == f"The secret {ARN} cannot be read: {code}."
    assert caught.value.__cause__ is None, "what botocore said may have more in it"


@pytest.mark.parametrize("text", [None, "sk-plain", '["sk-listed"]', '{"OPENAI_API_KEY": {"key": "sk-deep"}}'])
async def test_a_secret_without_keys_is_refused_without_showing_it(vault: Vault, text: str | None) -> None:
    vault.has(text)
    with pytest.raises(KeysUnusable, match="has no keys in it; expected a JSON object") as caught:
        await vault.keys().environment()
    assert "sk-" not in str(caught.value).replace("sk-…", "")


async def test_no_key_shows_itself(vault: Vault) -> None:
    vault.has(json.dumps({"OPENAI_API_KEY": "sk-hidden"}))
    keys = await vault.keys().environment()
    assert "sk-hidden" not in f"{keys!r} {[*keys.values()]!r} {dict(keys)!r}"


async def test_without_a_secret_the_environment_is_all(vault: Vault) -> None:
    assert dict(await Keys(None, environment={"A": "1"}).environment()) == {"A": "1"}


async def test_without_boto3_it_is_said_what_to_install() -> None:
    def missing(service: str) -> Any:
        raise AwsUnanswered("boto3 is not installed: pip install 'radiant-registry[aws]'")

    with pytest.raises(AwsUnanswered, match="pip install"):
        await Keys(ARN, environment={}, clients=missing).environment()
