#!/bin/sh
# tests/run lets one test program fail without stopping the others, and keeps its exit status. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0

report() { # STATUS TITLE
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    sed 's/^/# | /' "$work/said"
  fi
}

program() { # NAME, body on standard input
  { echo '#!/bin/sh' && cat; } >"$work/$1"
  chmod +x "$work/$1"
}

program test_good <<'END'
echo "1..1
ok 1 - arguments $*"
END
program test_bad <<'END'
echo "1..2
ok 1 - first
Bail out! an assertion failed"
exit 134
END
program test_leak <<'END'
echo "1..1
ok 1 - only"
exit 99
END
program wrap <<'END'
echo "# wrapped"
exec "$@"
END

cd "$top" || exit 1
AFT_TEST_ARGS='-m slow' AFT_WRAP="$work/wrap" tests/run "$work/test_good" >"$work/said" 2>&1
[ $? = 0 ] && grep -q '^# wrapped' "$work/said" && grep -q 'arguments --tap -m slow' "$work/said"
report $? 'a program gets its arguments and its wrapper'
tests/run "$work/test_bad" >"$work/said" 2>&1
[ $? = 134 ] && grep -q '^# Bail out: an assertion failed' "$work/said" && ! grep -q '^Bail out!' "$work/said"
report $? 'an assertion that fails is the failure of its program alone'
prove --exec tests/run "$work/test_bad" "$work/test_leak" "$work/test_good" >"$work/said" 2>&1
[ $? != 0 ] && grep -q 'test_good .* ok$' "$work/said" && grep -q 'Non-zero exit status: 99' "$work/said" &&
  grep -q 'You planned 2 tests but ran 1' "$work/said"
report $? 'the others run all the same, and a bad status after good tests counts'
echo "1..$n"
