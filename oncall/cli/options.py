"""The options every command shares: which policy file, how to print data, whether to ask a solver."""

from __future__ import annotations

from pathlib import Path

import click

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="ONCALL_CONFIG",
    default=Path("config.yaml"),
    show_default=True,
    help="The policy file; ONCALL_CONFIG names another default.",
)

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print: for people or for programs.",
)

improve_option = click.option(
    "--improve",
    is_flag=True,
    help="Let a solver try to beat the plan; needs pip install 'emergency-phone[optimal]'.",
)
