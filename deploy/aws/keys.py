"""The keys of providers: one secret, which is made empty and filled by a person."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from .settings import Settings


class Keys(Construct):
    """`arn` is all that anything else is told of it."""

    def __init__(self, scope: Construct, id: str, settings: Settings) -> None:
        super().__init__(scope, id)
        secret = secretsmanager.CfnSecret(
            self,
            "Secret",
            name=f"{settings.prefix}keys",
            description='Keys of providers, as a JSON object such as {"OPENAI_API_KEY": "…"}',
            secret_string="{}",  # noqa: S106 - that there is none yet
        )
        secret.apply_removal_policy(RemovalPolicy.RETAIN)
        self.arn = secret.ref
