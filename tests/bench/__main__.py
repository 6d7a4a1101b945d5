"""All figures in one run: `python -m tests.bench` (or `make bench`). Ratios count; the machine's own numbers are noise."""

from __future__ import annotations

import argparse
import os
import platform

from tests.bench import create, definition, evaluate, reading


def main() -> None:
    """Print every figure with its floor or peer from the same run."""
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--orders", type=int, default=2_000, help="orders to create in each run (default 2000)")
    options.add_argument(
        "--rows", default="10000,100000", help="orders to read among (default 10000,100000; 1000000 takes minutes)"
    )
    given = options.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}\n")
    print("Create one order over REST, 8 clients, waitress with 8 threads, SQLite with our pragmas")
    print(create.measure(given.orders), "\n")
    print("Evaluate a published condition")
    evaluate.main()
    print("\nCheck and prove a large definition")
    definition.main()
    print("\nRead among many")
    reading.main(["--rows", given.rows])


if __name__ == "__main__":
    main()
