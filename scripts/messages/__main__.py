"""``python -m scripts.messages extract|update|compile|check``."""

import sys

from scripts.messages.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
