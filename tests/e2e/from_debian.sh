# Programs of other Debian releases, each release unpacked into a folder of its own: the system stays as it is, old and new versions
# stand side by side, and no root is needed. To be sourced by a script that has set `folder`; errors name that script.

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

tie() { # RELEASE BINARY: from now on the binary runs with its own release's loader and libraries, not with the machine's
  local root=$folder/$1/root loader
  loader=$(echo "$root"/usr/lib*/ld-linux-*.so.*)
  log=$folder/log
  quietly patchelf --set-interpreter "${loader%% *}" --force-rpath --set-rpath "$root/usr/lib/$(uname -m)-linux-gnu" "$root$2"
}

patchelf() { # as bookworm has it (0.14, for 0.18 damages Python), which has to be unpacked
  local root=$folder/bookworm/root
  "$(echo "$root"/usr/lib*/ld-linux-*.so.*)" --library-path "$root/usr/lib/$(uname -m)-linux-gnu" "$root/usr/bin/patchelf" "$@"
}
