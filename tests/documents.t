#!/bin/sh
# The documents: links lead to files, and the page of the result folder names every file that a run writes. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${AFTERSHOCK:-$top/build/release/aftershock}
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

cd "$top" || exit 1
for document in *.md docs/*.md data/*.md data/*/*.md src/*.md tests/*.md; do
  # [text](place), without the part after # and without links that leave the project.
  grep -o '](\([^)]*\))' "$document" | sed 's/^](//; s/)$//; s/#.*//' | grep -v -e '^[a-z]*:' -e '^$' |
    while IFS= read -r link; do
      [ -e "$(dirname "$document")/$link" ] || echo "$document: $link leads nowhere"
    done
done >"$work/said"
[ ! -s "$work/said" ]
report $? 'links lead to files'

(cd "$work" && "$program" run "$top/data/deepseek/study.json" --out out --no-charts --quiet) 2>"$work/said"
report $? 'a study runs'
for file in "$work"/out/* "$work"/out/tables/*.md; do
  name=${file##*/}
  case $file in
    */tables) continue ;;
    */tables/*) grep -q "^| \`${name%.md}\` |" docs/result-folder.md || echo "tables/$name" ;;
    *) grep -q "\`$name\`" docs/result-folder.md || echo "$name" ;;
  esac
done >"$work/said"
[ ! -s "$work/said" ]
report $? 'docs/result-folder.md names every file of a result'
echo "1..$n"
