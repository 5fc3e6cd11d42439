"""`radiant catalog new`: a file that is complete and valid before anybody has written into it."""

import datetime as dt
import re
from pathlib import Path

import pytest

from radiant.catalog.load import load_catalog
from radiant.domain.vocabulary import Task
from radiant.installation.database import check_catalog
from tests.faces.conftest import Program

PAGE = "https://developers.openai.com/api/docs/models"

GUIDE = Path(__file__).parents[2] / "docs/how-to/add-a-model.md"


def test_it_writes_a_file_that_is_valid_for_each_task(radiant: Program, tmp_path: Path) -> None:
    tasks = [it for it in Task if it not in (Task.INFERENCE, Task.OTHER)]
    for task in tasks:
        name = f"fireworks/accounts/fireworks/models/kimi-{task}"
        said = radiant("catalog", "new", name, "--task", task, "--source", PAGE, "--folder", str(tmp_path))
        assert (said.code, said.err) == (0, "")
        assert str(tmp_path / f"providers/fireworks/accounts/fireworks/models/kimi-{task}.toml") in said.out
    assert check_catalog(tmp_path).problems == ()
    written = load_catalog(tmp_path).external
    for task in tasks:
        model = written["fireworks", f"accounts/fireworks/models/kimi-{task}"]
        assert (model.task, model.display_name, model.price, model.context_window) == (task, f"kimi-{task}", None, None)
        assert {"price", "context_window", "class"} <= set(model.unknown)
        (source,) = model.sources
        assert (source.url, source.read) == (PAGE, dt.datetime.now(dt.UTC).date())


def test_the_folder_of_the_setting_is_taken(
    radiant: Program, clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clean_environment.setenv("RADIANT_CATALOG", str(tmp_path))
    assert radiant("catalog", "new", "openai/gpt-9", "--source", PAGE).code == 0
    assert (tmp_path / "providers/openai/gpt-9.toml").exists()


def test_what_is_there_is_left_alone(radiant: Program, tmp_path: Path) -> None:
    arguments = ("catalog", "new", "openai/gpt-9", "--source", PAGE, "--folder", str(tmp_path))
    assert radiant(*arguments).code == 0
    file = tmp_path / "providers/openai/gpt-9.toml"
    file.write_text("# mine\n")
    refused = radiant(*arguments)
    assert (refused.code, file.read_text()) == (1, "# mine\n")
    assert "is there already; nothing was written" in refused.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("acme/big", "--source", PAGE), 1, "providers/acme/provider.toml: is not there; write it first"),
        (("self_hosted/llama", "--source", PAGE), 1, "is your own hardware"),
        (("gpt-9", "--source", PAGE), 1, "is no `provider/model id`"),
        (("openai/../../x", "--source", PAGE), 1, "is no `provider/model id`"),
        (("openai/x", "--task", "inference", "--source", PAGE), 1, "write this file by hand"),
        (("openai/x", "--task", "chta", "--source", PAGE), 2, "expected one of: chat"),
        (("openai/x", "--source", "somewhere"), 2, "is no address of a page"),
        (("openai/x",), 2, "Missing option '--source'"),
    ],
)
def test_what_cannot_be_written_is_said(
    radiant: Program, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = radiant("catalog", "new", *arguments, "--folder", str(tmp_path))
    assert answer.code == code
    assert said in " ".join(answer.err.replace("│", "").split())
    assert list(tmp_path.rglob("*.toml")) == []


def test_without_a_folder_it_asks_for_one(radiant: Program) -> None:
    answer = radiant("catalog", "new", "openai/x", "--source", PAGE)
    assert answer.code == 2
    assert "RADIANT_CATALOG" in answer.err


def test_the_example_of_the_guide_is_valid(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(# providers/[^\n]*)\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    file = tmp_path / example[0].removeprefix("# ").split()[0]
    file.parent.mkdir(parents=True)
    file.write_text(example[1])
    assert check_catalog(tmp_path).problems == ()
    assert load_catalog(tmp_path).external["openai", "gpt-example"].price is not None
