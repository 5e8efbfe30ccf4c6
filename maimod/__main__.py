"""`python -m maimod` and the `maimod` command."""

from __future__ import annotations


def main() -> None:
    from server.command_line import run

    run()


if __name__ == "__main__":
    main()
