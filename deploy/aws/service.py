"""API and worker on Fargate: selectors listen to the database, so that they are processes that stay."""

import re
from typing import Final

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as balancing
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from radiant.handover import MOST_WAIT

from .database import Database
from .functions import Functions
from .network import Network
from .policies import names, statements
from .settings import HOME, TEMPORARY, Settings

PORT = 8420

#: Seconds for which a connection of the load balancer may be silent: longer than any request is held.
IDLE: Final = int(MOST_WAIT) + 60

#: Where the container image has the certificates of RDS.
FOLDER = "/etc/radiant"


#: A repository of the account's own registry: account, region, name.
_REPOSITORY: Final = re.compile(r"([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^:@]+)")


def pulling(image: str) -> list[iam.PolicyStatement]:
    """What is needed to pull an image from a registry of AWS; nothing for any other registry."""
    found = _REPOSITORY.match(image)
    if found is None:
        return []
    account, region, name = found.groups()
    return [
        iam.PolicyStatement(sid="Registry", actions=["ecr:GetAuthorizationToken"], resources=["*"]),
        iam.PolicyStatement(
            sid="Image",
            actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            resources=[f"arn:{Aws.PARTITION}:ecr:{region}:{account}:repository/{name}"],
        ),
    ]


class Service(Construct):
    """Two tasks of the API behind a load balancer inside the VPC, and two workers."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        settings: Settings,
        network: Network,
        database: Database,
        functions: Functions,
        *,
        keys: str,
        bus: str,
    ) -> None:
        super().__init__(scope, id)
        self._settings, self._network = settings, network
        self._cluster = ecs.Cluster(
            self, "Cluster", vpc=network.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED
        )
        self._known = names(
            self,
            prefix=settings.prefix,
            secret=keys,
            database=database.resource_id,
            bus=bus,
            execution_role=settings.execution_role,
            thermal_function=functions.by_kind["thermal"].function_arn,
        )
        self._told = {
            "RADIANT_CONNECTIONS_PER_ADDRESS": "0",  # all of them come from the load balancer
            "RADIANT_IDLE_SECONDS": f"{IDLE + 60}",  # the balancer closes first, or it asks where nobody listens
            **settings.settings,
            "RADIANT_DATABASE_URL": database.url("radiant_sync", folder=FOLDER),
            "RADIANT_DATABASE_IAM": "true",
            "RADIANT_KEYS_SECRET": keys,
            "RADIANT_HOME": HOME,
        }
        self.token = secretsmanager.Secret(
            self,
            "AdminToken",
            description="The administrator's token of the API",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=48, exclude_punctuation=True),
        )
        api = self._service("api", ["api", "--host", "0.0.0.0"])  # noqa: S104 - the load balancer has to reach it
        worker = self._service("worker", ["worker"])
        functions.migration.execute_before(api, worker)
        self._balanced(api)

    def _service(self, part: str, command: list[str]) -> ecs.FargateService:
        task = ecs.FargateTaskDefinition(
            self,
            f"{part}-task",
            cpu=512,
            memory_limit_mib=1024,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=ecs.CpuArchitecture.ARM64, operating_system_family=ecs.OperatingSystemFamily.LINUX
            ),
            task_role=iam.Role(
                self,
                f"{part}-role",
                assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"),
                inline_policies={
                    "radiant": iam.PolicyDocument(
                        statements=statements(part, self._known, may_create=self._settings.may_create)
                    )
                },
            ),
            volumes=[ecs.Volume(name="temporary")],
        )
        thermal = {"RADIANT_THERMAL_FUNCTION": self._known.thermal_function} if part == "api" else {}
        group = logs.LogGroup(
            self, f"{part}-log", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        container = task.add_container(
            part,
            image=ecs.ContainerImage.from_registry(str(self._settings.image)),
            command=command,
            environment={**self._told, **thermal},
            secrets={"RADIANT_ADMIN_TOKEN": ecs.Secret.from_secrets_manager(self.token)} if part == "api" else {},
            readonly_root_filesystem=True,
            user="10001",
            stop_timeout=Duration.seconds(30),
            logging=ecs.LogDriver.aws_logs(stream_prefix=part, log_group=group),
            port_mappings=[ecs.PortMapping(container_port=PORT)] if part == "api" else [],
        )
        for statement in pulling(str(self._settings.image)):
            task.add_to_execution_role_policy(statement)
        container.add_mount_points(ecs.MountPoint(container_path=TEMPORARY, source_volume="temporary", read_only=False))
        return ecs.FargateService(
            self,
            part,
            cluster=self._cluster,
            task_definition=task,
            desired_count=2,
            min_healthy_percent=100,
            max_healthy_percent=200,
            assign_public_ip=False,
            vpc_subnets=self._network.private,
            security_groups=[self._network.inside],
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
        )

    def _balanced(self, api: ecs.FargateService) -> None:
        guard = ec2.SecurityGroup(self, "Balancer", vpc=self._network.vpc, description="Who asks Radiant from inside")
        balancer = balancing.ApplicationLoadBalancer(
            self, "Load", vpc=self._network.vpc, internet_facing=False, vpc_subnets=self._network.private,
            security_group=guard, drop_invalid_header_fields=True, idle_timeout=Duration.seconds(IDLE),
        )  # fmt: skip
        certificate = self._settings.certificate
        listener = balancer.add_listener(
            "Listener",
            port=443 if certificate else 80,
            protocol=balancing.ApplicationProtocol.HTTPS if certificate else balancing.ApplicationProtocol.HTTP,
            certificates=[balancing.ListenerCertificate.from_arn(certificate)] if certificate else None,
            open=False,
        )
        guard.add_ingress_rule(ec2.Peer.ipv4(self._network.vpc.vpc_cidr_block), ec2.Port.tcp(listener.port))
        listener.add_targets(
            "Api",
            port=PORT,
            protocol=balancing.ApplicationProtocol.HTTP,
            targets=[api],
            deregistration_delay=Duration.seconds(30),
            health_check=balancing.HealthCheck(path="/health/ready", interval=Duration.seconds(10)),
        )
