"""What `cdk deploy` would make."""

import json
from pathlib import Path

import pytest

from deploy.aws import app
from deploy.aws.functions import TIMES
from deploy.aws.schedules import as_aws
from deploy.aws.settings import Settings
from radiant import settings as product
from radiant.handover import MOST_WAIT
from radiant.timetable import USUAL
from tests.aws.conftest import THERE, Written, text

ALL = (*TIMES, "migrate")


@pytest.mark.parametrize(
    ("cron", "told"),
    [
        ("0 0 * * *", "cron(0 0 * * ? *)"),
        ("*/5 * * * *", "cron(0/5 * * * ? *)"),
        ("0 0 * * 0", "cron(0 0 ? * SUN *)"),
        ("30 2 * * 7", "cron(30 2 ? * SUN *)"),
        ("0 12 * * 5", "cron(0 12 ? * FRI *)"),
        ("0 0 1 * *", "cron(0 0 1 * ? *)"),
    ],
)
def test_an_expression_is_told_as_aws_reads_it(cron: str, told: str) -> None:
    assert as_aws(cron) == told


@pytest.mark.parametrize("cron", ["0 0 1 * 1", "0 0 * * 1-5"])
def test_what_aws_cannot_say_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match="AWS takes one of the two"):
        as_aws(cron)


def test_a_finding_without_a_reason_ends_the_synthesis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "explain", lambda stack, settings: None)
    (tmp_path / "package").mkdir()
    settings = Settings(account="123456789012", package=str(tmp_path / "package"), **THERE)
    with pytest.raises(RuntimeError, match=r"(?i)validation ?failed"):
        app.synthesized(settings, tmp_path / "out").synth()


def test_schedules_are_those_of_the_product(each: Written) -> None:
    found = {it["Name"].removeprefix("radiant-"): it for it in each.of("Scheduler::Schedule").values()}
    assert {kind: it["ScheduleExpression"] for kind, it in found.items()} == {
        kind: as_aws(cron) for kind, cron in USUAL.items()
    }
    for kind, it in found.items():
        assert it["ScheduleExpressionTimezone"] == "UTC" and it["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert json.loads(it["Target"]["Input"]) == {
            "syncType": kind,
            "scheduledTime": "<aws.scheduler.scheduled-time>",
        }
        (called,) = [id for id, f in each.of("Lambda::Function").items() if f.get("FunctionName") == f"radiant-{kind}"]
        assert text(it["Target"]["Arn"]) == f"${{{called}.Arn}}" and it["Target"]["DeadLetterConfig"]


def test_a_change_at_sagemaker_calls_the_thermal_function(each: Written) -> None:
    (rule,) = each.of("Events::Rule").values()
    assert rule["EventPattern"] == {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Endpoint State Change"],
        "detail": {"EndpointName": [{"prefix": "radiant-"}]},
    }
    (target,) = rule["Targets"]
    (thermal,) = [id for id, f in each.of("Lambda::Function").items() if f.get("FunctionName") == "radiant-thermal"]
    assert text(target["Arn"]) == f"${{{thermal}.Arn}}" and target["DeadLetterConfig"]


@pytest.mark.parametrize("name", ALL)
def test_functions_have_one_life_at_a_time_and_end_in_time(each: Written, name: str) -> None:
    it = each.function(name)
    assert it["ReservedConcurrentExecutions"] == 1
    assert it["Timeout"] == TIMES.get(name, 900)
    assert (it["Architectures"], it["Runtime"]) == (["arm64"], "python3.13")
    assert it["Handler"] == f"radiant.aws.handlers.{'migrate' if name == 'migrate' else 'handler'}"
    assert it["DeadLetterConfig"]["TargetArn"] and it["VpcConfig"]["SubnetIds"]
    group = each.of("Logs::LogGroup")[it["LoggingConfig"]["LogGroup"]["Ref"]]
    assert group["RetentionInDays"] == 30


def test_a_tick_every_five_minutes_ends_before_the_next() -> None:
    assert all(TIMES[kind] < 300 for kind, cron in USUAL.items() if cron.startswith("*/5"))


def test_functions_are_told_where_things_are_and_no_key(each: Written) -> None:
    for name in ALL:
        told = each.function(name)["Environment"]["Variables"]
        user = "radiant_migrate" if name == "migrate" else "radiant_sync"
        url = text(told["RADIANT_DATABASE_URL"])
        assert url.startswith(f"postgresql://{user}@") and url.endswith(
            "?sslmode=verify-full&sslrootcert=/var/task/rds.pem"
        )
        assert told["RADIANT_DATABASE_IAM"] == "true"
        assert {it for it in told if it.endswith(("KEY", "TOKEN", "PASSWORD"))} == set()


def test_the_database_is_encrypted_kept_and_reached_from_inside_only(new: Written, whole: Written) -> None:
    for written in (new, whole):
        (it,) = written.of("RDS::DBInstance").values()
        assert it["StorageEncrypted"] is it["DeletionProtection"] is it["EnableIAMDatabaseAuthentication"] is True
        assert it["PubliclyAccessible"] is False and it["BackupRetentionPeriod"] == 7
        assert it["ManageMasterUserPassword"] is True and "MasterUserPassword" not in it
        assert int(it["EngineVersion"]) >= 15
        (parameters,) = written.of("RDS::DBParameterGroup").values()
        assert parameters["Parameters"] == {"rds.force_ssl": "1"}
        (resource,) = [it for it in written.resources.values() if it["Type"] == "AWS::RDS::DBInstance"]
        assert resource["DeletionPolicy"] == "Snapshot"
    assert next(iter(whole.of("RDS::DBInstance").values()))["MultiAZ"] is True


