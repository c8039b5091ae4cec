"""How the program logs: one line of JSON per event, ids only. Knows nothing of tickets."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logs(*, quiet: bool = False) -> None:
    """Send every event as one JSON line to standard error, with an instant in UTC; `quiet` keeps warnings only."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if quiet else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
