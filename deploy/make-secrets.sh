#!/bin/sh
# Makes what nobody should choose or commit, once: the database's password and the key that signs tokens. Run as root by the service
# `secrets`, on a volume that outlives the containers; what is already there stays, else every restart would lock the database.
set -eu
umask 077
folder=/run/lajna

# make NAME OWNER:GROUP
make() {
  [ -s "$folder/$1" ] && return
  # Hexadecimal: the password goes into an address as it is.
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > "$folder/$1.new"
  chmod 440 "$folder/$1.new"
  chown "$2" "$folder/$1.new"
  # Into place last, so that half a secret, or one its reader cannot read, is never found.
  mv "$folder/$1.new" "$folder/$1"
}

# postgres of its image is user 999, node of ours is group 1000. The key is none of the database's business.
make postgres-password 999:1000
make jwt-secret 0:1000
