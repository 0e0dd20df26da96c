#!/bin/sh
# tests/cli/run accepts what is as written and finds every kind of difference. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0

# A program that does what the cases need.
cat >"$work/program" <<'END'
#!/bin/sh
case $1 in
  say) shift; printf '%s\n' "$@" ;;
  warn) shift; printf '%s\n' "$@" >&2 ;;
  fail) exit "$2" ;;
  show) cat "$2" ;;
  raw) printf "$2" ;;
  where) pwd ;;
  which) command -v "$2" ;;
esac
END
chmod +x "$work/program"

run() { AFTERSHOCK="$work/program" perl "$top/tests/cli/run" "$@" >"$work/said" 2>&1; }

report() { # STATUS TITLE
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    sed 's/^/# | /' "$work/said"
  fi
}

passes() { # TITLE, file on standard input
  cat >"$work/one.test"
  run "$work/one.test"
  report $? "$1"
}

differs() { # TITLE TEXT, file on standard input: status 1 and TEXT in what is said
  cat >"$work/one.test"
  run "$work/one.test"
  [ $? = 1 ] && grep -qF -e "$2" "$work/said"
  report $? "$1"
}

refuses() { # TITLE TEXT, file on standard input: the file itself is wrong
  cat >"$work/one.test"
  run "$work/one.test"
  [ $? = 255 ] && grep -qF -e "$2" "$work/said"
  report $? "$1"
}

passes 'output, messages and status as written' <<'END'
$ aftershock say one two
> one
> two
$ aftershock warn three
2> three
$ aftershock fail 3
? 3
END
passes 'files, folders, copies, edits, absence, presence' <<'END'
== file a/b.txt
first
\$ second

# not a comment
== folder c
== edit a/b.txt s/first/1st/
== copy LICENSE a/text
== absent d*
$ aftershock show a/b.txt
> 1st
> $ second
>
> # not a comment
== present a/text
== present c
END
passes 'bytes by their number' <<'END'
== file x escaped
a\r
\x00b\
c\t.
$ aftershock show x
> a\r
> \x00bc	.
END
passes 'numbers within the tolerance' <<'END'
$ aftershock say "t = -5.0500000000001 (p 1e-7)"
> t = -5.05 (p 0.0000001)
== tolerance 0.01
$ aftershock say "0.1001"
> 0.1000
END
passes 'any lines and any text' <<'END'
$ aftershock say a b c "took 12 s" d
> a
> ...
> took <*> s
> d
END
passes 'places of the run have names' <<'END'
$ aftershock where
> {dir}
$ aftershock say $TOP/data
> {top}/data
END
passes 'scripts are told which program is tested' <<'END'
$ "$AFTERSHOCK" say told
> told
END
passes 'a path without other programs' <<'END'
$ PATH=$BIN; aftershock raw ""; command -v perl
? 127
END
passes 'a case with its own files after the common ones' <<'END'
== file a
common
== absent b
== case first
$ aftershock show a; rm a
> common
== case second
$ aftershock show a
> common
END
passes 'a program that is not installed' <<'END'
== needs no-such-program-here
$ aftershock say a
> b
END
grep -q '^ok 1 .*# SKIP needs no-such-program-here' "$work/said"
report $? 'and it says that it was skipped'

differs 'another line' '    -two' <<'END'
$ aftershock say one
> two
END
differs 'a line too many' '    +two' <<'END'
$ aftershock say one two
> one
END
differs 'a line too few' '    -two' <<'END'
$ aftershock say one
> one
> two
END
differs 'output that nobody expects' '    +one' <<'END'
$ aftershock say one
END
differs 'a message that nobody expects' '    +one' <<'END'
$ aftershock warn one
END
differs 'another message' '  stderr:' <<'END'
$ aftershock warn one
2> two
END
differs 'another status' 'exit status 1, expected 0' <<'END'
$ aftershock fail 1
END
differs 'a program that is killed' 'exit status 137, expected 0' <<'END'
$ kill -9 $$
END
differs 'a number outside the tolerance' '+0.1002' <<'END'
$ aftershock say 0.1002
> 0.1001
END
differs 'whole numbers and dates have no tolerance' '+2025-01-21 1000' <<'END'
== tolerance 0.5
$ aftershock say "2025-01-21 1000"
> 2025-01-20 1000
END
differs 'text around a number' '+p=0.5' <<'END'
== tolerance 0.5
$ aftershock say p=0.5
> t=0.5
END
differs 'a missing end of line' '(no newline at the end)' <<'END'
$ aftershock raw one
> one
END
differs 'a file that should not be there' 'is there: out.partial' <<'END'
== absent out*
$ touch out.partial
END
differs 'a file that should be there' 'out is not there' <<'END'
$ aftershock raw ""
== present out
END
differs 'an edit without effect' 'the edit changes nothing in a' <<'END'
== file a
text
== edit a s/other/word/
$ aftershock raw ""
END
differs 'the line of the command is named' 'one.test:2: $ aftershock say' <<'END'
# comment
$ aftershock say one
END
differs 'the second of two cases' 'not ok 2 - second' <<'END'
== case first
$ aftershock raw ""
== case second
$ aftershock fail 1
END
refuses 'a line that is not understood' 'one.test:2: not understood: >one' <<'END'
$ aftershock say one
>one
END
refuses 'a file without a command' 'no command' <<'END'
== file a
END

cat >"$work/one.test" <<'END'
== case a
$ aftershock say one; aftershock warn two; aftershock fail 3
> zero
== case b
$ aftershock say one
> <*>
END
run --update "$work/one.test"
cat >"$work/expected" <<'END'
== case a
$ aftershock say one; aftershock warn two; aftershock fail 3
> one
2> two
? 3
== case b
$ aftershock say one
> <*>
END
cp "$work/one.test" "$work/said"
cmp -s "$work/one.test" "$work/expected"
report $? '--update writes what was said, and only where it differs'
echo "1..$n"
