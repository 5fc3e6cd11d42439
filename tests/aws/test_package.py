"""What Lambda gets: small enough, of one build, the same each time, and its handlers load from it alone."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tools import aws_package
from tools.aws_package import MOST_UNZIPPED, MOST_ZIPPED, package, requirements, size, too_large, wheels, zipped

CERTIFICATES = b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"

#: This interpreter's own, so that it can be loaded here.
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def arm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is deployed: for Graviton and Python 3.13."""
    return built(tmp_path_factory.mktemp("arm"), "aarch64", "3.13")


@pytest.fixture(scope="module")
def intel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("intel"), "x86_64", HERE)


def built(folder: Path, machine: str, python: str) -> Path:
    wheels(folder / "wheels", machine, python)
    package(folder / "wheels", folder / "package", CERTIFICATES)
    return folder / "package"


def versions(folder: Path) -> dict[str, str]:
    names = [it.name.removesuffix(".dist-info").rpartition("-") for it in folder.glob("*.dist-info")]
    return {name.lower().replace("_", "-"): version for name, _, version in names}


def test_it_is_small_enough_and_the_same_each_time(arm: Path, tmp_path: Path) -> None:
    zipped(arm, tmp_path / "first.zip")
    package(arm.parent / "wheels", tmp_path / "again", CERTIFICATES)
    zipped(tmp_path / "again", tmp_path / "second.zip")
    first, second = ((tmp_path / f"{name}.zip").read_bytes() for name in ("first", "second"))
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    assert len(first) <= MOST_ZIPPED and size(arm) <= MOST_UNZIPPED


def test_the_limit_that_a_package_is_beyond_is_named() -> None:
    assert too_large(MOST_UNZIPPED, MOST_ZIPPED) is None
    zipped = too_large(1, MOST_ZIPPED + 1)
    assert zipped == "The package has 50,000,001 bytes zipped; AWS takes 50,000,000 by upload."
    unzipped = too_large(MOST_UNZIPPED + 1, 1)
    assert unzipped == "The package has 150,000,001 bytes; a function that starts should read 150,000,000 at most."


def test_psycopg_and_its_binary_are_of_one_version(arm: Path, intel: Path) -> None:
    for folder in (arm, intel):
        found = versions(folder)
        assert found["psycopg"] == found["psycopg-binary"]


def test_it_is_built_for_the_machine_that_runs_it(arm: Path) -> None:
    machines = {it.read_bytes()[18:20] for it in arm.rglob("*.so*") if it.read_bytes()[:4] == b"\x7fELF"}
    assert machines == {b"\xb7\x00"}, "AArch64"


def test_faces_and_the_embedded_database_are_left_out(arm: Path) -> None:
    assert versions(arm).keys().isdisjoint(aws_package.LEFT_OUT)
    assert versions(arm).keys().isdisjoint({"rich", "faker", "pygments", "jinja2"})
    assert {"boto3", "procrastinate", "radiant-registry"} <= versions(arm).keys()
    assert (arm / "rds.pem").read_bytes() == CERTIFICATES
    assert all("pgserver" not in it for it in requirements())


def test_handlers_load_from_it_alone(intel: Path) -> None:
    code = (
        f"import sys, time; sys.path.insert(0, {str(intel)!r}); began = time.monotonic(); "
        "from radiant.aws.handlers import handler, migrate; "
        "print(handler.__module__, f'{time.monotonic() - began:.2f} s')"
    )
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("radiant.aws.handlers ")
    sys.stdout.write(ran.stdout)


def test_without_certificates_it_is_said_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="Give a copy: --certificates FILE"):
        aws_package.certificates(tmp_path / "none.pem")
    (tmp_path / "other.pem").write_text("hello")
    with pytest.raises(SystemExit, match="has no certificates in it"):
        aws_package.certificates(tmp_path / "other.pem")
