"""`maimod rule`."""

from __future__ import annotations

import json

import click

from server import rule_pages
from server.commands import options
from server.commands.options import words


@click.command("rule")
@click.argument("name", required=False, shell_complete=options.rules)
@click.option(
    "--format", "form", type=words(("text", "json", "markdown")), default="text", show_default=True, help="How it is written."
)
def command(name: str | None, form: str) -> None:
    """List the rules, or explain one.

    NAME is a rule's name or code, the start of codes (T1) or a category (timing).
    """
    try:
        chosen = rule_pages.pages_for(name) if name else list(rule_pages.pages())
    except ValueError as trouble:
        raise click.ClickException(str(trouble)) from None
    if form == "json":
        click.echo(json.dumps({"version": 1, "rules": [rule_pages.as_entry(page) for page in chosen]}, indent=2))
    elif form == "markdown":
        click.echo("\n".join(map(rule_pages.page_as_markdown, chosen)) if name else rule_pages.as_markdown(), nl=False)
    else:
        click.echo("\n".join(map(rule_pages.as_text, chosen)) if name else rule_pages.list_as_text(), nl=False)
