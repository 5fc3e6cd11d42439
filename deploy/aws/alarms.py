"""What somebody is told of: errors, kinds that have not ended well for too long, calls that failed to the end."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from .functions import Functions
from .settings import Settings

#: How long a kind may go without a call that ended well: a period, and how many of them.
AGES: Final = {
    "full": (Duration.days(1), 2),
    "health": (Duration.minutes(5), 4),
    "thermal": (Duration.minutes(5), 4),
    "pricing": (Duration.days(1), 7),
}


class Alarms(Construct):
    """All go to one topic, which the address of the settings is told by."""

    def __init__(self, scope: Construct, id: str, settings: Settings, functions: Functions) -> None:
        super().__init__(scope, id)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        if settings.alarm_address is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_address))
        for name, function in {**functions.by_kind, "migrate": functions.migrate}.items():
            self._alarm(
                f"{name}-errors",
                function.metric_errors(period=Duration.minutes(5), statistic="Sum"),
                f"{name} failed; its log says why",
            )
        for kind, (period, count) in AGES.items():
            self._age(kind, functions, period, count)
        dead = functions.dead.metric_approximate_number_of_messages_visible(period=Duration.minutes(5))
        self._alarm("dead-letters", dead, "calls failed after all attempts; they are in the queue")

    def _alarm(self, id: str, metric: cloudwatch.IMetric, what: str) -> None:
        alarm = cloudwatch.Alarm(
            self,
            id,
            metric=metric,
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"Radiant: {what}.",
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))

    def _age(self, kind: str, functions: Functions, period: Duration, count: int) -> None:
        """Where nothing is measured at all, that is the alarm: nobody called."""
        function = functions.by_kind[kind]
        well = cloudwatch.MathExpression(
            expression="calls - errors",
            using_metrics={
                "calls": function.metric_invocations(period=period, statistic="Sum"),
                "errors": function.metric_errors(period=period, statistic="Sum"),
            },
            period=period,
            label="ended well",
        )
        alarm = cloudwatch.Alarm(
            self,
            f"{kind}-age",
            metric=well,
            threshold=1,
            evaluation_periods=count,
            datapoints_to_alarm=count,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
            alarm_description=f"Radiant: {kind} has not ended well for too long.",
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
