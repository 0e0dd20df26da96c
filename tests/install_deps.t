#!/bin/sh
# scripts/install-deps: what it says, what it installs with each package manager, as whom, and that a second run is silent. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0
bin=$work/bin

report() { # STATUS TITLE
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    sed 's/^/# /' "$work/said" "$work/calls"
  fi
}

fake() { # NAME, body on standard input
  { echo '#!/bin/sh' && cat; } >"$bin/$1"
  chmod +x "$bin/$1"
}

# A machine with nothing but a shell, a package manager, and a user.
machine() { # MANAGER UID
  rm -rf "$bin"
  mkdir -p "$bin"
  : >"$work/calls"
  for tool in sh env grep find sed cat ln; do ln -s "$(command -v $tool)" "$bin/$tool"; done
  echo "echo $2" | fake id
  fake "$1" <<END
echo "$1 \$*" >>"$work/calls"
case "\$*" in
  *install*|*-Sy*) for tool in cc make pkg-config gnuplot prove perl cmp mpirun psql initdb; do ln -sf "$work/found" "$bin/\$tool"; done ;;
esac
END
  fake sudo <<END
echo "sudo \$*" >>"$work/calls"
exec "\$@"
END
}

# What the installed programs say: enough for every probe.
printf '#!/bin/sh\n[ "$1" != --version ] || echo GNU Make\n' >"$work/found"
chmod +x "$work/found"

install_deps() { PATH=$bin HOME=$work "$top/scripts/install-deps" "$@" >"$work/said" 2>&1; }

called() { grep -qE -e "$1" "$work/calls"; }

machine apt-get 0
install_deps --check
report $? 'apt, root: installs'
grep -q '^Missing: a C compiler, GNU make, pkg-config' "$work/said" && grep -q '^Installing with apt: gcc libc6-dev make' "$work/said"
report $? 'and says so first'
called '^apt-get install -q -y --no-install-recommends .*libglib2.0-dev libgsl-dev libjansson-dev libcurl4-openssl-dev libsqlite3-dev libzip-dev zlib1g-dev libexpat1-dev gnuplot-nox.* perl.* libmicrohttpd-dev .*libpq-dev' && ! called sudo
report $? 'with its names of the packages and without sudo'
: >"$work/calls"
install_deps --check && [ ! -s "$work/said" ] && [ ! -s "$work/calls" ]
report $? 'the second time it says nothing and does nothing'

machine apt-get 1000
install_deps
called '^sudo apt-get update' && called '^sudo env DEBIAN_FRONTEND=noninteractive apt-get install' && ! called ' perl' && ! called microhttpd && ! called postgresql
report $? 'apt, user: through sudo, without what only tests need'
rm "$bin/sudo" "$bin/make"
: >"$work/calls"
install_deps
[ $? = 1 ] && grep -q 'needs root and there is no sudo: as root, install make' "$work/said" && [ ! -s "$work/calls" ]
report $? 'apt, user, no sudo: says what to install'

machine dnf 0
install_deps --check && called '^dnf install -y .*glib2-devel gsl-devel jansson-devel libcurl-devel sqlite-devel libzip-devel zlib-devel expat-devel gnuplot .*perl-Test-Harness.* libmicrohttpd-devel .*libpq-devel postgresql postgresql-server'
report $? 'dnf'
machine pacman 0
install_deps && called '^pacman -Sy --needed --noconfirm .*pkgconf glib2 gsl jansson curl sqlite libzip zlib expat gnuplot'
report $? 'pacman'
machine brew 1000
install_deps && called '^brew install .*glib gsl jansson libzip gnuplot' && ! called sudo
report $? 'brew, without sudo'

machine apt-get 0
install_deps --list
[ $? = 1 ] && grep -q '^Missing: ' "$work/said" && [ ! -s "$work/calls" ]
report $? '--list only lists'
machine unknown-manager 0
install_deps
[ $? = 1 ] && grep -q 'none of apt, dnf, pacman and brew is here' "$work/said"
report $? 'no known package manager'
machine apt-get 0
echo "exit 0" | fake apt-get
install_deps
[ $? = 1 ] && grep -q 'still missing after installing: a C compiler' "$work/said"
report $? 'an installation that installed nothing'
machine apt-get 0
echo "exit 100" | fake apt-get
install_deps
[ $? = 100 ]
report $? 'an installation that fails'
install_deps --frobnicate
[ $? = 2 ]
report $? 'an unknown option'
echo "1..$n"
