#!/bin/sh
# Starts a command with the secrets of `make-secrets.sh` in its environment. What is set from outside wins, and without the volume
# nothing is added: then the server itself says what is missing.
set -eu
folder=/run/lajna

if [ -z "${DATABASE_URL:-}" ] && [ -r "$folder/postgres-password" ]; then
  DATABASE_URL="postgres://lajna:$(cat "$folder/postgres-password")@postgres:5432/lajna"
  export DATABASE_URL
fi
if [ -z "${JWT_SECRET:-}" ] && [ -r "$folder/jwt-secret" ]; then
  JWT_SECRET=$(cat "$folder/jwt-secret")
  export JWT_SECRET
fi
exec "$@"
