"""What of a deployment is to be decided, read from a TOML file as one frozen struct."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from radiant import settings as product
from radiant.domain.errors import SettingsError
from radiant.installation.spelling import no_settings

#: A name of our own that AWS takes as part of others.
_PREFIX: Final = re.compile(r"[a-z][a-z0-9]{0,19}-")
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/.+")

#: What a setting is called; and those that are secret, or that the stack says itself.
_SETTING: Final = re.compile(r"RADIANT_[A-Z_]+")
_SAID: Final = frozenset(
    {
        "RADIANT_ADMIN_TOKEN", "RADIANT_READER_TOKEN", "RADIANT_DATABASE_URL", "RADIANT_DATABASE_IAM", "RADIANT_HOME",
        "RADIANT_HOST", "RADIANT_PORT", "RADIANT_KEYS_SECRET", "RADIANT_MASTER_SECRET", "RADIANT_EVENT_BUS",
        "RADIANT_THERMAL_FUNCTION",
    }
)  # fmt: skip

HERE: Final = Path(__file__).parent

#: All that functions, and containers with a read-only root, may write to; and where Radiant has its home there.
TEMPORARY: Final = "/tmp"  # noqa: S108 - there is nobody else
HOME: Final = f"{TEMPORARY}/radiant"


class SettingsWrong(SystemExit):
    """Something of the settings cannot be used; the message is for a person."""


class ExistingNetwork(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A VPC that is there: private subnets with a way out, one for each availability zone. `cidr` is its range."""

    vpc_id: str
    cidr: str
    availability_zones: tuple[str, ...]
    private_subnet_ids: tuple[str, ...]


class ExistingDatabase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A PostgreSQL of RDS that is there, with IAM authentication. `url` has no password and no user: each function has
    its own. `resource_id` (`db-…`) stands in the rights; `security_group_id` is the group that lets us in."""

    url: str
    resource_id: str
    security_group_id: str


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`prefix` begins the names of the SageMaker endpoints that Radiant may touch, and of all that is made here. With
    `may_create` it creates and deletes them, under `execution_role`. `alarm_address` is told of alarms. With `service`
    the API and a worker run on Fargate from `image`; `certificate` (an ARN) lets the load balancer speak TLS.
    `package` is what `make aws-package` wrote. `settings` are further ones of the product, by name, for all that runs.
    """

    account: str = "000000000000"
    region: str = "us-east-1"
    prefix: str = "radiant-"
    network: ExistingNetwork | None = None
    database: ExistingDatabase | None = None
    instance_type: str = "t4g.micro"
    storage_gb: int = 20
    multi_az: bool = False
    may_create: bool = False
    execution_role: str | None = None
    alarm_address: str | None = None
    service: bool = False
    image: str | None = None
    certificate: str | None = None
    package: str = "build/aws/package"
    settings: Mapping[str, str] = {}

    @property
    def package_folder(self) -> Path:
        """From the root of the repository where it is relative."""
        return HERE.parents[1] / self.package


def read(file: Path) -> Settings:
    """The settings in a file, or the defaults where there is none. Raises SettingsWrong with a sentence."""
    text = file.read_bytes() if file.exists() else b""
    try:
        return checked(msgspec.toml.decode(text, type=Settings))
    except msgspec.DecodeError as error:
        raise SettingsWrong(f"{file}: {error}") from None
    except SettingsWrong as error:
        raise SettingsWrong(f"{file}: {error}") from None


def checked(settings: Settings) -> Settings:
    """The same. Raises SettingsWrong for what does not fit together."""
    if not _PREFIX.fullmatch(settings.prefix):
        raise SettingsWrong("`prefix` is small letters and digits with a hyphen at the end, such as radiant-")
    if settings.may_create and not _ROLE.fullmatch(settings.execution_role or ""):
        raise SettingsWrong("`may_create` needs `execution_role`: the ARN of the role under which models run")
    if settings.service and settings.image is None:
        raise SettingsWrong("`service` needs `image`: the address of the container to run, with its tag or digest")
    for name in settings.settings:
        if not _SETTING.fullmatch(name):
            raise SettingsWrong(f"`settings` names {name!r:.60}; expected names such as RADIANT_PRICE_GRACE_HOURS")
        if name in _SAID:
            raise SettingsWrong(f"`settings` names {name}, which is secret, or said by the stack itself")
    for name, close in no_settings(settings.settings).items():
        meant = f"; {' or '.join(close)} may be meant" if close else ""
        raise SettingsWrong(f"`settings` names {name}, which is no setting{meant}")
    try:
        product.Settings.from_environment(settings.settings)
    except SettingsError as error:
        raise SettingsWrong(f"`settings`: {error}") from None
    network = settings.network
    if network is not None and not 0 < len(network.private_subnet_ids) == len(network.availability_zones):
        raise SettingsWrong("`network` needs a private subnet for each availability zone")
    if settings.database is not None:
        parts = urlsplit(settings.database.url)
        if parts.scheme not in ("postgresql", "postgres") or not parts.hostname or not parts.path.strip("/"):
            raise SettingsWrong("`database.url` is no postgresql://host:5432/database")
        if "@" in parts.netloc or parts.query:
            raise SettingsWrong("`database.url` has a user, a password or a query; it would stand in the template")
    return settings
