"""What the chart makes of values: each document as Kubernetes' own schemas have it, and what holds between them."""

import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.helm.conftest import CHART, ROOT, Document, Refused, Render, Rendered

#: The oldest that Chart.yaml admits, and the newest whose schemas there are.
VERSIONS = ("1.30", "1.37")

HARDENED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def container(pod: Document) -> Document:
    (found,) = pod["spec"]["containers"]
    return dict(found)


def environment(pod: Document) -> dict[str, Any]:
    """Variables by name: a value, or where in which Secret it stands."""
    return {
        it["name"]: it.get("value") or tuple(it["valueFrom"]["secretKeyRef"].values())
        for it in container(pod)["env"]
    }  # fmt: skip


def strings(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for it in value.values():
                yield from strings(it)
        case list():
            for it in value:
                yield from strings(it)
        case str():
            yield value


def matches(selector: dict[str, str], pod: Document) -> bool:
    return all(pod["metadata"]["labels"].get(name) == it for name, it in selector.items())


@pytest.mark.parametrize("version", VERSIONS)
def test_each_document_is_as_kubernetes_has_it(each: Rendered, version: str) -> None:
    for document in each.documents:
        assert kubernetes_validate.validate(document, version, strict=True) == version


@pytest.mark.parametrize(
    ("path", "value"),
    [(("spec", "replicas"), "two"), (("spec", "replica"), 2), (("spec", "template", "spec", "containers"), {})],
)
def test_those_schemas_refuse_what_is_wrong(render: Render, path: tuple[str, ...], value: Any) -> None:
    document = render({}).of("Deployment")["radiant-api"]
    *above, last = path
    part = document
    for name in above:
        part = part[name]
    part[last] = value
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, VERSIONS[-1], strict=True)


