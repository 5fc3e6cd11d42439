"""Six functions of one package: a kind of run each, and one that migrates before the others are updated."""

from typing import Final

from aws_cdk import Duration, RemovalPolicy, triggers
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from .database import Database
from .network import Network
from .policies import function_role, names, statements
from .settings import HOME, Settings

#: Seconds that each may take. A tick every five minutes ends before the next one.
TIMES: Final = {"full": 900, "models": 900, "health": 240, "thermal": 295, "pricing": 900}


class Functions(Construct):
    """`by_kind` are the functions that run, `dead` is where calls go that failed to the end. `migration` happens when
    the stack is deployed, before whatever is to wait for it."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        settings: Settings,
        network: Network,
        database: Database,
        *,
        keys: str,
        bus: tuple[str, str],
    ) -> None:
        """`keys` is the ARN of the secret, `bus` name and ARN of the bus."""
        super().__init__(scope, id)
        self._settings, self._network = settings, network
        self._code = lambda_.Code.from_asset(str(settings.package_folder))
        self.dead = sqs.Queue(
            self,
            "Dead",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        known = names(
            self,
            prefix=settings.prefix,
            secret=keys,
            database=database.resource_id,
            bus=bus[1],
            execution_role=settings.execution_role,
        )
        told = {"RADIANT_DATABASE_URL": database.url("radiant_sync"), "RADIANT_KEYS_SECRET": keys}
        self.by_kind = {
            kind: self._function(
                kind, "handler", seconds, told, statements(kind, known, may_create=settings.may_create)
            )
            for kind, seconds in TIMES.items()
        }
        self.migrate = self._migration(database, bus[0])
        self.migration = triggers.Trigger(
            self,
            "Migration",
            handler=self.migrate,
            timeout=Duration.seconds(900),
            invocation_type=triggers.InvocationType.REQUEST_RESPONSE,
            execute_before=list(self.by_kind.values()),
            **({} if database.instance is None else {"execute_after": [database.instance]}),
        )

    def _migration(self, database: Database, bus: str) -> lambda_.Function:
        known = names(self, database=database.resource_id, master_secret=database.master_secret, user="radiant_migrate")
        told = {"RADIANT_DATABASE_URL": database.url("radiant_migrate"), "RADIANT_EVENT_BUS": bus}
        if database.master_secret is not None:
            told["RADIANT_MASTER_SECRET"] = database.master_secret
        return self._function("migrate", "migrate", 900, told, statements("migrate", known, may_create=False))

    def _function(
        self, name: str, handler: str, seconds: int, told: dict[str, str], own: list[object]
    ) -> lambda_.Function:
        group = logs.LogGroup(
            self, f"{name}-log", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        return lambda_.Function(
            self,
            name,
            function_name=f"{self._settings.prefix}{name}",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            code=self._code,
            handler=f"radiant.aws.handlers.{handler}",
            memory_size=1024,
            timeout=Duration.seconds(seconds),
            reserved_concurrent_executions=1,
            role=function_role(self, f"{name}-role", group, own),
            vpc=self._network.vpc,
            vpc_subnets=self._network.private,
            security_groups=[self._network.inside],
            dead_letter_queue=self.dead,
            retry_attempts=2,
            max_event_age=Duration.hours(1),
            log_group=group,
            environment={**self._settings.settings, "RADIANT_DATABASE_IAM": "true", "RADIANT_HOME": HOME, **told},
        )
