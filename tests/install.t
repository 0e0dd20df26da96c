#!/bin/sh
# An installed tree works from wherever it is moved to, and uninstall leaves nothing. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${AFTERSHOCK:-$top/build/release/aftershock}
variant=$(basename "$(dirname "$program")")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0
unset AFTERSHOCK_DATA

report() { # STATUS TITLE
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    sed 's/^/# /' "$work/said"
  fi
}

# The program is not built again: other tests are using it.
run_make() {
  MAKEFLAGS='' make -C "$top" -o "build/$variant/aftershock" VARIANT="$variant" PREFIX=/usr DESTDIR="$work/image" "$@" \
    >"$work/said" 2>&1
}

run_make install
report $? 'make install'
for file in bin/aftershock bin/aftershock-reproduce share/man/man1/aftershock.1 share/doc/aftershock/result-folder.md \
  share/doc/aftershock/study-folder.md share/doc/aftershock/aftershock.sbatch share/aftershock/plots/style.gp share/aftershock/docs/methods.md \
  share/aftershock/data/study.schema.json share/aftershock/data/init/study.json share/aftershock/data/calendars/XNYS.txt; do
  [ -s "$work/image/usr/$file" ]
  report $? "installed: $file"
done
[ -z "$(find "$work/image" -type f -perm -002)" ]
report $? 'nothing that everybody may write'

# Links of the installed documents, [text](place), to files: one a line, with the document it stands in.
find "$work/image/usr/share" -name '*.md' | while IFS= read -r document; do
  grep -o '](\([^)]*\))' "$document" | sed 's/^](//; s/)$//; s/#.*//' | grep -v -e '^[a-z]*:' -e '^$' |
    while IFS= read -r link; do
      [ -e "${document%/*}/$link" ] || echo "$document: $link leads nowhere"
    done
done >"$work/said"
[ ! -s "$work/said" ]
report $? 'the links of installed documents lead to files'

mv "$work/image/usr" "$work/moved"
mkdir -p "$work/image/usr"
(cd "$work" && moved/bin/aftershock init my && moved/bin/aftershock run my/study.json --out out --no-charts --quiet) \
  >"$work/said" 2>&1
report $? 'a moved tree finds its data'
[ -s "$work/out/report.html" ]
report $? 'and makes a report'
(cd "$work" && unset AFTERSHOCK && PATH=/usr/bin:/bin moved/bin/aftershock-reproduce out) >"$work/said" 2>&1 &&
  grep -q 'files, every byte the same$' "$work/said"
report $? 'aftershock-reproduce finds the program beside it'
mkdir "$work/alone"
cp "$work/moved/bin/aftershock-reproduce" "$work/alone/"
(cd "$work" && unset AFTERSHOCK && PATH=$work/moved/bin:$PATH alone/aftershock-reproduce out) >"$work/said" 2>&1 &&
  grep -q 'files, every byte the same$' "$work/said"
report $? 'and else the one on PATH'
rmdir "$work/image/usr"
mv "$work/moved" "$work/image/usr"
run_make uninstall
[ -z "$(find "$work/image" -type f)" ]
report $? 'make uninstall leaves no file'
echo "1..$n"
