#!/usr/bin/env bash
# With lineterminator='\n' Python's csv writes a field with a lone CR without quotes, and no reader gets the two rows back.
#
# Rows: ["a\rb", "c"] and ["d", "e"]. Seen with Debian's python3 3.11.2, npm's csv-parse 7.0.3, d3-dsv 3.0.2, papaparse 5.7.1:
#   csv.writer(file)                        "a\rb",c     as it should be: the line terminator is \r\n
#   csv.writer(file, lineterminator='\n')   a\rb,c       and so does DictWriter
# What readers make of the second file, in the order given:
#   csv.reader      [["a"], ["b", "c"], ["d", "e"]]      no error: a field has become a row
#   csv-parse       error: Invalid Record Length
#   d3-dsv          as csv.reader
#   papaparse       [["a"], ["b", "c\nd", "e\n"]]        it takes CR for the line end of the whole file
# csv-stringify 6.9.0, fast-csv 5.0.8, papaparse, d3-dsv and commons-csv 1.14.1 write quotes here, whatever the line end is.
#
# Good guesses miss it: "csv.QUOTE_MINIMAL quotes all that a reader needs" counts the characters of lineterminator, and no other
# line end; the reader ignores lineterminator and knows both. Progress bars and old Mac texts have a lone CR in outputs.
#
# Needs Debian's python3, and nodejs with npm. Exits 0 while it is so.
set -eu

dpkg-query -W -f '${Package} ${Version}\n' python3 || { echo "apt-get install python3"; exit 77; }
command -v npm >/dev/null || { echo "npm is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund csv-parse@7.0.3 d3-dsv@3.0.2 papaparse@5.7.1
cat > rows.py <<'PYTHON'
import csv
import json
import sys
for terminator, name in (('\r\n', 'crlf.csv'), ('\n', 'lf.csv')):
    with open(name, 'w', newline='') as file:
        csv.writer(file, lineterminator=terminator).writerows([['a\rb', 'c'], ['d', 'e']])
    with open(name, newline='') as file:
        print(json.dumps(list(csv.reader(file)), separators=(',', ':')))
PYTHON
cat > rows.mjs <<'NODE'
import fs from 'node:fs';
import { csvParseRows } from 'd3-dsv';
import { parse } from 'csv-parse/sync';
import papaparse from 'papaparse';
const text = fs.readFileSync('lf.csv', 'utf8');
try {
    console.log(JSON.stringify(parse(text)));
} catch (e) {
    console.log(e.message);
}
console.log(JSON.stringify(csvParseRows(text)));
console.log(JSON.stringify(papaparse.parse(text).data));
NODE
seen=$(/usr/bin/python3 rows.py && node rows.mjs)
echo "$seen"
[ "$(head -1 crlf.csv | tr '\r' '_')" = '"a_b",c_' ]
[ "$(head -1 lf.csv | tr '\r' '_')" = 'a_b,c' ]
[ "$seen" = '[["a\rb","c"],["d","e"]]
[["a"],["b","c"],["d","e"]]
Invalid Record Length: expect 1, got 3 on line 3
[["a"],["b","c"],["d","e"]]
[["a"],["b","c\nd","e\n"]]' ]
