#!/usr/bin/env bash
# Puts the editors that the tests drive into the folder given, from Debian's packages of three releases. FOLDER/bin then holds
# nvim-0.7, nvim-0.10, nvim-0.12, hx-25.01, hx-25.07, emacs-28 and emacs-30. Prints nothing but errors.
set -euo pipefail
mkdir -p "$1"
folder=$(realpath "$1")
stamp=$folder/.ready-3
if [ -e "$stamp" ]; then exit 0; fi
rm -rf "$folder" && mkdir -p "$folder/bin"

# shellcheck source=tests/e2e/from_debian.sh
. "$(dirname "$0")/../from_debian.sh"

program() { # NAME RELEASE BINARY [LINE…]: a start script, with what the program has to be told about where it lies
  local name=$1 root=$folder/$2/root binary=$3
  tie "$2" "$binary"
  shift 3
  {
    echo '#!/bin/sh'
    echo "root='$root'"
    printf '%s\n' "$@"
    echo "exec \"\$root$binary\" \"\$@\""
  } >"$folder/bin/$name"
  chmod +x "$folder/bin/$name"
}

neovim() { # NAME RELEASE
  program "$1" "$2" /usr/bin/nvim \
    'export VIMRUNTIME="$root/usr/share/nvim/runtime"' \
    'export LUA_PATH="$root/usr/share/lua/5.1/?.lua;$root/usr/share/lua/5.1/?/init.lua;;"' \
    "export LUA_CPATH=\"\$root/usr/lib/$(uname -m)-linux-gnu/lua/5.1/?.so;;\""
}

helix() { # NAME RELEASE
  program "$1" "$2" /usr/lib/hx/hx 'export HELIX_RUNTIME="$root/usr/lib/hx/runtime"'
}

emacs() { # NAME RELEASE
  local version dump
  version=$(basename "$(echo "$folder/$2"/root/usr/share/emacs/[0-9]*)")
  dump=$(echo "$folder/$2"/root/usr/libexec/emacs/"$version"/*/*.pdmp)
  program "$1" "$2" /usr/bin/emacs-nox \
    "share=\"\$root/usr/share/emacs/$version\"" \
    'export EMACSLOADPATH="$share/lisp" EMACSDATA="$share/etc" EMACSDOC="$share/etc"' \
    "export EMACSPATH='$(dirname "$dump")'" \
    "set -- '--dump-file=$dump' \"\$@\""
}

unpack bookworm neovim emacs-nox emacs-el elpa-eglot patchelf
unpack trixie neovim hx emacs-nox emacs-el elpa-lsp-mode
unpack forky neovim hx
neovim nvim-0.7 bookworm
neovim nvim-0.10 trixie
neovim nvim-0.12 forky
helix hx-25.01 trixie
helix hx-25.07 forky
emacs emacs-28 bookworm
emacs emacs-30 trixie

for editor in "$folder"/bin/*; do
  said=$("$editor" --version 2>&1 | sed -n 1p)
  version=${editor##*-}
  case $said in *[\ v]"$version"*) ;; *) echo "$0: $(basename "$editor") answers '$said'" >&2; exit 1 ;; esac
done
touch "$stamp"
