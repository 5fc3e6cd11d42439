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
         f"{WHERE} does not answer: Connection refused. Is it running, and is that its address?"),
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
        ("postgresql://h1,h2/d?port=7", "h1:7, h2:7, database d"),
        ("postgresql://h1:1,h2/d", "h1:1, h2:5432, database d"),
        ("postgresql://radiant@/d?host=/a,/b&port=1,2", "/a:1, /b:2, database d"),
        ("postgresql:///d?hostaddr=1.2.3.4", "1.2.3.4:5432, database d"),
        ("postgresql:///?service=main", "the service main"),
        ("host=h dbname=d password=secret", "h:5432, database d"),
        ("postgresql://ada:sec%40ret@h/d", "h:5432, database d"),
    ],
)
def test_a_place_is_told_without_user_and_password(url: str, said: str) -> None:
    assert place(url) == said


SPILLED = (
    "cannot be read; expected postgresql://user:password@host:5432/database. "
    "In a password write @ as %40, / as %2F, : as %3A and % as %25."
)
NO_PORT = SPILLED.replace("cannot be read", "has a port that is no number from 1 to 65535")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ada:sec/ret@h/d", SPILLED),
        ("postgresql://ada:123/ret@h/d", SPILLED),
        ("postgresql://ada:sec@ret@h/d", SPILLED),
        ("postgresql://ada:sec%ret@h/d", SPILLED),
        ("postgresql://ada:sec/x?ret=y@h/d", SPILLED),
        ("postgresql://ada:sec#ret@h1,h2@x/d", SPILLED),
        ("postgresql://h/d%00", SPILLED),
        ("postgresql://h/d?bogus=1", "has the parameter `bogus`, which PostgreSQL does not know; leave it out."),
        ("host=h bogus=1", "has the parameter `bogus`, which PostgreSQL does not know; leave it out."),
        ("postgresql://h/d?sslmod=require",
         "has the parameter `sslmod`, which PostgreSQL does not know; did you mean `sslmode`."),
        ("postgresql://h:secret/d", NO_PORT),
        ("postgresql://h:70000/d", NO_PORT),
        ("postgresql://h:0/d", NO_PORT),
        ("postgresql://h1:1,h2:x/d", NO_PORT),
        ("postgresql://h1,h2,h3/d?port=1,2",
         "has 3 hosts and 2 ports; give one port for all or one for each."),
        ("postgresql://h/d?connect_timeout=soon", "has a connect_timeout that is no whole number of seconds."),
        ("", "is empty; expected postgresql://user:password@host:5432/database."),
        ("  ", "is empty; expected postgresql://user:password@host:5432/database."),
        ("mysql://h/d", "is one of mysql; expected postgresql://user:password@host:5432/database."),
        ("postgresql+asyncpg://h/d",
         "is one of postgresql+asyncpg; expected postgresql://user:password@host:5432/database."),
        ("secret.sqlite", "is none; expected postgresql://user:password@host:5432/database."),
        ("postgresql://ada:\udcff@h/d", SPILLED),
    ],
)  # fmt: skip
async def test_each_fault_of_an_address_has_its_own_sentence_which_never_shows_a_value(url: str, said: str) -> None:
    assert place(url) == "the given address"
    with pytest.raises(DatabaseUnreachable) as caught:
        async with connect(url):
            pass
    assert str(caught.value) == f"The database address {said}"


@pytest.mark.parametrize("parameter", ["sslmode", "target_session_attrs"])
async def test_a_value_that_postgresql_does_not_know_is_named_by_its_parameter(parameter: str) -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        async with connect(f"postgresql://127.0.0.1:1/d?{parameter}=bogus"):
            pass
    assert str(caught.value) == f"The database address has a value for `{parameter}` that PostgreSQL does not know."


def test_of_several_hosts_each_reason_is_told_once() -> None:
    error = psycopg.OperationalError(
        f"{FAILED}the database system is starting up\nMultiple connection attempts failed. All failures were:\n"
        "- host: 'a', port: '1', hostaddr: '1.2.3.4': connection failed: Connection refused\n"
        "- host: 'b', port: '1', hostaddr: None: connection failed: Connection refused\n"
        f"- host: 'c', port: '1', hostaddr: None: {FAILED}the database system is starting up"
    )
    assert "does not answer: Connection refused; the database system is starting up. Is it" in str(
        explained(error, URL)
    )
