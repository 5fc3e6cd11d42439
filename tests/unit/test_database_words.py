"""What went wrong with a database, in a sentence that says what to do and never holds a password."""

import psycopg
import pytest
from psycopg import errors

from radiant.domain.errors import DatabaseError, DatabaseUnreachable, DatabaseUnusable
from radiant.registry.database import connect, explained, place

URL = "postgresql://ada:secret@db.example.com:6543/registry"
WHERE = "PostgreSQL at db.example.com:6543, database registry"

FAILED = 'connection to server at "1.2.3.4", port 6543 failed: FATAL:  '


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (psycopg.OperationalError("connection failed: Connection refused\n\tIs it running?"), DatabaseUnreachable,
         f"{WHERE} does not answer: Connection refused. Is it running, and is RADIANT_DATABASE_URL right?"),
        (psycopg.OperationalError(f'{FAILED}password authentication failed for user "ada"'), DatabaseUnreachable,
         f"{WHERE} refused the login. Check user and password of the address."),
        (psycopg.OperationalError(f'{FAILED}no pg_hba.conf entry for host "5.6.7.8"'), DatabaseUnreachable,
         f"{WHERE} refused the login. Check user and password of the address."),
        (psycopg.OperationalError(f'{FAILED}role "ada" does not exist'), DatabaseUnreachable,
         f"{WHERE} refused the login. Check user and password of the address."),
        (psycopg.OperationalError(f'{FAILED}database "registry" does not exist'), DatabaseUnreachable,
         f"{WHERE}: that database does not exist. Create it with `createdb`."),
        (errors.DiskFull("could not extend file: No space left on device"), DatabaseUnusable,
         f"The disk of {WHERE} is full. Free some space and try again."),
        (errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction"), DatabaseUnusable,
         f"{WHERE} is read-only (a replica?). Point at the primary."),
        (errors.InsufficientPrivilege("permission denied for table models"), DatabaseUnusable,
         f"{WHERE} lets this user do too little: permission denied for table models. Grant it that."),
    ],
)  # fmt: skip
def test_what_postgresql_says_becomes_one_sentence(error: psycopg.Error, kind: type[DatabaseError], said: str) -> None:
    found = explained(error, URL)
    assert type(found) is kind
    assert str(found) == said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (URL, "db.example.com:6543, database registry"),
        ("postgresql://ada@h", "h:5432, database ada"),
        ("postgresql:///registry", "the local socket:5432, database registry"),
        ("postgresql://radiant@:5432/radiant?host=/home/a%40b/run", "/home/a@b/run:5432, database radiant"),
        ("postgresql://h1:1,h2:2/d", "h1:1, h2:2, database d"),
        ("postgresql://ada:sec%40ret@h/d", "h:5432, database d"),
    ],
)
def test_a_place_is_told_without_user_and_password(url: str, said: str) -> None:
    assert place(url) == said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:sec/ret@h/d",
        "postgresql://ada:123/ret@h/d",
        "postgresql://ada:sec@ret@h/d",
        "postgresql://ada:sec%ret@h/d",
    ],
)
async def test_an_address_whose_password_spills_into_other_parts_is_refused_and_not_shown(url: str) -> None:
    assert place(url) == "the given address"
    with pytest.raises(DatabaseUnreachable) as caught:
        async with connect(url):
            pass
    assert str(caught.value) == (
        "The database address cannot be read; expected postgresql://user:password@host:5432/database. "
        "In a password write @ as %40, / as %2F, : as %3A and % as %25."
    )
