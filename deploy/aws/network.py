"""Where functions, tasks and the database meet: a VPC of our own, or one that is there."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from .settings import Settings


class Network(Construct):
    """A VPC of two zones: the database has no way out, functions one through a single NAT gateway."""

    def __init__(self, scope: Construct, id: str, settings: Settings) -> None:
        super().__init__(scope, id)
        existing = settings.network
        if existing is not None:
            self.vpc: ec2.IVpc = ec2.Vpc.from_vpc_attributes(
                self,
                "Vpc",
                vpc_id=existing.vpc_id,
                vpc_cidr_block=existing.cidr,
                availability_zones=list(existing.availability_zones),
                private_subnet_ids=list(existing.private_subnet_ids),
            )
            self.isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        else:
            self.vpc = self._own()
            self.isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self.private = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        self.inside = ec2.SecurityGroup(
            self, "Inside", vpc=self.vpc, description="Functions and tasks of Radiant", allow_all_outbound=True
        )

    def _own(self) -> ec2.Vpc:
        def subnet(name: str, type: ec2.SubnetType) -> ec2.SubnetConfiguration:
            return ec2.SubnetConfiguration(name=name, subnet_type=type, cidr_mask=24)

        vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=1,
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24, map_public_ip_on_launch=False
                ),
                subnet("private", ec2.SubnetType.PRIVATE_WITH_EGRESS),
                subnet("database", ec2.SubnetType.PRIVATE_ISOLATED),
            ],
        )
        group = logs.LogGroup(self, "Flows", retention=logs.RetentionDays.ONE_MONTH)
        vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(group))
        return vpc
