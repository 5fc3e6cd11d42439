"""One stack with everything."""

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_events as events
from constructs import Construct

from .alarms import Alarms
from .database import Database
from .functions import Functions
from .keys import Keys
from .network import Network
from .schedules import Schedules
from .service import Service
from .settings import Settings


class Radiant(Stack):
    """Schedules, functions, keys, database, events; with `service` of the settings API and workers too."""

    def __init__(self, scope: Construct, id: str, settings: Settings) -> None:
        super().__init__(
            scope,
            id,
            env=Environment(account=settings.account, region=settings.region),
            description="Radiant: a unified model registry and its sync service",
        )
        network = Network(self, "Network", settings)
        database = Database(self, "Database", settings, network)
        keys = Keys(self, "Keys", settings)
        bus = events.EventBus(self, "Bus", event_bus_name=f"{settings.prefix}events")
        functions = Functions(
            self, "Functions", settings, network, database, keys=keys.arn, bus=(bus.event_bus_name, bus.event_bus_arn)
        )
        Schedules(self, "Schedules", settings, functions)
        alarms = Alarms(self, "Alarms", settings, functions)
        if settings.service:
            Service(self, "Service", settings, network, database, functions, keys=keys.arn, bus=bus.event_bus_arn)
        CfnOutput(self, "KeysSecret", value=keys.arn, description="Put the keys of providers in here")
        CfnOutput(self, "EventBus", value=bus.event_bus_name, description="What happens in the registry")
        CfnOutput(self, "AlarmTopic", value=alarms.topic.topic_arn)