def test_nothing_has_a_public_address_but_the_way_out(each: Written) -> None:
    assert all(not it.get("MapPublicIpOnLaunch") for it in each.of("EC2::Subnet").values())
    for service in each.of("ECS::Service").values():
        assert service["NetworkConfiguration"]["AwsvpcConfiguration"]["AssignPublicIp"] == "DISABLED"
    assert all(it["Scheme"] == "internal" for it in each.of("ElasticLoadBalancingV2::LoadBalancer").values())
    assert len(each.of("EC2::EIP")) == len(each.of("EC2::NatGateway"))
    open_to_all = [
        rule
        for it in each.of("EC2::SecurityGroup").values()
        for rule in it.get("SecurityGroupIngress", [])
        if rule.get("CidrIp") == "0.0.0.0/0" or rule.get("CidrIpv6") == "::/0"
    ]
    assert open_to_all == []


def test_no_secret_stands_in_the_template(each: Written) -> None:
    (keys,) = [it for it in each.of("SecretsManager::Secret").values() if it.get("Name") == "radiant-keys"]
    assert keys["SecretString"] == "{}"
    assert [it for it in each.of("SecretsManager::Secret").values() if it is not keys and "SecretString" in it] == []
    whole = json.dumps(each.template)
    for word in ("AKIA", "sk-", '"MasterUserPassword"', "PASSWORD="):
        assert word not in whole


def test_what_was_there_is_used_and_not_made_again(existing: Written) -> None:
    for type in ("EC2::VPC", "EC2::NatGateway", "RDS::DBInstance"):
        assert existing.of(type) == {}
    assert "db.abc.us-east-1.rds.amazonaws.com:5433/radiant" in text(
        existing.function("full")["Environment"]["Variables"]["RADIANT_DATABASE_URL"]
    )
    (rule,) = existing.of("EC2::SecurityGroupIngress").values()
    assert (rule["GroupId"], rule["FromPort"]) == ("sg-0123456789abcdef0", 5433)


def test_a_migration_comes_before_all_that_runs(each: Written) -> None:
    (trigger,) = [id for id, it in each.resources.items() if it["Type"] == "Custom::Trigger"]
    waiting = [it for it in each.resources.values() if trigger in it.get("DependsOn", [])]
    functions = [it["Properties"]["FunctionName"] for it in waiting if it["Type"] == "AWS::Lambda::Function"]
    assert set(functions) == {f"radiant-{kind}" for kind in TIMES}
    services = [it for it in waiting if it["Type"] == "AWS::ECS::Service"]
    assert len(services) == len(each.of("ECS::Service"))


def test_somebody_is_told_of_errors_of_age_and_of_what_waits(new: Written) -> None:
    alarms = new.of("CloudWatch::Alarm").values()
    errors = [it for it in alarms if it.get("MetricName") == "Errors"]
    ages = [it for it in alarms if "Metrics" in it]
    waiting = [it for it in alarms if it.get("MetricName") == "ApproximateNumberOfMessagesVisible"]
    assert (len(errors), len(ages), len(waiting)) == (len(ALL), len(USUAL), 1)
    assert all(it["AlarmActions"] for it in alarms)
    assert all(it["TreatMissingData"] == "breaching" for it in ages), "nobody calling is the worst of it"
    (subscription,) = new.of("SNS::Subscription").values()
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.com")


def test_the_service_is_two_tasks_that_write_nowhere(whole: Written) -> None:
    services = whole.of("ECS::Service").values()
    assert [it["DesiredCount"] for it in services] == [2, 2]
    for task in whole.of("ECS::TaskDefinition").values():
        (container,) = task["ContainerDefinitions"]
        assert container["ReadonlyRootFilesystem"] is True and container["User"] == "10001"
        variables = {it["Name"]: text(it["Value"]) for it in container["Environment"]}
        assert "sslmode=verify-full" in variables["RADIANT_DATABASE_URL"]
        assert ("RADIANT_THERMAL_FUNCTION" in variables) == (container["Command"][0] == "api")
    (group,) = whole.of("ElasticLoadBalancingV2::TargetGroup").values()
    assert group["HealthCheckPath"] == "/health/ready"


def test_a_request_that_is_held_outlasts_neither_the_balancer_nor_the_server(whole: Written) -> None:
    (balancer,) = whole.of("ElasticLoadBalancingV2::LoadBalancer").values()
    told = {it["Key"]: it["Value"] for it in balancer["LoadBalancerAttributes"]}
    patience = int(told["idle_timeout.timeout_seconds"])
    assert patience > MOST_WAIT
    for task in whole.of("ECS::TaskDefinition").values():
        (container,) = task["ContainerDefinitions"]
        variables = {it["Name"]: text(it["Value"]) for it in container["Environment"]}
        settings = product.Settings.from_environment({it: variables[it] for it in variables if it.endswith("_SECONDS")})
        assert settings.limits.idle_seconds > patience, "or the balancer asks where nobody listens any more"
        assert variables["RADIANT_CONNECTIONS_PER_ADDRESS"] == "0", "all clients have the balancer's address"


def test_settings_of_the_product_are_told_to_all_that_runs(whole: Written) -> None:
    for name in ALL:
        assert whole.function(name)["Environment"]["Variables"]["RADIANT_PRICE_GRACE_HOURS"] == "0"
    for task in whole.of("ECS::TaskDefinition").values():
        (container,) = task["ContainerDefinitions"]
        variables = {it["Name"]: text(it["Value"]) for it in container["Environment"]}
        assert variables["RADIANT_PRICE_GRACE_HOURS"] == "0"