def test_helm_finds_no_fault(helm: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    done = helm("lint", "--strict", str(CHART))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_without_values_there_are_two_of_api_and_worker_a_migration_and_no_way_in(default: Rendered) -> None:
    assert {(it["kind"], it["metadata"]["name"]) for it in default.documents} == {
        ("Deployment", "radiant-api"),
        ("Deployment", "radiant-worker"),
        ("Job", "radiant-migrate"),
        ("PodDisruptionBudget", "radiant-api"),
        ("PodDisruptionBudget", "radiant-worker"),
        ("Service", "radiant"),
        ("ServiceAccount", "radiant"),
        ("ServiceAccount", "radiant-migrate"),
    }
    assert [it["spec"]["replicas"] for it in default.of("Deployment").values()] == [2, 2]
    assert default.of("Service")["radiant"]["spec"]["type"] == "ClusterIP"


def test_no_pod_has_rights_or_writes_outside_of_a_folder_of_its_own(each: Rendered) -> None:
    (user, group), *_ = re.findall(r"^USER (\d+):(\d+)$", (ROOT / "deploy/container/Containerfile").read_text(), re.M)
    pods = each.pods()
    assert set(pods) == {"api", "worker", "migrate"}
    for pod in pods.values():
        context = pod["spec"]["securityContext"]
        assert (context["runAsNonRoot"], context["seccompProfile"]) == (True, {"type": "RuntimeDefault"})
        assert (context["runAsUser"], context["runAsGroup"]) == (int(user), int(group))
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert container(pod)["securityContext"] == HARDENED
        (mount,) = container(pod)["volumeMounts"]
        (volume,) = pod["spec"]["volumes"]
        assert (mount["name"], mount["mountPath"]) == (volume["name"], "/tmp")  # noqa: S108
        assert "emptyDir" in volume and environment(pod)["RADIANT_HOME"].startswith("/tmp/")  # noqa: S108
        assert set(container(pod)["resources"]) == {"requests", "limits"}


def test_a_service_named_radiant_changes_no_setting(each: Rendered) -> None:
    """Kubernetes would set RADIANT_PORT to `tcp://…` in each pod, and none would start."""
    assert [it["spec"]["enableServiceLinks"] for it in each.pods().values()] == [False] * 3


def test_secrets_are_named_and_stand_nowhere(default: Rendered) -> None:
    for part, pod in default.pods().items():
        told = environment(pod)
        assert told["RADIANT_DATABASE_URL"] == ("radiant", "database-url")
        tokens = {name: it for name, it in told.items() if name.endswith("_TOKEN")}
        assert tokens == (
            {}
            if part == "worker"
            else {
                "RADIANT_ADMIN_TOKEN": ("radiant", "admin-token"),
                "RADIANT_READER_TOKEN": ("radiant", "reader-token"),
            }
        ), part
    assert not default.of("Secret")
    page = (ROOT / "docs/how-to/run-in-containers.md").read_text()
    assert all(f"--from-literal={it}=" in page for it in ("database-url", "admin-token", "reader-token"))


def test_an_existing_database_has_its_address_and_migration_an_owner_of_its_own(
    case: Callable[[str], Rendered],
) -> None:
    pods = case("existing").pods()
    for part in ("api", "worker"):
        assert environment(pods[part])["RADIANT_DATABASE_URL"].startswith("postgresql://radiant_sync@db.internal:5432/")
    assert environment(pods["migrate"])["RADIANT_DATABASE_URL"] == ("registry", "owner-url")
    assert {environment(it)["RADIANT_DATABASE_IAM"] for it in pods.values()} == {"true"}


def test_only_workers_get_the_keys_of_providers(case: Callable[[str], Rendered]) -> None:
    pods = case("whole").pods()
    assert container(pods["worker"])["envFrom"] == [{"secretRef": {"name": "provider-keys"}}]
    for part in ("api", "migrate"):
        assert "provider-keys" not in strings(pods[part])


def test_settings_reach_every_pod_and_are_settings_of_ours(each: Rendered, case: Callable[[str], Rendered]) -> None:
    page = (ROOT / "docs/reference/settings.md").read_text()
    for pod in each.pods().values():
        assert [it for it in environment(pod) if f"| `{it}` |" not in page] == []
    for pod in case("whole").pods().values():
        assert (environment(pod)["RADIANT_ONLINE"], environment(pod)["RADIANT_EVENT_DAYS"]) == ("true", "90")


def test_migration_comes_before_all_else_and_needs_nothing_that_comes_later(each: Rendered) -> None:
    hooks = [it for it in each.documents if "helm.sh/hook" in it["metadata"].get("annotations", {})]
    notes = {it["kind"]: it["metadata"]["annotations"] for it in hooks}
    assert set(notes) == {"Job", "ServiceAccount"}
    assert {it["helm.sh/hook"] for it in notes.values()} == {"pre-install,pre-upgrade"}
    assert int(notes["ServiceAccount"]["helm.sh/hook-weight"]) < int(notes["Job"]["helm.sh/hook-weight"])
    (account,) = [it["metadata"]["name"] for it in hooks if it["kind"] == "ServiceAccount"]
    assert each.pods()["migrate"]["spec"]["serviceAccountName"] == account
    for part in ("api", "worker"):
        name = each.pods()[part]["spec"]["serviceAccountName"]
        assert name != account and name in each.of("ServiceAccount")


def test_the_service_reaches_the_api_alone_and_each_budget_its_own_part(each: Rendered) -> None:
    pods = each.pods()
    (service,) = each.of("Service").values()
    assert [part for part, pod in pods.items() if matches(service["spec"]["selector"], pod)] == ["api"]
    (port,) = container(pods["api"])["ports"]
    assert service["spec"]["ports"][0]["targetPort"] == port["name"]
    for name, budget in each.of("PodDisruptionBudget").items():
        of = [part for part, pod in pods.items() if matches(budget["spec"]["selector"]["matchLabels"], pod)]
        assert [f"radiant-{it}" for it in of] == [name]
    for name, deployment in each.of("Deployment").items():
        of = [part for part, pod in pods.items() if matches(deployment["spec"]["selector"]["matchLabels"], pod)]
        assert [f"radiant-{it}" for it in of] == [name]


def test_two_releases_beside_each_other_have_nothing_in_common(render: Render) -> None:
    first, second = render({}, release="radiant"), render({}, release="blue")
    names = [{(it["kind"], it["metadata"]["name"]) for it in each.documents} for each in (first, second)]
    assert not names[0] & names[1] and ("Service", "blue-radiant") in names[1]
    selector = first.of("Service")["radiant"]["spec"]["selector"]
    assert not any(matches(selector, pod) for pod in second.pods().values())
    long = render({}, release="r" * 53)
    assert max(len(it["metadata"]["name"]) for it in long.documents) <= 63


def test_as_many_as_wanted_of_which_some_always_stay(case: Callable[[str], Rendered]) -> None:
    several = case("several")
    assert {name: it["spec"]["replicas"] for name, it in several.of("Deployment").items()} == {
        "radiant-api": 5,
        "radiant-worker": 3,
    }
    assert {it["spec"]["maxUnavailable"] for it in several.of("PodDisruptionBudget").values()} == {"25%"}
    assert several.of("Deployment")["radiant-api"]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_a_way_in_from_outside_is_there_when_asked_for(case: Callable[[str], Rendered]) -> None:
    (ingress,) = case("whole").of("Ingress").values()
    assert ingress["spec"]["ingressClassName"] == "nginx"
    (rule,) = ingress["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    (service,) = case("whole").of("Service").values()
    assert rule["host"] == "radiant.example.com" and path["path"] == "/"
    assert path["backend"]["service"] == {"name": service["metadata"]["name"], "port": {"name": "http"}}
    assert ingress["spec"]["tls"] == [{"hosts": ["radiant.example.com"], "secretName": "radiant-tls"}]
    assert not case("whole").of("PodDisruptionBudget"), "switched off there"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"api": {"replicas": "two"}}, "at '/api/replicas': got string, want integer"),
        ({"api": {"replica": 2}}, "additional properties 'replica' not allowed"),
        ({"image": {"pullPolicy": "Sometimes"}}, "at '/image/pullPolicy'"),
        ({"existingSecret": ""}, "at '/existingSecret'"),
        ({"settings": {"RADIANT_EVENT_DAYS": 90}}, "at '/settings/RADIANT_EVENT_DAYS': got number, want string"),
        ({"settings": {"RADIANT_ADMIN_TOKEN": "hidden"}}, "at '/settings/RADIANT_ADMIN_TOKEN'"),
        ({"settings": {"RADIANT_ONLNE": "true"}}, "additional properties 'RADIANT_ONLNE' not allowed"),
        ({"settings": {"OPENAI_API_KEY": "hidden"}}, "additional properties 'OPENAI_API_KEY' not allowed"),
        ({"database": {"url": 5432}}, "at '/database/url': got number, want string"),
        (
            {"database": {"url": "postgresql://a:hidden@h/d"}},
            "`database.url` has a password; it belongs into the Secret",
        ),
        ({"database": {"url": "postgresql://h/d?user=a&password=hidden"}}, "`database.url` has a password"),
        ({"database": {"url": "mysql://a:hidden@h/d"}}, "`database.url` is no postgresql:// address"),
        ({"ingress": {"enabled": True}}, "at '/ingress/host'"),
        ({"ingress": {"enabled": "yes"}}, "at '/ingress/enabled': got string, want boolean"),
        ({"service": {"port": 0}}, "at '/service/port'"),
        ({"podDisruptionBudget": {"maxUnavailable": 0}}, "at '/podDisruptionBudget/maxUnavailable'"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(render: Render, values: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as caught:
        render(values)
    assert said in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_the_chart_is_of_this_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert chart["appVersion"] == chart["version"] == project["version"]
    assert chart["kubeVersion"] == f">={VERSIONS[0]}.0-0"
