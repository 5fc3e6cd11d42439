"""Turns errors of PostgreSQL into sentences for people, without passwords."""

import re

import psycopg

from radiant.domain.errors import DatabaseError, DatabaseUnreachable, DatabaseUnusable, RadiantError, ValueRefused

from .address import Address, place

#: SQLSTATEs after which a connection is of no more use: read-only where it was to write, ended by an administrator, a
#: crash, a start or a dropped database, or broken. Those of class 08 beside.
_DEAD = {"25006", "57P01", "57P02", "57P03", "57P04", "57P05"}


#: What a statement of ours meets only where somebody dropped or altered what it needs.
_NOT_THERE = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedFunction)


def is_dead(error: BaseException | None) -> bool:
    """Whether `error`, or what it was made of, says that its connection is of no more use."""
    while error is not None:
        if isinstance(error, psycopg.Error) and ((error.sqlstate or "") in _DEAD or (error.sqlstate or "")[:2] == "08"):
            return True
        error = error.__cause__
    return False


def refusal(error: psycopg.Error | UnicodeEncodeError, address: str | Address) -> RadiantError:
    """The error that people get for what a statement met."""
    if isinstance(error, psycopg.DataError):
        return ValueRefused(_first_line(error))
    if isinstance(error, psycopg.IntegrityError):
        from .constraints import violated  # what the constraints say is a lot to load, and few statements meet one

        return violated(error)
    if isinstance(error, UnicodeEncodeError):
        return ValueRefused("it has a character that is none in Unicode (half of a surrogate pair)")
    return explained(error, address)


def explained(error: psycopg.Error, address: str | Address) -> DatabaseError:
    """The same error as one sentence that says what to do."""
    text, where = _first_line(error), f"PostgreSQL at {place(address)}"
    if wrong := re.match(r'invalid (\w+) value: "', text):
        return DatabaseUnreachable(f"The database address has a value for `{wrong[1]}` that PostgreSQL does not know.")
    if "does not exist" in text and "database" in text:
        return DatabaseUnreachable(f"{where}: that database does not exist. Create it with `createdb`.")
    if re.search(r"authentication failed|no password supplied|no pg_hba.conf entry|role .* does not exist", text):
        return DatabaseUnreachable(f"{where} refused the login. Check user and password of the address.")
    if isinstance(error, psycopg.errors.DiskFull) or "No space left" in text:
        return DatabaseUnusable(f"The disk of {where} is full. Free some space and try again.")
    if "hot standby" in text:
        return DatabaseUnusable(
            f"{where} is a replica. Point at the primary, or, to only read from this one, add "
            "target_session_attrs=any to the address."
        )
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction) or "session is read-only" in text:
        return DatabaseUnusable(f"{where} is read-only (a replica?). Point at the primary.")
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return DatabaseUnusable(f"{where} lets this user do too little: {text}. Grant it that.")
    if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return DatabaseUnreachable(f"{where} does not answer: {text}. Is it running, and is that its address?")
    if isinstance(error, _NOT_THERE):
        return DatabaseUnusable(f"The schema in {where} is damaged: {text}.")
    return DatabaseUnusable(f"{where} refused a statement: {text}.")


def _first_line(error: Exception) -> str:
    """The reason alone. Of several hosts, each reason once."""
    lines = str(error).strip().splitlines() or ["no reason given"]
    each = [line for line in lines if line.startswith("- host: ")]
    found = each or [next((line for line in lines if "failed: " in line), lines[0])]
    return "; ".join(dict.fromkeys(map(_reason, found)))


def _reason(line: str) -> str:
    line = re.sub(r"^- host: .*?, hostaddr: [^ ]*: ", "", line).rsplit("failed: ", 1)[-1]
    return re.sub(r"(FATAL|ERROR):\s*|^connection is bad: ", "", line).strip().rstrip(".")
