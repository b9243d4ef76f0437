"""A program that tells what it was started with."""

import os
import sys

if __name__ == "__main__":
    ours = {name: value for name, value in os.environ.items() if name.startswith("MIZBAN_")}
    sys.stdout.write(f"{' '.join(sys.argv[1:])} {ours} {os.getpid()}\n")
