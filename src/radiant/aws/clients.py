"""Clients of AWS, by boto3 (`pip install 'radiant-registry[aws]'`), that give up within seconds."""

from collections.abc import Callable
from typing import Any

from radiant.domain.errors import RadiantError

#: A client for a service, by its name in boto3.
Clients = Callable[[str], Any]


class AwsUnanswered(RadiantError):
    """AWS refused, or did not answer."""


def client(service: str) -> Any:
    """A client with the credentials and the region that boto3 finds. Raises AwsUnanswered where there is no boto3."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise AwsUnanswered("boto3 is not installed: pip install 'radiant-registry[aws]'") from None
    config = Config(connect_timeout=3, read_timeout=10, retries={"max_attempts": 3, "mode": "standard"})
    return boto3.client(service, config=config)


def said(error: Exception) -> str:
    """An error of boto3 in a word: what else it says may hold the id of a key."""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return str(code or type(error).__name__)
