// A persistent worker for ioPool in Node: finds the links of HTML pages. It answers one JSON line for each JSON line
// that it reads, until there are no more.

const fs = require('fs')
const readline = require('readline')

const links = html => [...html.matchAll(/<a\s[^>]*href="([^"]*)"/gi)].map(match => match[1])

readline.createInterface({ input: process.stdin }).on('line', line => {
  const request = JSON.parse(line)
  const answer = { requestId: request.requestId, exitCode: 0, output: '' }
  try {
    // The input is a file name here. One that is too large for a line would come in a file of its own.
    answer.value = links(fs.readFileSync(request.arguments[0], 'utf8'))
  } catch (problem) {
    answer.exitCode = 1
    answer.output = problem.message
  }
  // Nothing but answers may go to the standard output; what else there is to say goes to console.error.
  process.stdout.write(JSON.stringify(answer) + '\n')
})
