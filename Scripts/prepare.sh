# What the scripts of this folder share: sourced by them, never run. It needs bash and leaves the caller in the
# root of the repository.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

# The C libraries that the program is built with.
libraries=(libedit-dev libpcre2-dev zlib1g-dev libzstd-dev liblz4-dev)

# Tells the person something. Standard output belongs to the program alone.
tell() { printf '%s\n' "$*" >&2; }

# Runs a command with its output kept in a log, which is shown only when the command fails. It reads nothing.
quietly() {
  local log status
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null
  status=$?
  if [ $status -ne 0 ]; then cat "$log" >&2; fi
  rm -f "$log"
  return $status
}

# The Debian packages among the arguments that are not installed, one a line.
missing_packages() {
  local package
  for package in "$@"; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      printf '%s\n' "$package"
    fi
  done
}

apt_install() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@"
}

apt_update() {
  if [ "$(id -u)" -ne 0 ]; then sudo apt-get update -qq; else apt-get update -qq; fi
}

# Installs the Debian packages among the arguments that are missing. Fails, saying what to do, when it cannot.
# On a system without dpkg the libraries are taken to be there: the build says so when they are not.
install_packages() {
  local missing
  command -v dpkg-query >/dev/null || return 0
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null || { [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; }; then
    tell "These packages are missing: ${missing[*]}"
    tell "Install them as root:       apt-get install ${missing[*]}"
    return 1
  fi
  tell "Installing ${missing[*]} …"
  # sudo may have to ask for a password, before its output is kept in a log.
  if [ "$(id -u)" -ne 0 ]; then sudo -v || return 1; fi
  # The lists of packages of a fresh machine are empty or old: fetched only when the first try needs them.
  apt_install "${missing[@]}" >/dev/null 2>&1 </dev/null && return 0
  quietly apt_update
  quietly apt_install "${missing[@]}" && return 0
  tell "These packages could not be installed: ${missing[*]}"
  return 1
}

require_swift() {
  command -v swift >/dev/null && return 0
  tell "Swift is not on the PATH. Rounds needs Swift 6.3 or later: https://www.swift.org/install/linux/"
  return 1
}

binary=$root/.build/release/rounds

# What the last release build made, so that another build of the same file, with other options, is noticed.
fingerprint() { stat -Lc '%Y %s %i' "$binary" 2>/dev/null; }

# A folder with nothing but the C++ library to be linked in, where the compiler has one: a folder that also has the
# shared one would give that. Nothing where it has none; the build does without.
static_libraries() {
  local folder=$root/.build/static-libraries compiler library
  compiler=$(dirname "$(readlink -f "$(command -v swift)")")/clang
  library=$("$compiler" -print-file-name=libstdc++.a 2>/dev/null)
  [ -f "$library" ] || return 0
  mkdir -p "$folder" && ln -sf "$library" "$folder/" && printf '%s\n' "$folder"
}

# Builds the release, only if a source is newer than the last one. The Swift libraries are linked in, and that of C++:
# the binary runs where no Swift is installed, and starts sooner.
build_release() {
  local stamp=$root/.build/release-stamp started libraries_in
  if [ -x "$binary" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint)" ] &&
    [ -z "$(find Sources Package.swift -newer "$stamp" -print -quit)" ]; then
    return 0
  fi
  require_swift || return 1
  if [ -x "$binary" ]; then
    tell "Building Rounds …"
  else
    tell "Building Rounds: the first time takes some minutes …"
  fi
  mkdir -p .build
  started=$(mktemp .build/release-started.XXXXXX)
  libraries_in=$(static_libraries)
  if ! quietly env ${libraries_in:+ROUNDS_LIBRARIES="$libraries_in"} \
    swift build -c release --static-swift-stdlib --product rounds; then
    rm -f "$started"
    tell "The build failed."
    return 1
  fi
  # A file changed while the build ran is newer than the stamp, which carries the time of the start.
  fingerprint >"$stamp"
  touch -r "$started" "$stamp"
  rm -f "$started"
}
