"""`oncall init`: write the example policy into a directory. Never overwrites one."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), default=Path())
def init(directory: Path) -> None:
    """Write config.yaml, an example to start from, into DIRECTORY (here when left out)."""
    from oncall.errors import SettingsError
    from oncall.example import example_policy

    path = directory / "config.yaml"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(example_policy())
    except FileExistsError:
        raise SettingsError(f"{path} exists already and is left as it is") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}") from None
    there = f"cd {directory}, then " if directory != Path() else ""
    click.echo(f"{path} is written. Next:")
    click.echo(f"  1. {there}put your people, hours and numbers into config.yaml")
    click.echo("  2. oncall check    (every fault with its line and its fix; then try: oncall who)")
    click.echo("  3. oncall serve    (the phones ring in your browser until Twilio is set up)")
