"""From catalog entries to rows: exact money, memory by rule, rights as they are."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant.catalog.load import Catalog
from radiant.catalog.rows import (
    external_row,
    provider_row,
    rights_columns,
    self_hosted_row,
    warmup_seconds,
)
from radiant.domain.external import Auth, AuthScheme, Compliance, ExternalModel, Provider
from radiant.domain.hardware import Container, Instance, Runtime
from radiant.domain.license import Condition, ConditionKind, License, Rights
from radiant.domain.self_hosted import (
    Benchmark,
    Hardware,
    Precision,
    Readiness,
    SelfHostedModel,
    Serving,
    Thermal,
    Upstream,
)
from radiant.domain.vocabulary import Category, CommercialUse, Modality, Task, ThermalState

DAY = dt.date(2026, 1, 31)
D = Decimal


def rights(use: CommercialUse, **more: Any) -> Rights:
    return Rights(**{"license": "MIT", "url": "https://x.y", "read": DAY, "commercial_use": use, **more})


def own(**changes: Any) -> SelfHostedModel:
    given: dict[str, Any] = {
        "name": "org/m",
        "display_name": "M",
        "description": "A model.",
        "specialty": "testing",
        "task": Task.INFERENCE,
        "capabilities": ("b", "a"),
        "input_modalities": (Modality.IMAGE,),
        "output_modalities": (Modality.MASK,),
        "input_formats": ("png",),
        "output_formats": ("json",),
        "upstream": Upstream(repository="https://x.y", official=True),
        "hardware": Hardware(instance_type="ml.one"),
        "serving": Serving(readiness=Readiness.READY, container="box", environment={"A": "1"}),
        "license": License(code=rights(CommercialUse.YES)),
        "sources": (),
        "parameters": 7_000_000_000,
    }
    return SelfHostedModel(**given | changes)


def own_row(**changes: Any) -> dict[str, Any]:
    catalog = Catalog(
        categories={"m": Category.VISION},
        instances={
            "ml.one": Instance(gpu="G", gpu_count=1, gpu_memory_gb=24, source="s", read=DAY, hourly_rate=D("1.2120"))
        },
        containers={"box": Container(image="registry/box:1", description="d", source="s", read=DAY)},
        runtimes={"sagemaker": Runtime(start_seconds=300, gb_per_second=D("0.25"), source="s", read=DAY, note="n")},
    )
    return self_hosted_row("m", own(**changes), catalog)


# Money


@pytest.mark.parametrize(
    ("parameters", "precision", "gigabytes"),
    [
        (7_000_000_000, Precision.FP16, 19),  # 14 GB of weights, 16.8 with a fifth on top, and 2
        (7_000_000_000, Precision.BF16, 19),
        (7_000_000_000, Precision.FP32, 36),
        (7_000_000_000, Precision.INT8, 11),
        (7_000_000_000, Precision.INT4, 7),
        (1_000_000, Precision.FP16, 3),
        (70_553_706_496, Precision.BF16, 172),
    ],
)
def test_memory_is_the_weights_and_a_fifth_and_room_to_work(
    parameters: int, precision: Precision, gigabytes: int
) -> None:
    hardware = Hardware(instance_type="ml.one", precision=precision)
    assert own_row(parameters=parameters, hardware=hardware)["gpu_memory_gb"] == gigabytes


def test_room_to_work_and_a_measured_need_are_taken_where_they_are_given() -> None:
    roomy = Hardware(instance_type="ml.one", working_memory_gb=8)
    assert own_row(hardware=roomy)["gpu_memory_gb"] == 25
    measured = Hardware(instance_type="ml.one", gpu_memory_gb=11, gpu_memory_basis="Its authors.")
    assert own_row(hardware=measured)["gpu_memory_gb"] == 11


def test_memory_is_unknown_where_the_parameters_are() -> None:
    row = own_row(parameters=None)
    assert (row["gpu_memory_gb"], row["warmup_time_seconds"]) == (None, 300)


@pytest.mark.parametrize(("parameters", "seconds"), [(7_000_000_000, 356), (125_000_000, 301), (70_000_000_000, 860)])
def test_a_warm_up_is_the_start_of_the_runtime_and_the_time_to_load_the_weights(parameters: int, seconds: int) -> None:
    assert own_row(parameters=parameters)["warmup_time_seconds"] == seconds
    assert warmup_seconds(own(), None) == 60, "without a known runtime, what the schema says"


def test_a_measured_warm_up_and_other_operating_defaults_are_taken() -> None:
    thermal = Thermal(
        default_state=ThermalState.OFF, warmup_seconds=7, scale_to_zero_minutes=5, min_instances=1, max_instances=2
    )
    row = own_row(thermal=thermal)
    names = ("default_thermal_state", "warmup_time_seconds", "scale_to_zero_minutes", "min_instances", "max_instances")
    assert [row[name] for name in names] == ["OFF", 7, 5, 1, 2]


# Rights

ALLOWED, FORBIDDEN = CommercialUse.YES, CommercialUse.NO
USERS = Condition(kind=ConditionKind.USERS, text="Up to 700 million users.", limit=700_000_000, unit="users")


@pytest.mark.parametrize(
    ("code", "weights", "allowed", "kinds"),
    [
        (rights(ALLOWED), rights(ALLOWED), True, []),
        (rights(ALLOWED), None, True, []),
        (None, rights(ALLOWED), True, []),
        (None, None, False, []),
        (rights(ALLOWED), rights(FORBIDDEN), False, ["non_commercial"]),
        (rights(FORBIDDEN), rights(ALLOWED), False, ["non_commercial"]),
        (rights(ALLOWED), rights(CommercialUse.UNKNOWN), False, ["unestablished"]),
        (rights(ALLOWED), rights(CommercialUse.CONDITIONAL, conditions=(USERS,)), False, ["users"]),
    ],
)
def test_commercial_use_is_allowed_only_where_code_and_weights_plainly_allow_it(
    code: Rights | None, weights: Rights | None, allowed: bool, kinds: list[str]
) -> None:
    row = rights_columns(License(code=code, weights=weights))
    assert (row["commercial_use_allowed"], row["license_conditions"]) == (allowed, kinds)


def test_the_weights_license_is_the_one_that_is_shown_and_notes_tell_of_both() -> None:
    license = License(
        code=rights(ALLOWED, attribution_required=True),
        weights=rights(
            CommercialUse.CONDITIONAL, license="LicenseRef-L", name="L License", url="https://w", conditions=(USERS,)
        ),
        note="The second release.",
    )
    row = own_row(license=license)
    assert (row["license"], row["license_url"], row["attribution_required"]) == ("LicenseRef-L", "https://w", True)
    assert row["commercial_use_notes"] == (
        "Code: MIT, commercial use allowed. Weights: L License, commercial use under conditions. "
        "Up to 700 million users. The second release."
    )
    assert row["license_rights"]["weights"]["conditions"][0]["limit"] == 700_000_000


# The rest


def test_a_self_hosted_row_joins_model_instance_and_container() -> None:
    row = own_row(benchmark=Benchmark(name="COCO", metric="mAP, %", value=D("51.5")))
    assert {name: row[name] for name in ("category", "sagemaker_image", "hourly_rate", "environment")} == {
        "category": "vision",
        "sagemaker_image": "registry/box:1",
        "hourly_rate": D("1.2120"),
        "environment": {"A": "1"},
    }
    assert (row["accuracy"], row["benchmark"]) == (D("51.5"), "COCO (mAP, %)")
    assert (row["capabilities"], row["output_modalities"]) == (["a", "b"], ["mask"])
    assert (row["min_tier"], row["markup_percent"], row["origin"]) == (3, D("75.00"), "curated")


def test_an_instance_without_a_rate_leaves_the_price_unknown() -> None:
    row = own_row(hardware=Hardware(instance_type="ml.other"))
    assert (row["hourly_rate"], row["instance_type"]) == (None, "ml.other")


def test_an_external_row_carries_the_providers_own_id() -> None:
    model = ExternalModel(
        display_name="M",
        description="A model.",
        category="llm",
        task=Task.CHAT,
        capabilities=("vision", "function_calling"),
        input_modalities=(Modality.TEXT, Modality.IMAGE),
        output_modalities=(Modality.TEXT,),
        sources=(),
        context_window=1000,
        retires=DAY,
    )
    row = external_row("groq", "openai/m", model)
    assert (row["provider_id"], row["model_id"], row["name"]) == ("groq", "openai/m", "openai/m")
    assert (row["capabilities"], row["input_modalities"]) == (["function_calling", "vision"], ["text", "image"])
    assert (row["pricing_type"], row["price_details"], row["retires"]) == (None, {}, DAY)


def test_a_provider_row_lists_what_it_complies_with() -> None:
    standards = [
        *(Compliance(standard=name, url="https://x.y", read=DAY) for name in ("SOC2", "HIPAA", "SOC2")),
        Compliance(standard="GDPR", url="https://x.y", read=DAY, covers="Agents", condition="A plan."),
        Compliance(standard="ISO", url="https://x.y/b", read=DAY, condition="A contract."),
        Compliance(standard="FedRAMP", url="https://x.y", read=DAY, models=("m-*",), excepted=("m-2",)),
        Compliance(standard="ISO", url="https://x.y/a", read=DAY, covers="Agents"),
    ]
    row = provider_row(
        "new",
        Provider(
            display_name="N",
            api_base_url="https://api.x.y",
            key_variables=("N_KEY",),
            auth=Auth(scheme=AuthScheme.HEADER, header="x-key", headers={"v": "1"}),
            docs_url="https://x.y",
            sources=(),
            compliance=tuple(standards),
        ),
    )
    assert (row["compliance"], row["regions"], row["key_variables"]) == (
        ["FedRAMP", "HIPAA", "SOC2"],
        ["global"],
        ["N_KEY"],
    )
    assert row["conditional_compliance"] == {
        "GDPR": {"url": "https://x.y", "condition": "A plan.", "covers": "Agents"},
        "ISO": {"url": "https://x.y/b", "condition": "A contract."},
        "FedRAMP": {"url": "https://x.y", "models": ["m-*"], "excepted": ["m-2"]},
    }
    assert row["auth"] == {"scheme": "header", "header": "x-key", "headers": {"v": "1"}}
