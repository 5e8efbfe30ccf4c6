"""`maimod completion`."""

from __future__ import annotations

import click

from server.commands.options import words

WHERE = {
    "bash": 'eval "$(maimod completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(maimod completion zsh)" in ~/.zshrc',
    "fish": "maimod completion fish > ~/.config/fish/completions/maimod.fish",
    "powershell": "maimod completion powershell | Out-String | Invoke-Expression in $PROFILE",
}


@click.command("completion", epilog="\b\n" + "\n".join(f"{shell:11} {how}" for shell, how in WHERE.items()))
@click.argument("shell", type=words(WHERE))
def command(shell: str) -> None:
    """Print the shell's completion script."""
    from click.shell_completion import get_completion_class

    from server.command_line import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.ClickException(f"there is no completion for {shell}")
    click.echo(kind(cli, {}, "maimod", "_MAIMOD_COMPLETE").source())
