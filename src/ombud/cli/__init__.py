"""The command line: one file per verb, loaded when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

import click

COMMANDS = {
    "demo": "Lay out the five examples with made-up data and run them end to end.",
    "init": "Start a workspace, or draft a map from a live database.",
    "check": "Say what is wrong in what was written.",
    "bind": "Compare promise and map with the live schemas, both ways.",
    "plan": "Say what is due, exactly; nothing is changed.",
    "apply": "Do an approved plan.",
    "sweep": "Plan, and apply what is pre-approved.",
    "why": "Say what keeps each field of a row, and until when.",
    "status": "Measure every system and say how each promise stands.",
    "hold": "Place, list and release holds.",
    "duty": "Confirm what people do by hand: settings, tasks, decisions, attestations.",
    "notice": "Write the privacy notice, in every language and format.",
    "publish": "Make what people read a version that nobody changes afterwards.",
    "serve": "Give the published notice out on the web.",
    "changes": "Say what changes for people from one policy to another.",
    "record": "Write the record of processing (Art. 30), as page, spreadsheet and data.",
    "verify": "Check the evidence against its signed head.",
}


class Lazy(click.Group):
    """Loads a command's module when it is called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loaded."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"ombud.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command an argument names, or say what was meant."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415  only for a slip of the pen

            near = get_close_matches(name, COMMANDS, 1)
            meant = f"; did you mean `{near[0]}`?" if near else ""
            ctx.fail(f"there is no command `{name}`{meant}")
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Work in this workspace instead of the current folder.",
)
@click.version_option(package_name="ombud", prog_name="ombud")
@click.pass_context
def root(ctx: click.Context, folder: Path) -> None:
    """Ombud runs an organisation's privacy policy.

    law says → we promise in a policy → data lies in systems → a plan says what is due → apply does
    it → evidence proves it → pages tell people.
    """
    ctx.obj = folder


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line."""
    root.main(args=args, prog_name="ombud")
