"""SQL stands in `sql/` or in `registry/`, and nowhere else."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src/radiant"

#: The beginning of a statement; lower-case words of prose do not count.
STATEMENT = re.compile(
    r"^\s*(?:SELECT\b|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE |ALTER |DROP |ANALYZE\b|LISTEN\b|NOTIFY\b|"
    r"SET (?:LOCAL )?\w|WITH \w+ AS|TRUNCATE|GRANT |COPY )"
)


def statements(file: Path) -> list[str]:
    """Every text of a Python file that begins like a statement, docstrings left out."""
    tree = ast.parse(file.read_text("utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        f"{file.name}:{node.lineno}: {node.value.strip()[:60]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and STATEMENT.match(node.value)
    ]


def test_no_room_but_the_registry_has_sql() -> None:
    rooms = [path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in ("registry", "sql")]
    assert [found for file in sorted(rooms) for found in statements(file)] == []


@pytest.mark.parametrize(
    "text", ["SELECT 1", "\n  UPDATE models SET enabled = false", "LISTEN radiant", "SET LOCAL a = 1"]
)
def test_a_statement_would_be_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "it.py").write_text(f'"""SELECT in prose is none."""\nasked = {text!r}\n')
    assert len(statements(tmp_path / "it.py")) == 1
