"""`python -m maimod` and the `maimod` command."""

from __future__ import annotations

import gc


def main() -> None:
    # Nothing that is imported is ever garbage: looking for some costs a tenth of the start.
    gc.set_threshold(50_000, 20, 1_000)
    from server.command_line import run

    run()


if __name__ == "__main__":
    main()
