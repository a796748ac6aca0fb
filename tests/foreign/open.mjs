// Prints a line of JSON for each page that ReplayWeb.page finds in a WACZ, with what it shows of it.
import "fake-indexeddb/auto";
import { createServer } from "node:http";
import { createReadStream, statSync } from "node:fs";

const packed = process.argv[2];
const length = statSync(packed).size; // too long to be held, where it is one of zip64
const server = createServer((asked, answer) => {
  const [, first, last] = /bytes=(\d*)-(\d*)/.exec(asked.headers.range ?? "bytes=0-");
  const begin = first ? Number(first) : Math.max(0, length - Number(last));
  const end = first && last ? Math.min(Number(last) + 1, length) : length;
  answer.writeHead(asked.headers.range ? 206 : 200, {
    "Accept-Ranges": "bytes",
    "Content-Length": end - begin,
    "Content-Range": `bytes ${begin}-${end - 1}/${length}`,
  });
  if (asked.method === "HEAD" || begin >= end) answer.end();
  else createReadStream(packed, { start: begin, end: end - 1 }).on("error", () => answer.destroy()).pipe(answer);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const root = `http://127.0.0.1:${server.address().port}`;
// The reader is made for a service worker, and asks who it is.
globalThis.self = globalThis;
globalThis.location = new URL(root);
console.log = () => {};
const { ArchiveRequest, WorkerLoader } = await import("@webrecorder/wabac/swlib");

const loader = new WorkerLoader({ addEventListener() {} });
await loader._init_db;
const sourceUrl = `${root}/packed.wacz`;
await loader.addCollection({ name: "packed", file: { sourceUrl, loadUrl: sourceUrl } }, () => {});
const { store } = await loader.loadColl("packed");
for (const page of await store.getAllPages()) {
  const moment = new Date(page.ts).toISOString().replace(/\D/g, "").slice(0, 14);
  const request = new ArchiveRequest(`${moment}id_/${page.url}`, new Request(`${root}/w`));
  const found = await store.getResource(request, `${root}/w/`, {}, { noRedirect: true });
  const body = Buffer.from(await found.getBuffer()).toString("base64");
  const told = { url: page.url, title: page.title, status: found.status, body };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
server.close();
