#!/usr/bin/env bash
# Puts Python 3.13 and 3.14 into the folder given, as Debian has them. FOLDER/bin then holds python3.13 and python3.14.
set -euo pipefail
mkdir -p "$1"
folder=$(realpath "$1")
stamp=$folder/.ready-1
if [ -e "$stamp" ]; then exit 0; fi
rm -rf "$folder" && mkdir -p "$folder/bin"

# shellcheck source=tests/e2e/from_debian.sh
. "$(dirname "$0")/../tests/e2e/from_debian.sh"

unpack bookworm patchelf
unpack trixie python3.13 python3.13-venv
unpack forky python3.14 python3.14-venv
for python in trixie/python3.13 forky/python3.14; do
  tie "${python%/*}" "/usr/bin/${python#*/}"
  # A link would do for running it; an environment made by way of a link would look for its library beside the link.
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$folder/${python%/*}/root/usr/bin/${python#*/}" >"$folder/bin/${python#*/}"
  chmod +x "$folder/bin/${python#*/}"
  "$folder/bin/${python#*/}" -c 'import ensurepip, ssl, ctypes, lzma' || { echo "$0: ${python#*/} does not run" >&2; exit 1; }
done
touch "$stamp"
