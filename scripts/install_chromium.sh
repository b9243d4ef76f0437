#!/bin/sh
# Makes sure that a Chromium is there for the browser tests: takes one that is, else Debian's package, else says what to do.
set -eu

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi

echo "The browser tests need Chromium, and it is not installed. On Debian: sudo apt-get install chromium" >&2
exit 1
