import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { load } from "./modules.mjs";

/** A server whose data have a version, and which fails as often as a test wants. */
const requests = [];
let version = '"1"';
let failures = 0;
let cuts = 0;
const server = createServer((request, response) => {
  requests.push(request.url);
  if (cuts > 0) {
    cuts--;
    request.socket.destroy();
  } else if (failures > 0) {
    failures--;
    response.writeHead(503).end();
  } else if (request.headers["if-none-match"] === version) {
    response.writeHead(304).end();
  } else {
    response.writeHead(200, { "Content-Type": "application/json", ETag: version });
    response.end(JSON.stringify({ url: request.url }));
  }
});
let source;

before(async () => {
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  source = load(["text", "source/server"], { fetch }).serverSource("http://127.0.0.1:" + server.address().port + "/");
});

after(() => {
  server.closeAllConnections();
  server.close();
});

test("an answer has the version that the next question names, and what has not changed does not come again", async () => {
  const first = await source.data({ run: "a b&c", lane: 0 }, null);
  assert.equal(first.url, "/data?run=a+b%26c&lane=0");
  assert.equal(first.version, '"1"');
  assert.equal(await source.data({}, first.version), null);
  version = '"2"';
  assert.equal((await source.data({}, first.version)).version, '"2"');
});

test("what went wrong is told", async () => {
  failures = 1;
  await assert.rejects(source.data({}, null), { message: "HTTP 503" });
});

test("a branch is asked for once, but again if that failed", async () => {
  failures = 1;
  await assert.rejects(source.branch("r", 7), { message: "HTTP 503" });
  cuts = 1;
  await assert.rejects(source.branch("r", 7), TypeError);
  requests.length = 0;
  const found = await Promise.all([source.branch("r", 7), source.branch("r", 7)]);
  assert.equal(found[0].url, "/branch?run=r&index=7");
  assert.equal(await source.branch("r", 7), found[1]);
  assert.equal(requests.length, 1);
  await source.branch("other", 7);
  assert.equal(requests.length, 2);
});

test("a name of a step does not change what a download is of", () => {
  const href = source.downloads("a&format=csv")[0].href;
  assert.deepEqual([...new URL(href).searchParams], [["run", "a&format=csv"], ["format", "json"]]);
});
