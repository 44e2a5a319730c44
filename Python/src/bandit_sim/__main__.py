"""``python -m bandit_sim``: the program with the words behind."""

import os
import sys

from bandit_sim.runs import program


def main() -> None:
    """Become the program."""
    path = program()
    os.execv(path, [path, *sys.argv[1:]])


if __name__ == "__main__":
    main()
