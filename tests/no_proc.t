#!/bin/sh
# A program of a build tree finds its files where the system has no /proc, as in a bare root that nothing is mounted into. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${AFTERSHOCK:-$top/build/release/aftershock}

# Runs in a mount namespace of its own, in which /proc is an empty folder.
without_proc() {
  unshare --user --map-root-user --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$@"
}
if ! without_proc true 2>/dev/null; then
  echo '1..0 # SKIP this system lets no user hide /proc'
  exit 0
fi
if ! without_proc "$program" --version >/dev/null 2>&1; then
  echo '1..0 # SKIP a program with a sanitizer in it does not start without /proc'
  exit 0
fi

n=0
check() { # TITLE COMMAND...
  title=$1
  shift
  n=$((n + 1))
  if said=$("$@" 2>&1); then echo "ok $n - $title"; else
    echo "not ok $n - $title"
    printf '%s\n' "$said" | sed 's/^/# /'
  fi
}

check 'called by its full path' without_proc "$program" explain bmp
cd "$(dirname "$program")" || exit 1
check 'called from its own folder' without_proc "./$(basename "$program")" explain bmp
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
ln -s "$program" "$work/aftershock"
check 'called through a symbolic link' without_proc "$work/aftershock" explain bmp
PATH=$work:$PATH
check 'found on the search path' without_proc aftershock explain bmp
echo "1..$n"
