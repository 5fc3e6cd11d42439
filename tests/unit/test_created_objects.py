"""A rebuild takes down what the files of code create: each view, function and trigger has to be found in them."""

import re

import pytest

from radiant import sql


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CREATE VIEW a AS SELECT 1;", ("VIEW", "a")),
        ("CREATE MATERIALIZED VIEW a AS SELECT 1;", ("MATERIALIZED VIEW", "a")),
        ("CREATE FUNCTION f(x text) RETURNS text LANGUAGE sql AS '';", ("FUNCTION", "f")),
        ("CREATE TRIGGER t AFTER UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();", ("TRIGGER", "t ON a")),
        ("CREATE TRIGGER t BEFORE INSERT OR UPDATE ON a EXECUTE FUNCTION f();", ("TRIGGER", "t ON a")),
        ("CREATE TRIGGER t AFTER UPDATE OF x ON a FOR EACH ROW EXECUTE FUNCTION f();", ("TRIGGER", "t ON a")),
        ("CREATE TRIGGER t AFTER INSERT OR UPDATE OF x, y\n    ON a EXECUTE FUNCTION f();", ("TRIGGER", "t ON a")),
        ("CREATE TRIGGER t\n    INSTEAD OF UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();", ("TRIGGER", "t ON a")),
        ("CREATE CONSTRAINT TRIGGER t AFTER UPDATE OF x ON a EXECUTE FUNCTION f();", ("TRIGGER", "t ON a")),
    ],
)  # fmt: skip
def test_what_a_statement_creates_is_found(text: str, found: tuple[str, str]) -> None:
    assert sql.created(text) == (found,)


def test_each_trigger_has_its_own_table() -> None:
    text = (
        "CREATE TRIGGER s AFTER UPDATE OF x ON a EXECUTE FUNCTION f();\n"
        "CREATE TRIGGER t AFTER INSERT ON b EXECUTE FUNCTION f();\n"
    )
    assert sql.created(text) == (("TRIGGER", "s ON a"), ("TRIGGER", "t ON b"))


def test_of_the_code_nothing_is_created_that_is_not_found() -> None:
    for part in sql.code():
        begun = re.findall(r"^CREATE (?:\w+ )??(?:VIEW|FUNCTION|TRIGGER)\b", part.text, re.MULTILINE)
        assert len(part.objects) == len(begun) > 0, part.file
