"""When functions are called: by the timetable of the product, and when SageMaker tells of a change."""

from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from radiant.timetable import USUAL

from .functions import Functions
from .settings import Settings

_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

#: EventBridge Scheduler writes the time of the tick in its place.
_TICK: Final = "<aws.scheduler.scheduled-time>"


def as_aws(cron: str) -> str:
    """An expression of five fields as AWS writes it: with a year, `?` for the day that is not asked, `0/5` for `*/5`,
    and names of weekdays, which AWS counts from one."""
    minute, hour, day, month, weekday = (field.replace("*/", "0/") for field in cron.split())
    if weekday == "*":
        return f"cron({minute} {hour} {day} {month} ? *)"
    if not weekday.isdigit() or day != "*":
        raise ValueError(f"{cron!r} has more than one weekday, or a day as well; AWS takes one of the two.")
    return f"cron({minute} {hour} ? {month} {_DAYS[int(weekday) % 7]} *)"


class Schedules(Construct):
    """Each call says which tick it is, so that it is done once, whoever else does ticks."""

    def __init__(self, scope: Construct, id: str, settings: Settings, functions: Functions) -> None:
        super().__init__(scope, id)
        role = self._role(functions)
        for kind, cron in USUAL.items():
            scheduler.CfnSchedule(
                self,
                kind,
                name=f"{settings.prefix}{kind}",
                flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
                schedule_expression=as_aws(cron),
                schedule_expression_timezone="UTC",
                target=scheduler.CfnSchedule.TargetProperty(
                    arn=functions.by_kind[kind].function_arn,
                    role_arn=role.role_arn,
                    input=f'{{"syncType": "{kind}", "scheduledTime": "{_TICK}"}}',
                    dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=functions.dead.queue_arn),
                    retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=3600, maximum_retry_attempts=10
                    ),
                ),
            )
        events.Rule(
            self,
            "SageMaker",
            description="An endpoint changed; look at all of them at once",
            event_pattern=events.EventPattern(
                source=["aws.sagemaker"],
                detail_type=["SageMaker Endpoint State Change"],
                detail={"EndpointName": events.Match.prefix(settings.prefix)},
            ),
            targets=[
                targets.LambdaFunction(
                    functions.by_kind["thermal"],
                    dead_letter_queue=functions.dead,
                    retry_attempts=2,
                    max_event_age=Duration.minutes(5),
                )
            ],
        )

    def _role(self, functions: Functions) -> iam.Role:
        called = [functions.by_kind[kind].function_arn for kind in USUAL]
        return iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
            ),
            inline_policies={
                "radiant": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(sid="Call", actions=["lambda:InvokeFunction"], resources=called),
                        iam.PolicyStatement(
                            sid="Dead", actions=["sqs:SendMessage"], resources=[functions.dead.queue_arn]
                        ),
                    ]
                )
            },
        )
