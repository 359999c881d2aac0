#!/bin/sh
# Makes the secrets of docker-compose.yml: passwords and keys of 256 random bits,
# each in a file of its own. What exists is kept, so it may run again at any time.
#
#   deploy/secrets.sh [FOLDER]           # deploy/secrets when none is given
#
# The folder is closed to others (0700) and the files in it may be read (0444):
# an engine shows a container the file with its mode and not the folder, and the
# users inside are neither you nor, without capabilities, allowed to overrule it.
#
# smtp_password.txt is empty until you write the relay's password into it. Losing
# signing_key.txt makes the links in old messages invalid. The database and
# Meilisearch take their secrets when their volumes are new: change them there too.
set -eu
umask 077

folder=${1:-"$(dirname -- "$0")/secrets"}
mkdir -p -- "$folder"
chmod 0700 -- "$folder"

# random prints 256 bits in hexadecimal: safe in an address and in every file.
random() {
  bits=$(od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n')
  if [ "${#bits}" -ne 64 ]; then
    echo "secrets.sh: /dev/urandom gave no 32 bytes" >&2
    return 1
  fi
  echo "$bits"
}

# secret MODE FILE TEXT writes the file unless it is there and holds something, or
# there is nothing to hold. It appears whole or not at all.
secret() {
  file=$folder/$2
  if [ -d "$file" ]; then
    echo "secrets.sh: $file is a folder; remove it and run this again" >&2
    return 1
  elif [ -s "$file" ] || { [ -e "$file" ] && [ -z "$3" ]; }; then
    chmod "$1" -- "$file"
    echo "kept $2"
  else
    printf '%s' "$3" > "$file.new"
    chmod "$1" -- "$file.new"
    mv -f -- "$file.new" "$file"
    echo "made $2"
  fi
}

newline='
'
text=$(random)
secret 0444 database_password.txt "$text$newline"
text=$(random)
secret 0444 meilisearch_key.txt "$text$newline"
text=$(random)
secret 0444 signing_key.txt "$text$newline"
secret 0644 smtp_password.txt ""

text=$(cat -- "$folder/database_password.txt")
secret 0444 database_url.txt "postgres://sendwatch:$text@postgres:5432/sendwatch?sslmode=disable$newline"
text=$(cat -- "$folder/meilisearch_key.txt")
secret 0444 meilisearch.toml "master_key = \"$text\"$newline"
