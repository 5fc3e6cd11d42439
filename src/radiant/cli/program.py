"""The program `radiant`: what all commands have in common, and what happens when one fails."""

import errno
import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Any, NoReturn, cast

import typer

from .lazy import Lazily, ReaderGone

#: How a full disk, or one that is gone, is told to who writes.
_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)

program = typer.Typer(
    name="radiant",
    cls=Lazily,
    help="One live record of every AI model you can call, and which one should serve a request right now.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 no model fits, or a run is going on already.",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(version("radiant-registry"))
        raise typer.Exit


@program.callback()
def _program(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    pass


def whole() -> Any:
    """The program with all of its commands, for whoever reads them: the reference, and its test."""
    return cast("Lazily", typer.main.get_command(program)).load()


def main() -> NoReturn:
    """Run one command; every foreseen failure is one sentence on stderr and an exit code of its kind."""
    _open_what_is_closed()
    try:
        _check_words(sys.argv[1:])
        program(standalone_mode=True)
    except (BrokenPipeError, ReaderGone):
        _print_nothing_more()  # the reader of our output is gone (`| head`)
        sys.exit(128 + signal.SIGPIPE)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _UNWRITABLE:
            _print_nothing_more()
            typer.echo(f"radiant: What was to be written could not be: {error.strerror}.", err=True)
            sys.exit(1)
        from .failing import tell  # it knows all errors of the domain, which most commands end without

        sys.exit(tell(error))
    sys.exit(0)


def _open_what_is_closed() -> None:
    """Whoever closed stdout or stderr wants nothing printed there."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))


def _print_nothing_more() -> None:
    """Also not what is kept for later, while stdout is closed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _check_words(words: Sequence[str]) -> None:
    """Ends with the exit code for wrong usage where one is no text: nothing could look for it, keep it or print it."""
    for word in words:
        if not word.isascii():
            try:
                word.encode()
            except UnicodeEncodeError:
                typer.echo(f"radiant: {ascii(word)[:80]} is not UTF-8; type it as text.", err=True)
                sys.exit(2)


def process() -> NoReturn:
    """The same for a process of its own, which then ends at once: taking apart what was loaded, module by module, is a
    quarter of a short command. Where a thread still works, it is waited for as ever."""
    code: Any = 1
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    if not isinstance(code, int) or any(not it.daemon for it in threading.enumerate()[1:]):
        sys.exit(code)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 128 + signal.SIGPIPE
    os._exit(code)
