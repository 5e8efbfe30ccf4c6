#!/usr/bin/env bash
# The packaged extension in a real VS Code (code-server) with a real browser: builds and installs all it needs by package name (apt,
# npm, pip) into a cache folder, runs headless, and ends with an error at the first thing that is not as it must be.
#
#   MAIMOD_BIN     folder of the maimod to test; without it one is installed from this checkout
#   MAIMOD_CACHE   where downloads and builds are kept between runs (default: ~/.cache/maimod-e2e)
#   MAIMOD_SHOTS   where screenshots go (default: a folder of the run's own)
set -euo pipefail
here=$(realpath "$(dirname "$0")")
root=$(realpath "$here/../../..")
cache=${MAIMOD_CACHE:-$HOME/.cache/maimod-e2e}
mkdir -p "$cache"
step() { printf '   %s (%s s)\n' "$1" "$SECONDS"; }
log=$cache/run.log && : >"$log"
quietly() { "$@" >>"$log" 2>&1 || { tail -n 40 "$log" >&2; echo "'$*' failed (whole log: $log)" >&2; exit 1; }; }

step "system packages"
needed=()
for each in chromium:chromium rg:ripgrep pkg-config:pkg-config g++:g++ make:make python3:python3; do
  command -v "${each%%:*}" >/dev/null || needed+=("${each##*:}")
done
test -e /usr/include/krb5.h || needed+=(libkrb5-dev)
fc-list 2>/dev/null | grep -q 'Noto Sans CJK' || needed+=(fontconfig fonts-noto-cjk fonts-dejavu-core)
if [ ${#needed[@]} -gt 0 ]; then
  quietly apt-get update -qq
  DEBIAN_FRONTEND=noninteractive quietly apt-get install -y -qq --no-install-recommends "${needed[@]}"
fi

# VS Code's server wants this Node; where another one is installed, npm has it too.
if [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null)" != 20 ]; then
  step "Node"
  command -v npm >/dev/null || DEBIAN_FRONTEND=noninteractive quietly apt-get install -y -qq --no-install-recommends nodejs npm
  package=node-linux-$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)
  test -e "$cache/node/node_modules/$package/bin/node" || quietly npm install --no-fund --no-audit --prefix "$cache/node" "$package@20"
  export PATH=$cache/node/node_modules/$package/bin:$PATH
fi

step "VS Code"
"$here/install_code_server.sh" "$cache/code-server"
if [ ! -e "$cache/driver/node_modules/playwright-core" ]; then
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 quietly npm install --no-fund --no-audit --prefix "$cache/driver" playwright-core@1.65.1
fi

step "the extension"
cd "$root/clients/vscode"
quietly npm ci --no-fund --no-audit
npm test >>"$log" 2>&1 || { grep -A 30 '^not ok' "$log" | tail -n 60; echo "the extension's unit tests failed (whole log: $log)" >&2; exit 1; }
quietly npm run package
size=$(stat -c %s maimod.vsix)
test "$size" -lt 400000 || { echo "maimod.vsix has grown to $size bytes" >&2; exit 1; }

if [ -z "${MAIMOD_BIN:-}" ]; then
  step "maimod"
  test -e "$cache/venv/bin/python" || quietly python3 -m venv "$cache/venv"
  quietly "$cache/venv/bin/pip" install -q --disable-pip-version-check --force-reinstall --no-deps "$root"
  quietly "$cache/venv/bin/pip" install -q --disable-pip-version-check -c "$root/constraints.txt" "$root"
  MAIMOD_BIN=$cache/venv/bin
fi
test -x "$MAIMOD_BIN/maimod" || { echo "there is no maimod in MAIMOD_BIN ($MAIMOD_BIN)" >&2; exit 1; }

step "tests in VS Code"
limit=900 # seconds; two idle cores need about 200
code=0
MAIMOD_BIN=$(realpath "$MAIMOD_BIN") MAIMOD_CACHE=$cache MAIMOD_ROOT=$root timeout --kill-after=20 "$limit" node "$here/drive.mjs" || code=$?
if [ "$code" = 124 ]; then echo "the tests in VS Code were stopped after $limit s" >&2; fi
test "$code" = 0 || exit "$code"
step "done"
