#!/bin/sh
# Run once by the database's image, when its volume is made: the program's own role and database.
# The role may do everything inside its database and nothing outside of it; it is no superuser.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres <<'SQL'
\set password `cat "$ROLE_PASSWORD_FILE"`
CREATE ROLE mizban LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE mizban OWNER mizban;
REVOKE ALL ON DATABASE mizban FROM PUBLIC;
SQL
