"""SageMaker as moto plays it: models, configurations, endpoints and limits of scaling, over HTTP by boto3.

What moto does not play (inference components) is in tests/unit/runtimes, against a fake of our own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from radiant.domain.endpoint import Endpoint
from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.http import Client, Patience
from radiant.runtimes.runtime import RuntimeFailed
from radiant.runtimes.sagemaker import SageMaker
from tests.runtimes.serving import free_ports, process, program_of
from tests.waiting import appeared

pytestmark = pytest.mark.runtimes

#: Nothing loads here, and the first request of boto3 takes its time.
PATIENCE = Patience(connect=5.0, look=30.0, load=60.0)

DEPLOY = {
    "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1",
    "instance_type": "ml.g4dn.xlarge",
    "execution_role": "arn:aws:iam::123456789012:role/serve",
    "environment": {"MODEL": "mistral"},
}


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    yield from account(tmp_path, monkeypatch)


def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a fresh account, for as long as it is looked at."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (port,) = free_ports(1)
    with process([program_of(".venv-moto", "moto_server"), "-H", "127.0.0.1", "-p", str(port)], tmp_path):
        url = f"http://127.0.0.1:{port}"
        appeared(lambda: _answers(url))
        yield url


def of(url: str, service: str) -> Any:
    return boto3.client(service, region_name="us-east-1", endpoint_url=url)


def _answers(url: str) -> bool:
    try:
        of(url, "sagemaker").list_endpoints()
    except Exception:  # botocore's errors are made at run time
        return False
    return True


def own(url: str, **more: Any) -> Endpoint:
    told = {"id": 1, "max_instances": 3, "may_create": True, "options": {"strategy": "recreate", "deploy": DEPLOY}}
    return Endpoint(
        **{**told, "model_id": "mistral", "runtime": "sagemaker", "name": "radiant-mistral", **more},
        url=url,
        region="us-east-1",
    )


async def test_an_endpoint_is_created_scaled_deleted_and_created_again(aws: str) -> None:
    driver, endpoint = SageMaker(pause=0.1), own(aws)
    async with Client(patience=PATIENCE, environment={}) as client:
        assert (await driver.observe(endpoint, client)).state is ThermalState.COLD
        await driver.warm(endpoint, client)
        seen = await driver.observe(endpoint, client)
        assert (seen.state, seen.instances, seen.transitioning) == (ThermalState.WARM, 1, False)
        await driver.warm(endpoint, client, instances=3)
        seen = await driver.observe(endpoint, client)
        assert (seen.state, seen.instances) == (ThermalState.HOT, 3)
        await driver.cool(endpoint, client)
        assert (await driver.observe(endpoint, client)).state is ThermalState.COLD
        sagemaker = of(aws, "sagemaker")
        assert len(sagemaker.list_models()["Models"]) == 1, "it is kept"
        await driver.warm(endpoint, client)
        assert (await driver.observe(endpoint, client)).state is ThermalState.WARM
        assert len(sagemaker.list_models()["Models"]) == len(sagemaker.list_endpoint_configs()["EndpointConfigs"]) == 1
        assert (await driver.sweep([endpoint], client))[1].state is ThermalState.WARM


async def test_limits_that_an_operator_registered_move_and_go_with_the_endpoint(aws: str) -> None:
    driver, endpoint = SageMaker(pause=0.1), own(aws)
    scaling = of(aws, "application-autoscaling")
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/radiant-mistral/variant/AllTraffic",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    async with Client(patience=PATIENCE, environment={}) as client:
        await driver.warm(endpoint, client)
        scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=1)
        await driver.warm(endpoint, client, instances=2)
        (limits,) = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
        assert (limits["MinCapacity"], limits["MaxCapacity"]) == (2, 3)
        await driver.cool(endpoint, client)
        assert scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []


async def test_what_is_missing_is_off_where_it_may_not_be_created(aws: str) -> None:
    driver, endpoint = SageMaker(pause=0.1), own(aws, may_create=False)
    async with Client(patience=PATIENCE, environment={}) as client:
        assert (await driver.observe(endpoint, client)).state is ThermalState.OFF
        with pytest.raises(RuntimeFailed, match="does not exist, and may not be created"):
            await driver.warm(endpoint, client)
        assert of(aws, "sagemaker").list_models()["Models"] == []
