import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyDeadline, paced } from './body-time.js';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the deadline of a body', () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    const app = express();
    app.use(bodyDeadline(300));
    app.post('/', express.json(), (request, response) => void response.json(request.body));
    app.get('/slow', async (_request, response) => {
      await sleep(600);
      response.send('late but whole');
    });
    server = createServer(app);
    server.requestTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('ends a request that dribbles, and leaves a slow answer alone', async () => {
    const started = Date.now();
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{');
      });
      const timer = setInterval(() => socket.writable && socket.write(' '), 50);
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(timer);
        resolve(text);
      });
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(Date.now() - started).toBeLessThan(5_000);
    const address = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${address}/slow`)).text()).toBe('late but whole');
    const headers = { 'content-type': 'application/json' };
    expect(await (await fetch(address, { method: 'POST', headers, body: '{"a":1}' })).json()).toEqual({ a: 1 });
  });
});

describe('the pace of a body', () => {
  const read = async (source: AsyncIterable<Uint8Array>, delay = 0): Promise<number> => {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      await sleep(delay);
    }
    return bytes;
  };

  it('lets a stream through that keeps it, however slowly it is read', async () => {
    const stream = new PassThrough();
    for (let i = 0; i < 10; i++) stream.write(Buffer.alloc(100));
    stream.end();
    const pace = { idleMs: 100, bytesPerSecond: 100_000, graceMs: 100 };
    expect(await read(paced(stream, pace), 30)).toBe(1000);
  });

  it('is lost by silence, and by bytes that come too seldom', async () => {
    const silent = new PassThrough();
    silent.write('x');
    await expect(read(paced(silent, { idleMs: 50, bytesPerSecond: 1, graceMs: 10_000 }))).rejects.toThrow('came');
    expect(silent.destroyed).toBe(false);
    const dribble = new PassThrough();
    const timer = setInterval(() => dribble.write('x'), 10);
    const pace = { idleMs: 5_000, bytesPerSecond: 10_000, graceMs: 100 };
    await expect(read(paced(dribble, pace))).rejects.toThrow('less than 10000 bytes a second');
    clearInterval(timer);
  });
});
