#!/bin/sh
# Makes ./secrets for docker-compose.yml: draws what can be drawn and leaves an empty file for what you have to paste.
# What is there already is never touched. The folder is closed; the files in it are readable, since the programs in the
# containers, which get only the files that are meant for them, run as other users.
set -eu
mkdir -p secrets
chmod 700 secrets
draw() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }
for name in superuser_password mizban_database_password mizban_secret_key; do
  [ -e "secrets/$name" ] || draw 32 > "secrets/$name"
done
for name in mizban_old_secret_keys mizban_telegram_token mizban_telegram_proxy mizban_bale_token; do
  [ -e "secrets/$name" ] || : > "secrets/$name"
done
chmod 444 secrets/*
echo "Now put the tokens of your bots into secrets/mizban_telegram_token and secrets/mizban_bale_token (chmod u+w first)."
