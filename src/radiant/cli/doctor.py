"""`radiant doctor`: what is missing, and what to do."""

import typer

from radiant.settings import Settings

from .command import run
from .output import JsonOption, print_json, say


def doctor(json: JsonOption = False) -> None:
    from radiant.aws.keys import Keys
    from radiant.installation.doctor import examine

    settings = Settings.from_environment()
    findings = run(lambda: examine(settings, Keys(settings.keys_secret).environment))
    if json:
        print_json(findings)
    else:
        for finding in findings:
            mark = typer.style("ok  ", fg="green") if finding.ok else typer.style("FAIL", fg="red")
            typer.echo(f"{mark}  ", nl=False)
            say(f"{finding.subject}: {finding.state}")
            if finding.advice:
                say(f"      {finding.advice}")
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)
