"""The command line: a table of commands, each imported only when it is called. Decides nothing itself."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from oncall import __version__
from oncall.errors import OncallError, PolicyError

COMMANDS = {
    "init": ("oncall.cli.init:init", "Write an example policy to start from."),
    "check": (
        "oncall.cli.check:check",
        "Check the policy file; every fault with its line and its fix.",
    ),
    "who": ("oncall.cli.who:who", "Say who holds the phone, now or at any time."),
    "plan": (
        "oncall.cli.plan:plan",
        "Show who would hold the phone, what moves, and how fair it is.",
    ),
    "publish": ("oncall.cli.publish:publish", "Make the plan the rota that people are told."),
    "serve": ("web.commands:serve", "Serve the pages and run the engine in one process."),
    "web": ("web.commands:web", "Serve the pages only."),
    "engine": ("oncall.cli.engine:engine", "Run the engine only."),
    "demo": ("web.demo:demo", "Play with simulated phones and a clock to move."),
    "days": ("oncall.cli.days:days", "Comp days: balances, statements, files, other rules."),
    "people": ("oncall.cli.people:people", "List people, invite one to sign in."),
    "sources": (
        "oncall.cli.sources:sources",
        "Make, list and revoke the tokens of ticket sources.",
    ),
}
"""Name -> where the command is found, and its help line; help and version import none of them.

Those that serve pages live in `web`, above this package: only their names stand here.
"""


class Commands(click.Group):
    """A group that imports a command when it is called and turns our errors into words on stderr."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command `cmd_name`; None for an unknown one."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of ours becomes words on stderr and exit code 1."""
        try:
            return super().invoke(ctx)
        except PolicyError as error:
            from oncall.policy.findings import as_text

            click.echo(as_text(error.findings), err=True)
        except OncallError as error:
            click.echo(f"oncall: {' '.join(str(error).split())}", err=True)
        sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="oncall", message="%(prog)s %(version)s")
def main() -> None:
    """The emergency phone: one number, one holder at a time, nothing lost."""
