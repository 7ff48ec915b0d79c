#!/usr/bin/env bash
# One failure with colours in its message, and the JUnit report of node:test, mocha or bats is no XML: all results are lost.
#
# The test fails with ESC in its message, as messages of assertions have it with FORCE_COLOR=1. XML 1.0 can't contain that
# character, not even as a reference (2.2, 4.1). What is in the report, seen with these versions:
#   Node.js 20.20.2, --test-reporter=junit        the character itself              not well-formed
#   mocha 11.8.0, reporter xunit                  &#x1B;                            not well-formed
#   bats 1.8.2 (Debian), --formatter junit        &#27;                             not well-formed
#   mocha-junit-reporter 2.2.1                    nothing: "[31mred[0m text"        well-formed
#   pytest 7.2.1 (Debian), --junitxml             the text #x1B                     well-formed
#
# Good guesses miss it: "it is escaped, so it is valid" is true in HTML and XML 1.1. mocha and bats escape with care, and a parser
# rejects the reference for the same reason as the character. The report fails only when a test does, with colours on.
#
# Needs Node.js 20 with npm, Debian's bats, python3-pytest and python3. Exits 0 while it is so.
set -eu

for package in bats python3-pytest python3; do
    dpkg-query -W -f '${Package} ${Version}\n' "$package" || { echo "apt-get install $package"; exit 77; }
done
case $(node --version 2>&1) in v20.*) echo "node $(node --version)" ;; *) echo "Node.js 20 is not installed"; exit 77 ;; esac
command -v npm >/dev/null || { echo "npm is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund mocha@11.8.0 mocha-junit-reporter@2.2.1
cat > red.test.js <<'NODE'
const test = globalThis.it ?? require('node:test').test;
test('red', () => { throw new Error('\u001b[31mred\u001b[0m text'); });
NODE
cat > red.bats <<'BATS'
@test "red" {
    printf '\033[31mred\033[0m text\n'
    false
}
BATS
cat > test_red.py <<'PYTHON'
def test_red():
    raise AssertionError('\x1b[31mred\x1b[0m text')
PYTHON
cat > parse.py <<'PYTHON'
import sys
import xml.etree.ElementTree
try:
    root = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
    print('well-formed', len(list(root.iter('testcase'))))
except xml.etree.ElementTree.ParseError as e:
    print('not well-formed:', e)
PYTHON
# all of them end with another code than 0, because a test has failed
node --test --test-reporter=junit red.test.js > node.xml || true
node_modules/.bin/mocha --reporter xunit red.test.js > mocha.xml || true
MOCHA_FILE=mocha-junit-reporter.xml node_modules/.bin/mocha --reporter mocha-junit-reporter red.test.js > log || true
bats --formatter junit red.bats > bats.xml || true
/usr/bin/python3 -m pytest -q -p no:cacheprovider --junitxml=pytest.xml test_red.py > log || true

result=0
check() { # name, wanted beginning of the parser's word, what the report contains
    local seen
    seen=$(/usr/bin/python3 parse.py "$1.xml")
    echo "$1: $seen"
    case $seen in "$2"*) ;; *) result=1 ;; esac
    grep -qF "$3" "$1.xml" || { echo "$1: no '$3'"; result=1; }
}
check node 'not well-formed' $'\033[31mred'
check mocha 'not well-formed' '&#x1B;[31mred'
check bats 'not well-formed' '&#27;[31mred'
check mocha-junit-reporter 'well-formed 1' '[31mred[0m text'
check pytest 'well-formed 1' '#x1B[31mred'
exit "$result"
