#!/bin/sh
# scripts/check-layers passes the project and fails on each kind of breach. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0

report() { # STATUS TITLE
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    sed 's/^/# /' "$work/said"
  fi
}

# A small project without a breach.
set_up() {
  rm -rf "$work/p"
  mkdir -p "$work/p/scripts" "$work/p/src/base" "$work/p/src/stats" "$work/p/src/study" "$work/p/include/aftershock/base" \
    "$work/p/include/aftershock/stats"
  cp "$top/scripts/layers.txt" "$work/p/scripts/"
  echo '#include <glib.h>' >"$work/p/include/aftershock/base/text.h"
  printf '#include <aftershock/base/text.h>\n#include <string.h>\n' >"$work/p/src/base/text.c"
  echo '#include <aftershock/base/text.h>' >"$work/p/include/aftershock/stats/ols.h"
  printf '#include <aftershock/stats/ols.h>\n#include <gsl/gsl_math.h>\n' >"$work/p/src/stats/ols.c"
  printf '#include "inner.h"\n#include <aftershock/stats/ols.h>\n' >"$work/p/src/study/study.c"
  echo '#include <glib.h>' >"$work/p/src/study/inner.h"
}

# Adds a line to a file of the small project: the check must fail and print text.
breaks() { # TITLE FILE LINE TEXT
  set_up
  printf '%s\n' "$3" >>"$work/p/$2"
  if "$top/scripts/check-layers" "$work/p" >"$work/said" 2>&1; then report 1 "$1"; else
    grep -qF "$4" "$work/said"
    report $? "$1"
  fi
}

# Adds a line that is allowed.
allows() { # TITLE FILE LINE
  set_up
  printf '%s\n' "$3" >>"$work/p/$2"
  "$top/scripts/check-layers" "$work/p" >"$work/said" 2>&1
  report $? "$1"
}

"$top/scripts/check-layers" >"$work/said" 2>&1
report $? "the project has no breach"
allows "a small project without a breach passes" src/base/text.c '#include <stdlib.h>'
allows "a comment that names a function is not a use" src/base/text.c '/* g_thread_pool_new( */'
allows "a text that names a function is not a use" src/base/text.c 'static const char t[] = "g_spawn_sync(";'
allows "configuration may read JSON" src/study/config_json.h '#include <jansson.h>'

breaks "an upward include" src/base/text.c '#include <aftershock/stats/ols.h>' \
  'src/base/text.c:3: base/ may not include include/aftershock/stats/ols.h'
breaks "an upward include in a header" include/aftershock/base/text.h '#include <aftershock/stats/ols.h>' \
  'include/aftershock/base/text.h:2: base/ may not include'
breaks "an upward include of an internal header" src/stats/ols.c '#include "study/inner.h"' \
  'src/stats/ols.c:3: stats/ may not include src/study/inner.h'
breaks "an upward include by a relative path" src/stats/ols.c '#include "../study/inner.h"' \
  'src/stats/ols.c:3: stats/ may not include src/study/inner.h'
breaks "a sideways include" src/study/study.c '#include <aftershock/input/prices.h>' \
  'src/study/study.c:3: study/ may not include'
breaks "a cycle of two headers" include/aftershock/base/text.h '#include <aftershock/base/text.h>' 'include cycle:'
set_up
echo '#include <aftershock/base/b.h>' >"$work/p/include/aftershock/base/a.h"
echo '#include <aftershock/base/c.h>' >"$work/p/include/aftershock/base/b.h"
echo '#include <aftershock/base/a.h>' >"$work/p/include/aftershock/base/c.h"
"$top/scripts/check-layers" "$work/p" >"$work/said" 2>&1
[ $? = 1 ] && grep -q 'include cycle: include/aftershock/base/a.h -> include/aftershock/base/b.h' "$work/said"
report $? "a cycle of three headers"
breaks "a third-party header outside its home" src/study/study.c '#include <gsl/gsl_cdf.h>' \
  'src/study/study.c:3: <gsl/gsl_cdf.h> belongs in src/stats/ only'
breaks "JSON in a place that does not read it" src/study/study.c '#include <jansson.h>' '<jansson.h> belongs in'
breaks "a header that nobody gave a home" src/base/text.c '#include <ncurses.h>' \
  'src/base/text.c:3: <ncurses.h> is not in layers.txt'
breaks "a thread pool outside its file" src/study/study.c '  GThreadPool *pool = g_thread_pool_new(a, b, 2, FALSE, NULL);' \
  'src/study/study.c:3: g_thread_pool_... belongs in src/base/ only'
breaks "code after a comment" src/study/study.c '/* why */ g_spawn_sync(a);' 'g_spawn_... belongs in'
breaks "the header for users" src/study/study.c '#include <aftershock/aftershock.h>' 'for users of the library only'
breaks "a rule that lets data flow back" scripts/layers.txt 'layer early late' 'late, which is not on an earlier line'
set_up
mkdir "$work/p/src/extra"
echo '#include <aftershock/base/text.h>' >"$work/p/src/extra/e.c"
"$top/scripts/check-layers" "$work/p" >"$work/said" 2>&1
[ $? = 1 ] && grep -q 'folder extra is not in layers.txt' "$work/said"
report $? "a folder that the rules do not know"
rm -rf "$work/p/src" "$work/p/include"
"$top/scripts/check-layers" "$work/p" >"$work/said" 2>&1
[ $? = 2 ]
report $? "no sources: cannot check, status 2"
echo "1..$n"
