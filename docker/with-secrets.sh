#!/bin/sh
# Sets NAME from the file that NAME_FILE names, for the secrets that Rasa needs; then runs "$@".
set -eu
for name in NLU_SECRET ACTIONS_SECRET REDIS_URL; do
    eval "file=\${${name}_FILE:-}"
    [ -n "$file" ] || continue
    [ -r "$file" ] || { echo "${name}_FILE names a file that cannot be read: $file" >&2; exit 2; }
    export "$name=$(cat "$file")"
done
exec "$@"
