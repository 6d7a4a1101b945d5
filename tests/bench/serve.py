"""The whole house as a server for the bench: the order tracking template, a clerk of one store, waitress.

python -m tests.bench.serve FOLDER PORT        FOLDER/token holds the clerk's token once it answers
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from waitress import serve

from tests.access.house import House, open_house


def furnish(house: House, folder: Path) -> None:
    """A clerk with a token, and real clock and ids from here on."""
    if (folder / "token").exists():
        return  # it was served before
    house.user("bench", "clerk", store="s1")
    (folder / "token").write_text(house.people.issue_token(house.users["bench"], "bench")[1])


def main(folder: Path, port: int) -> None:
    """Serve until ended."""
    with open_house(folder) as house:
        furnish(house, folder)
        house.fate.live = True
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        serve(house.web, host="127.0.0.1", port=port, threads=8)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
