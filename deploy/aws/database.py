"""PostgreSQL: on RDS, encrypted, with tokens for passwords; or one that is there."""

from typing import Any
from urllib.parse import urlsplit

from aws_cdk import Duration, RemovalPolicy, SecretValue
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from constructs import Construct

from .network import Network
from .settings import Settings

#: In the package of functions and in the container image.
CERTIFICATES = "rds.pem"


class Database(Construct):
    """`resource_id` stands in rights to connect, `master_secret` is None for a database that was there before."""

    def __init__(self, scope: Construct, id: str, settings: Settings, network: Network) -> None:
        super().__init__(scope, id)
        self.instance: rds.DatabaseInstance | None = None
        self.master_secret: str | None = None
        if settings.database is not None:
            parts = urlsplit(settings.database.url)
            self._place = f"{parts.hostname}:{parts.port or 5432}{parts.path}"
            self.resource_id = settings.database.resource_id
            ec2.SecurityGroup.from_security_group_id(
                self, "Existing", settings.database.security_group_id
            ).add_ingress_rule(network.inside, ec2.Port.tcp(parts.port or 5432), "Functions and tasks of Radiant")
            return
        self.instance = self._own(settings, network)
        raw: Any = self.instance.node.default_child
        # RDS makes the password itself, keeps it in a secret and changes it every week.
        raw.add_property_override("ManageMasterUserPassword", True)
        raw.add_property_deletion_override("MasterUserPassword")
        self.master_secret = raw.attr_master_user_secret_secret_arn
        self.resource_id = raw.attr_dbi_resource_id
        self._place = f"{self.instance.db_instance_endpoint_address}:{self.instance.db_instance_endpoint_port}/radiant"
        self.instance.connections.allow_default_port_from(network.inside, "Functions and tasks of Radiant")

    def url(self, user: str, *, folder: str = "/var/task") -> str:
        """The address for one role. It has no password: that is a token."""
        verified = f"sslmode=verify-full&sslrootcert={folder}/{CERTIFICATES}"
        return f"postgresql://{user}@{self._place}?{verified}"

    def _own(self, settings: Settings, network: Network) -> rds.DatabaseInstance:
        engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.of("17", "17"))
        return rds.DatabaseInstance(
            self,
            "Instance",
            engine=engine,
            instance_type=ec2.InstanceType(settings.instance_type),
            vpc=network.vpc,
            vpc_subnets=network.isolated,
            publicly_accessible=False,
            multi_az=settings.multi_az,
            database_name="radiant",
            credentials=rds.Credentials.from_password("radiant_master", SecretValue.unsafe_plain_text("-")),
            iam_authentication=True,
            storage_encrypted=True,
            storage_type=rds.StorageType.GP3,
            allocated_storage=settings.storage_gb,
            max_allocated_storage=5 * settings.storage_gb,
            backup_retention=Duration.days(7),
            deletion_protection=True,
            removal_policy=RemovalPolicy.SNAPSHOT,
            auto_minor_version_upgrade=True,
            copy_tags_to_snapshot=True,
            parameter_group=rds.ParameterGroup(self, "Parameters", engine=engine, parameters={"rds.force_ssl": "1"}),
        )
