# The work of scripts/check-layers: first file the rules, then every source and header.

function breach(where, text) {
  print where ": " text
  n_breaches++
}

# A place of the rules as a regular expression on paths.
function as_pattern(place) {
  gsub(/\./, "\\.", place)
  gsub(/\*/, "[^/]*", place)
  return "^" place (place ~ /\/$/ ? "" : "$")
}

function is_at(path, places,    list, n, i) {
  n = split(places, list, " ")
  for (i = 1; i <= n; i++)
    if (path ~ as_pattern(list[i])) return 1
  return 0
}

# Folder of a path: src/F/..., include/aftershock/F/...; "" for what belongs to none.
function folder_of(path,    part) {
  split(path, part, "/")
  if (part[1] == "src" && part[3] != "") return part[2]
  if (part[1] == "include" && part[2] == "aftershock" && part[4] != "") return part[3]
  return ""
}

# a/b/../c is a/c.
function tidy(path) {
  while (match(path, /[^\/]+\/\.\.\//)) path = substr(path, 1, RSTART - 1) substr(path, RSTART + RLENGTH)
  gsub(/\/\.\//, "/", path)
  return path
}

# First entry of a table of names whose name is header, or the folder that header is in.
function entry_of(header, table,    name) {
  if (header in table) return header
  for (name in table)
    if (name ~ /\/$/ && index(header, name) == 1) return name
  return ""
}

function read_rule(    i) {
  sub(/#.*/, "")
  if (NF == 0) return
  if ($1 == "layer") {
    known[$2] = 1
    may[$2, $2] = 1
    for (i = 3; i <= NF; i++) {
      if ($i == "*") { all[$2] = 1; continue }
      if (!($i in known)) breach(FILENAME ":" FNR, $2 " may not include " $i ", which is not on an earlier line")
      may[$2, $i] = 1
    }
  } else if ($1 == "home" || $1 == "word") {
    for (i = 3; i <= NF; i++)
      if ($1 == "home") homes[$2] = homes[$2] " " $i
      else words[$2] = words[$2] " " $i
  } else if ($1 == "free") {
    for (i = 2; i <= NF; i++) free[$i] = 1
  } else {
    breach(FILENAME ":" FNR, "unknown rule " $1)
  }
}

# An include of our own file: remembered for the search of cycles, its folder judged here.
function check_own(target,    from, to) {
  edge[FILENAME, ++n_edges[FILENAME]] = target
  edge_line[FILENAME, n_edges[FILENAME]] = FNR
  if (target == "include/aftershock/aftershock.h" && FILENAME != target)
    breach(FILENAME ":" FNR, "includes aftershock.h, which is for users of the library only")
  from = folder_of(FILENAME)
  to = folder_of(target)
  if (from == "" || to == "") return
  if (!(to in known)) breach(FILENAME ":" FNR, "includes " target ", of a folder that is not in layers.txt")
  else if (!(from in known)) breach(FILENAME ":" FNR, "folder " from " is not in layers.txt")
  else if (!all[from] && !((from, to) in may)) breach(FILENAME ":" FNR, from "/ may not include " target)
}

function check_foreign(header,    entry) {
  entry = entry_of(header, homes)
  if (entry != "") {
    if (!is_at(FILENAME, homes[entry])) breach(FILENAME ":" FNR, "<" header "> belongs in" homes[entry] " only")
  } else if (entry_of(header, free) == "") {
    breach(FILENAME ":" FNR, "<" header "> is not in layers.txt: give it a home there")
  }
}

function check_include(line,    name, dir) {
  sub(/^[ \t]*#[ \t]*include[ \t]*/, "", line)
  name = substr(line, 2)
  sub(/[">].*/, "", name)
  if (line ~ /^</) {
    if (name ~ /^aftershock\//) check_own("include/" name)
    else check_foreign(name)
    return
  }
  dir = FILENAME
  sub(/[^\/]*$/, "", dir)
  check_own((tidy(dir name) in exists) ? tidy(dir name) : tidy("src/" name))
}

function check_words(line,    word) {
  for (word in words)
    if (line ~ ("(^|[^A-Za-z0-9_])" word) && !is_at(FILENAME, words[word]))
      breach(FILENAME ":" FNR, word "... belongs in" words[word] " only")
}

# Depth-first search; state 1: on the path, 2: done.
function visit(file, path,    i, next_file) {
  state[file] = 1
  for (i = 1; i <= n_edges[file]; i++) {
    next_file = edge[file, i]
    if (state[next_file] == 1) breach(file ":" edge_line[file, i], "include cycle:" path " " file " -> " next_file)
    else if (state[next_file] == 0) visit(next_file, path " " file " ->")
  }
  state[file] = 2
}

BEGIN {
  for (i = 2; i < ARGC; i++) exists[ARGV[i]] = 1
}
FNR == 1 { in_comment = 0 }
NR == FNR { read_rule(); next }
/^[ \t]*#[ \t]*include[ \t]*["<]/ { check_include($0); next }
{
  # Words in comments and texts are talk, not use.
  line = $0
  gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
  gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, " ", line)
  if (in_comment) {
    if (!match(line, /\*\//)) next
    line = substr(line, RSTART + 2)
    in_comment = 0
  }
  if (match(line, /\/\*/)) {
    line = substr(line, 1, RSTART - 1)
    in_comment = 1
  }
  sub(/\/\/.*/, "", line)
  check_words(line)
}
END {
  for (i = 2; i < ARGC; i++)
    if (state[ARGV[i]] == 0) visit(ARGV[i], "")
  if (n_breaches > 0) {
    print n_breaches " breach(es) of the layers; the rules are in scripts/layers.txt"
    exit 1
  }
  print "layers: " (ARGC - 2) " files, no breach"
}
