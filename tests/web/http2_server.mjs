// A server of HTTP/2 and HTTP/1.1 over TLS on loopback, made of nghttp2 by way of Node.
// node http2_server.mjs CERTIFICATE KEY; says its port on the first line, then each request's version.
import { constants, createSecureServer } from 'node:http2';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

const [certificate, key] = process.argv.slice(2).map(each => readFileSync(each));
const text = '<html lang="az"><body><h1>Körpünün təmiri başa çatıb</h1></body></html>';
const asHttp1 = new Set(['/kohne']);

const say = (request, answer) => {
  console.log(`${request.httpVersion} ${request.method} ${request.url}`);
  const path = request.url.split('?')[0];
  const stream = request.stream;
  if (request.httpVersion === '2.0' && asHttp1.has(path)) {
    stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED);
    return;
  }
  answer.setHeader('Content-Type', 'text/html; charset=utf-8');
  if (path === '/degismeyib') { answer.statusCode = 304; answer.setHeader('ETag', '"a"'); answer.end(); return; }
  if (path === '/yonelt') { answer.statusCode = 302; answer.setHeader('Location', '/xeber'); answer.end(); return; }
  if (path === '/uzun') { answer.end(Buffer.alloc(200000, 'a')); return; }
  if (path === '/kesik') { answer.write('yarım'); setTimeout(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR), 50); return; }
  if (path === '/susan') return;
  if (path === '/qirilan') { answer.write('yarım'); setTimeout(() => stream.session.destroy(), 50); return; }
  if (path === '/az') { answer.setHeader('Content-Length', 100); answer.end('az'); return; }
  if (path === '/cox') { answer.setHeader('Content-Length', 3); answer.end('artıqlaması'); return; }
  if (path.startsWith('/film')) { answer.setHeader('Content-Type', 'video/mp4'); Readable.from(film(stream, path.split('-'))).pipe(answer); return; }
  if (path === '/damci') { answer.write('bir'); return; }
  if (path === '/son') { stream.session.goaway(); }
  answer.setHeader('Content-Encoding', 'gzip');
  answer.setHeader('X-Iki', ['bir', 'iki']);
  answer.setHeader('Transfer', request.headers['if-none-match'] || 'none');
  answer.end(gzipSync(text));
};

// A film of so many MB, /film-200; of one that is cut (/film-200-kesik) half comes, then nothing.
function* film(stream, [, megabytes, isCut]) {
  for (let number = 0; number < megabytes; number++) {
    if (isCut && number * 2 >= megabytes) { stream.session.destroy(); return; }
    const piece = Buffer.alloc(1 << 20);
    piece.writeUInt32BE(number);
    yield piece;
  }
}

const server = createSecureServer({ cert: certificate, key, allowHTTP1: true }, say);
server.on('sessionError', () => 0);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
