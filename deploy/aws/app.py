"""`python -m deploy.aws.app`: writes the templates. Its settings stand in `deploy/aws/radiant.toml`."""

import sys
from pathlib import Path

import aws_cdk as cdk
import cdk_nag

from .findings import explain
from .settings import HERE, Settings, read
from .stack import Radiant


def synthesized(settings: Settings, folder: Path) -> cdk.App:
    """An app that is checked while it is written to `folder`."""
    app = cdk.App(outdir=str(folder), analytics_reporting=False)
    stack = Radiant(app, f"{settings.prefix}registry", settings)
    explain(stack, settings)
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    return app


def main() -> None:
    settings = read(HERE / "radiant.toml")
    if not settings.package_folder.is_dir():
        sys.exit(f"There is no package in {settings.package_folder}; `make aws-package` writes it.")
    synthesized(settings, HERE / "cdk.out").synth()


if __name__ == "__main__":
    main()
