"""The configuration files of the embedded server: settings, and who may connect."""

from pathlib import Path

from radiant.embedded.account import Account
from radiant.embedded.home import PORT, Home, write_file

_NOTE = "# Written by Radiant whenever it starts the server."


def write_settings(home: Home, socket_folder: Path, account: Account) -> None:
    """Write the three files anew, outside the database files: the server may not change who may connect to it."""
    admitted = home.server / "pg_hba.conf"
    names = home.server / "pg_ident.conf"
    write_file(admitted, f"{_NOTE}\nlocal all all peer map=radiant\n", account)
    people = sorted({account.name, account.owner})
    write_file(names, "".join([f"{_NOTE}\n", *(f'radiant "{name}" radiant\n' for name in people)]), account)
    write_file(home.server / "postgresql.conf", settings_text(admitted, names, socket_folder), account)


def settings_text(admitted: Path, names: Path, socket_folder: Path) -> str:
    """The settings file: durability in full, little memory, a log that tells of the server and never of statements."""
    listed = '"' + str(socket_folder).replace('"', '""') + '"'
    return f"""{_NOTE} To change a setting use ALTER SYSTEM, which wins over this file.
listen_addresses = ''
port = {PORT}
unix_socket_directories = {_text(listed)}
unix_socket_permissions = 0700
hba_file = {_text(admitted)}
ident_file = {_text(names)}
max_connections = 100
shared_buffers = 64MB
max_wal_size = 512MB
fsync = on
full_page_writes = on
synchronous_commit = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.english'
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
checkpoint_warning = 0
log_line_prefix = '%m [%p] '
"""


def _text(value: Path | str) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"
