"""One region of an AWS account, asked through boto3 (`pip install 'radiant-registry[sagemaker]'`)."""

import asyncio
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from radiant.domain.capacity import has_no_capacity
from radiant.runtimes.said import Unanswered

#: Requests at once: SageMaker allows few of each kind in a second.
AT_ONCE: Final = 8

#: Pages of a list that are read, of 100 entries each.
_MOST_PAGES: Final = 100

_HOW: Final = "boto3 is not installed: pip install 'radiant-registry[sagemaker]'"

#: What AWS calls it when something is not there, beside a ValidationException that says so in words.
_MISSING: Final = ("ResourceNotFound", "ResourceNotFoundException", "ObjectNotFoundException")
_MISSING_WORDS: Final = re.compile(r"could not find|does not exist|cannot find|not found", re.IGNORECASE)
_EXISTS: Final = re.compile(r"already exist", re.IGNORECASE)

#: What has to be changed before it works, by the class of the error or the code that AWS gives.
_UNSET: Final = ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "TokenRetrievalError")
_REFUSED: Final = (
    "AccessDenied",
    "AccessDeniedException",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "ExpiredTokenException",
)

#: Whose words name only what was asked for, so that they can be shown.
_TOLD: Final = ("ValidationException", "ResourceLimitExceeded", "ResourceInUse", "ConflictException")

#: An access key, which no message may show.
_KEY: Final = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{12,}\b")

Connect = Callable[[str, str | None, str | None], Any]


class NotThere(Unanswered):
    """What was asked for does not exist."""


class AlreadyThere(Unanswered):
    """What was to be created exists: another process was faster."""


class Account:
    """What boto3 reaches with the credentials it finds, for one region. `url` replaces the addresses of AWS, for
    what plays AWS."""

    def __init__(self, connect: Connect, region: str | None, url: str | None) -> None:
        self._connect, self._region, self._url = connect, region, url
        self._clients: dict[str, Any] = {}
        self._making = threading.Lock()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sagemaker")

    async def sagemaker(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """The answer to an operation of SageMaker, by its name in boto3.

        Raises Unanswered; NotThere and AlreadyThere where it is that.
        """
        return await self._ask("sagemaker", operation, parameters)

    async def scaling(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """The same of Application Auto Scaling."""
        return await self._ask("application-autoscaling", operation, parameters)

    async def listed(self, operation: str, member: str) -> list[Mapping[str, Any]]:
        """All entries of a list of SageMaker. Raises Unanswered, also where there are too many to be read."""
        entries: list[Mapping[str, Any]] = []
        token: dict[str, Any] = {}
        for _ in range(_MOST_PAGES):
            page = await self.sagemaker(operation, MaxResults=100, **token)
            entries += page.get(member, [])
            if not page.get("NextToken"):
                return entries
            token = {"NextToken": page["NextToken"]}
        raise Unanswered(f"AWS lists more than {_MOST_PAGES * 100:,} of them")

    async def prepare(self) -> None:
        """Make the client of SageMaker, which takes a second: what AWS can do is a large file. Raises Unanswered."""
        await self._run(self._made, "sagemaker")

    async def _ask(self, service: str, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await self._run(self._answer, service, operation, parameters)
        return answer

    async def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    def _answer(self, service: str, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        client = self._made(service)
        try:
            answer: Mapping[str, Any] = getattr(client, operation)(**parameters)
        except Exception as error:  # botocore's errors are made at run time
            raise said(error, operation) from None
        return answer

    def _made(self, service: str) -> Any:
        with self._making:
            if service not in self._clients:
                try:
                    self._clients[service] = self._connect(service, self._region, self._url)
                except ImportError:
                    raise Unanswered(_HOW, permanent=True) from None
                except Exception as error:  # botocore's errors are made at run time
                    raise said(error, "connect") from None
            return self._clients[service]


def connect(service: str, region: str | None, url: str | None) -> Any:
    """A client of boto3 that is patient for seconds, and slows down where AWS asks for it."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"max_attempts": 3, "mode": "adaptive"},
        max_pool_connections=AT_ONCE,
    )
    return boto3.client(service, region_name=region, endpoint_url=url, config=config)


def said(error: Exception, operation: str) -> Unanswered:
    """An error of botocore in words for people."""
    kind = type(error).__name__
    if kind in _UNSET:
        return Unanswered("boto3 finds no credentials of AWS here", permanent=True)
    if kind == "NoRegionError":
        return Unanswered("no region is set: give the endpoint one, or set AWS_REGION", permanent=True)
    if kind == "ParamValidationError":
        return Unanswered(f"AWS takes no such request: {_shown(str(error))}", permanent=True)
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return Unanswered(f"AWS cannot be reached ({kind})", slow="Timeout" in kind)
    code, words = str(response.get("Error", {}).get("Code")), str(response.get("Error", {}).get("Message", ""))
    if code in _MISSING or (code == "ValidationException" and _MISSING_WORDS.search(words)):
        return NotThere("it does not exist")
    if _EXISTS.search(words):
        return AlreadyThere("it exists already")
    if code in _REFUSED:
        action = "".join(part.capitalize() for part in operation.split("_"))
        return Unanswered(f"AWS does not allow {action} with these credentials ({code})", permanent=True)
    told = f": {_shown(words)}" if code in _TOLD and words else ""
    return Unanswered(f"AWS answered {code}{told}", permanent=code == "ValidationException" and not _passes(words))


def _passes(words: str) -> bool:
    """Whether a ValidationException is about the moment, not about the request."""
    return (
        has_no_capacity(400, words) or "in-progress" in words or "in progress" in words or "updating" in words.lower()
    )


def _shown(words: str) -> str:
    flat = " ".join(_KEY.sub("…", words).split())
    return flat[:300].rstrip(". ")
