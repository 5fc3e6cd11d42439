"""SQL stands in `sql/`; in `registry/` only text that is composed when it is asked; nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiant import sql
from radiant.domain.retention import Forgotten

PACKAGE = Path(__file__).parents[2] / "src/radiant"

#: The beginning of a statement; lower-case words of prose do not count.
STATEMENT = re.compile(
    r"^\s*(?:SELECT\b|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE |ALTER |DROP |ANALYZE\b|LISTEN\b|NOTIFY\b|"
    r"SET (?:LOCAL )?\w|WITH \w+ AS|TRUNCATE|GRANT |COPY )"
)


def texts(tree: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    """Every text of a module but its docstrings."""
    left_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node, node.value


def composed(tree: ast.AST) -> set[int]:
    """The texts that are filled in: parts of an f-string, and `SQL("…")` whose `.format` is given something."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.update(id(part) for part in node.values)
        match node:
            case ast.Call(
                func=ast.Attribute(attr="format", value=ast.Call(func=ast.Attribute(attr="SQL"), args=[text]))
            ) if node.args or node.keywords:
                found.add(id(text))
    return found


def statements(file: Path, *, static_only: bool = False) -> list[str]:
    """Every text of a Python file that begins like a statement."""
    tree = ast.parse(file.read_text("utf-8"))
    left_out = composed(tree) if static_only else set()
    return [
        f"{file.name}:{node.lineno}: {text.strip()[:60]}"
        for node, text in texts(tree)
        if STATEMENT.match(text) and id(node) not in left_out
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


def test_what_the_registry_asks_stands_in_files_unless_it_is_composed() -> None:
    found = [
        found for file in sorted((PACKAGE / "registry").glob("*.py")) for found in statements(file, static_only=True)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("code", "static"),
    [
        ('connection.execute("SELECT 1")', 1),
        ('connection.execute(sql.SQL("SELECT 1"))', 1),
        ('sql.SQL("SELECT 1").format()', 1),
        ('TEXTS = {"one": "SELECT 1"}', 1),
        ('sql.SQL("SELECT {}").format(columns)', 0),
        ('f"SELECT {columns}"', 0),
    ],
)
def test_composed_text_is_told_apart(tmp_path: Path, code: str, static: int) -> None:
    (tmp_path / "it.py").write_text(code + "\n")
    assert len(statements(tmp_path / "it.py", static_only=True)) == static
    assert len(statements(tmp_path / "it.py")) == 1


def test_every_query_is_asked() -> None:
    """By a name written down somewhere, since no one calls what is in a file otherwise; what is forgotten is counted by
    the same names."""
    asked = {text for file in PACKAGE.rglob("*.py") for _, text in texts(ast.parse(file.read_text("utf-8")))}
    asked |= set(Forgotten.__struct_fields__)
    topics = [file.stem for file in (PACKAGE / "sql/queries").glob("*.sql")]
    assert [f"{topic}.{name}" for topic in sorted(topics) for name in sql.queries(topic) if name not in asked] == []
