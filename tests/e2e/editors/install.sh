#!/usr/bin/env bash
# Puts the editors that the tests drive into the folder given: Debian's packages of three releases, each unpacked into a folder of
# its own, so that the system stays as it is, old and new versions stand side by side, and no root is needed.
# FOLDER/bin then holds nvim-0.7, nvim-0.10, nvim-0.12, hx-25.01, hx-25.07, emacs-28 and emacs-30, and prints nothing but errors.
set -euo pipefail
mkdir -p "$1"
folder=$(realpath "$1")
stamp=$folder/.ready-2
if [ -e "$stamp" ]; then exit 0; fi
rm -rf "$folder" && mkdir -p "$folder/bin"

keys=/usr/share/keyrings/debian-archive-keyring.gpg
for needed in apt-get dpkg-deb "$keys"; do
  command -v "$needed" >/dev/null || test -e "$needed" || { echo "$0: $needed is missing; this needs Debian or Ubuntu with debian-archive-keyring" >&2; exit 1; }
done
# The mirror that this machine uses for Debian, else Debian's own.
mirror=$(apt-get indextargets 'Created-By: Packages' --format '$(REPO_URI)' 2>/dev/null | grep -m 1 -E '/debian/?$' || true)
architecture=$(dpkg --print-architecture)

quietly() { "$@" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; echo "$0: '$1 … ${*: -1}' failed (whole log: $log)" >&2; exit 1; }; }

unpack() { # RELEASE PACKAGE…: the packages and all they depend on, in FOLDER/RELEASE
  local release=$1 at=$folder/$1
  shift
  log=$at/log
  mkdir -p "$at/lists/partial" "$at/cache/archives/partial" "$at/root"
  : >"$at/status"
  echo "deb [arch=$architecture signed-by=$keys] ${mirror:-http://deb.debian.org/debian/} $release main" >"$at/sources.list"
  local apt=(
    apt-get -o "Dir::Etc::sourcelist=$at/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$at/lists"
    -o "Dir::Cache=$at/cache" -o "Dir::State::status=$at/status" -o "Dir::Log=$at" -o APT::Install-Recommends=false
    -o APT::Keep-Downloaded-Packages=true -o APT::Sandbox::User= -o Debug::NoLocking=1 -o Acquire::Retries=3
  )
  quietly "${apt[@]}" update
  quietly "${apt[@]}" install --yes --download-only "$@"
  # Before the rest of it, what makes /bin and /lib links into /usr, or a package's /lib would be in their place.
  mkdir -p "$at/root/usr/bin" "$at/root/usr/lib" "$at/root/usr/sbin" "$at/root/usr/lib64"
  for link in bin lib sbin lib64; do ln -sfn "usr/$link" "$at/root/$link"; done
  for package in "$at"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$at/root" --keep-directory-symlink --no-same-owner
  done
  rm -rf "$at/cache" "$at/lists"
}

program() { # NAME RELEASE BINARY [LINE…]: the binary bound to its own release's loader and libraries, and a start script for it
  local name=$1 root=$folder/$2/root binary=$folder/$2/root$3
  shift 3
  local libraries=$root/usr/lib/$(uname -m)-linux-gnu loader
  loader=$(echo "$root"/usr/lib*/ld-linux-*.so.*)
  log=$folder/log
  quietly patchelf --set-interpreter "${loader%% *}" --force-rpath --set-rpath "$libraries" "$binary"
  {
    echo '#!/bin/sh'
    echo "root='$root'"
    printf '%s\n' "$@"
    echo "exec '$binary' \"\$@\""
  } >"$folder/bin/$name"
  chmod +x "$folder/bin/$name"
}

patchelf() { # as trixie has it
  local root=$folder/trixie/root
  "$(echo "$root"/usr/lib*/ld-linux-*.so.*)" --library-path "$root/usr/lib/$(uname -m)-linux-gnu" "$root/usr/bin/patchelf" "$@"
}

neovim() { # NAME RELEASE
  program "$1" "$2" /usr/bin/nvim \
    'export VIMRUNTIME="$root/usr/share/nvim/runtime"' \
    'export LUA_PATH="$root/usr/share/lua/5.1/?.lua;$root/usr/share/lua/5.1/?/init.lua;;"' \
    "export LUA_CPATH=\"\$root/usr/lib/$(uname -m)-linux-gnu/lua/5.1/?.so;;\""
}

helix() { program "$1" "$2" "$(cd "$folder/$2/root" && find -L usr -name hx -type f -perm -u+x -printf '/%p\n' | head -n 1)" 'export HELIX_RUNTIME="$root/usr/lib/hx/runtime"'; }

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

unpack bookworm neovim emacs-nox emacs-el elpa-eglot
unpack trixie neovim hx emacs-nox emacs-el elpa-lsp-mode patchelf
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
