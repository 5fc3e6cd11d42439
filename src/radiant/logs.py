"""Logging to stderr: readable lines on a terminal, logfmt elsewhere."""

import sys
from typing import Any


class Log:
    """A logger that is made when something is said: most commands are over before, and its library takes its time."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def info(self, event: str, **details: Any) -> None:
        self._logger().info(event, **details)

    def warning(self, event: str, **details: Any) -> None:
        self._logger().warning(event, **details)

    def error(self, event: str, **details: Any) -> None:
        self._logger().error(event, **details)

    def _logger(self) -> Any:
        import structlog

        return structlog.get_logger(self._name)


def configure() -> None:
    """From now on, log to stderr."""
    import logging

    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.LogfmtRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
