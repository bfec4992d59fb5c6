#!/bin/sh
# Runs once, when the database's volume is new: the app's role owns its database and can do nothing beyond.
set -eu
psql --username=postgres --set=ON_ERROR_STOP=1 --set=password="$APP_PASSWORD" <<'SQL'
CREATE ROLE prism_pod_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE prism_pod OWNER prism_pod_app ENCODING 'UTF8' TEMPLATE template0;
SQL
