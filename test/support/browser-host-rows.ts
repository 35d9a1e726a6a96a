/** One request to the browser host, as its test sends it. */
export interface Asked {
  method: string;
  path: string;
  /** One or several Host headers; {} is our own. */
  host?: string | readonly string[] | null;
  origin?: string | readonly string[] | null;
  /** site, mode, dest */
  secFetch?: readonly [string, string?, string?];
  type?: string | null;
  token?: string | null;
  body?: unknown;
  rawBody?: string | Buffer;
  headers?: Record<string, string>;
}

const bearer = 'Bearer {token}';
export const request = { method: 'POST', path: '/request/settings.get', token: bearer, body: {} };
const page = { method: 'GET', path: '/' };
/** Name, request, status. `{own}` and `{port}` stand for the server's address, `{token}` for a good token. */
export const rows: readonly (readonly [string, Asked, number])[] = [
  // What is served.
  ['the page', page, 200],
  ['the page by its file name', { ...page, path: '/index.html' }, 200],
  ['the page on localhost', { ...page, host: 'localhost:{port}' }, 200],
  ['the page typed into the address bar', { ...page, secFetch: ['none', 'navigate', 'document'] }, 200],
  ['the page from a link elsewhere', { ...page, secFetch: ['cross-site', 'navigate', 'document'] }, 200],
  ['the head of the page', { ...page, method: 'HEAD' }, 200],
  ['a script of the page', { ...page, path: '/assets/main-abc.js', secFetch: ['same-origin', 'cors', 'script'] }, 200],
  ['a request', request, 200],
  ['a request from our page', { ...request, secFetch: ['same-origin', 'cors', 'empty'] }, 200],
  ['a request with a charset', { ...request, type: 'application/json; charset=utf-8' }, 200],
  ['a request by localhost', { ...request, host: 'localhost:{port}', origin: 'http://localhost:{port}' }, 200],
  ['an unknown request', { ...request, path: '/request/no.such-thing' }, 200],
  // Host.
  ['no Host', { ...page, host: null }, 421],
  ['an empty Host', { ...page, host: '' }, 421],
  ['a rebound name', { ...page, host: 'evil.test' }, 421],
  ['a rebound name with our port', { ...page, host: 'evil.test:{port}' }, 421],
  ['a name that begins as ours', { ...page, host: '127.0.0.1.evil.test:{port}' }, 421],
  ['our address without the port', { ...page, host: '127.0.0.1' }, 421],
  ['our address with another port', { ...page, host: '127.0.0.1:1' }, 421],
  ['a trailing dot', { ...page, host: 'localhost.:{port}' }, 421],
  ['upper case', { ...page, host: 'LOCALHOST:{port}' }, 421],
  ['the address as a number', { ...page, host: '2130706433:{port}' }, 421],
  ['the address in short', { ...page, host: '127.1:{port}' }, 421],
  ['the any-address', { ...page, host: '0.0.0.0:{port}' }, 421],
  ['IPv6 loopback, where we do not listen', { ...page, host: '[::1]:{port}' }, 421],
  ['user info in Host', { ...page, host: 'user@{own}' }, 421],
  ['another loopback name', { ...page, host: 'app.localhost:{port}' }, 421],
  ['two Hosts', { ...page, host: ['{own}', 'evil.test'] }, 421],
  ['two Hosts that are ours', { ...page, host: ['{own}', '{own}'] }, 421],
  ['a foreign Host on a request', { ...request, host: 'evil.test:{port}', origin: 'http://evil.test:{port}' }, 421],
  ['a foreign Host on the session', { method: 'POST', path: '/session', host: 'evil.test', body: {} }, 421],
  ['a foreign Host on the events', { method: 'GET', path: '/events', host: 'evil.test', token: bearer }, 421],
  ['a foreign Host on a file', { ...page, path: '/assets/main-abc.js', host: 'evil.test' }, 421],
  ['a foreign Host with OPTIONS', { ...page, method: 'OPTIONS', host: 'evil.test' }, 421],
  ['an absolute target of another host', { ...page, path: 'http://evil.test/' }, 400],
  ['an absolute target of ours', { ...page, path: 'http://{own}/' }, 400],
  // Origin and Sec-Fetch-Site.
  ['a request without Origin', { ...request, origin: null }, 403],
  ['a request with Origin null', { ...request, origin: 'null' }, 403],
  ['a request from another site', { ...request, origin: 'http://evil.test' }, 403],
  ['a request from another port', { ...request, origin: 'http://127.0.0.1:1' }, 403],
  ['a request from https of ours', { ...request, origin: 'https://{own}' }, 403],
  ['a request from our other name', { ...request, origin: 'http://localhost:{port}' }, 403],
  ['a request from an origin that begins as ours', { ...request, origin: 'http://{own}.evil.test' }, 403],
  ['two Origins', { ...request, origin: ['http://{own}', 'http://evil.test'] }, 403],
  ['a request that says cross-site', { ...request, secFetch: ['cross-site', 'cors', 'empty'] }, 403],
  ['a request that says same-site', { ...request, secFetch: ['same-site', 'cors', 'empty'] }, 403],
  ['a request that says none', { ...request, secFetch: ['none', 'navigate', 'document'] }, 403],
  ['the session from another site', { method: 'POST', path: '/session', origin: 'http://evil.test', body: {} }, 403],
  ['the session without Origin', { method: 'POST', path: '/session', origin: null, body: {} }, 403],
  [
    'the events from another port',
    { method: 'GET', path: '/events', token: bearer, secFetch: ['same-site', 'cors', 'empty'] },
    403,
  ],
  [
    'the events with a foreign Origin',
    { method: 'GET', path: '/events', token: bearer, origin: 'http://evil.test' },
    403,
  ],
  [
    'a script for another site',
    { ...page, path: '/assets/main-abc.js', secFetch: ['cross-site', 'no-cors', 'script'] },
    403,
  ],
  ['the page in a frame of another site', { ...page, secFetch: ['cross-site', 'navigate', 'iframe'] }, 403],
  ['the page as an image of another port', { ...page, secFetch: ['same-site', 'no-cors', 'image'] }, 403],
  ['the page with a foreign Origin', { ...page, origin: 'http://evil.test' }, 403],
  // Methods.
  ['a preflight', { ...page, method: 'OPTIONS', path: '/request/settings.get', origin: 'http://evil.test' }, 405],
  [
    'a preflight of our own',
    { ...page, method: 'OPTIONS', path: '/request/settings.get', origin: 'http://{own}' },
    405,
  ],
  ['PUT', { ...request, method: 'PUT' }, 405],
  ['DELETE', { ...request, method: 'DELETE' }, 405],
  ['TRACE', { ...page, method: 'TRACE' }, 405],
  ['GET of a request', { ...request, method: 'GET', body: undefined }, 405],
  ['GET of the session', { ...page, path: '/session' }, 405],
  ['POST to the page', { ...request, path: '/' }, 405],
  ['POST to the events', { ...request, path: '/events' }, 405],
  // Content.
  ['a form', { ...request, type: 'application/x-www-form-urlencoded' }, 415],
  ['plain text', { ...request, type: 'text/plain' }, 415],
  ['a multipart form', { ...request, type: 'multipart/form-data; boundary=x' }, 415],
  ['no content type', { ...request, type: null }, 415],
  ['JSON with something behind it', { ...request, type: 'application/json, text/plain' }, 415],
  ['another JSON type', { ...request, type: 'application/json-patch+json' }, 415],
  ['a compressed body', { ...request, headers: { 'Content-Encoding': 'gzip' } }, 415],
  ['plain text to the session', { method: 'POST', path: '/session', type: 'text/plain', body: {} }, 415],
  ['a body that is not JSON', { ...request, body: undefined, rawBody: '{"input":' }, 400],
  ['a body that is not UTF-8', { ...request, body: undefined, rawBody: Buffer.from([0x22, 0xff, 0x22]) }, 400],
  ['a body of 20 MB', { ...request, body: undefined, rawBody: Buffer.alloc(20 * 1024 * 1024, 0x20) }, 413],
  [
    'a body that says 2 MB and sends nothing',
    { ...request, body: undefined, headers: { 'Content-Length': '2097152' } },
    413,
  ],
  // Tokens.
  ['a request without a token', { ...request, token: null }, 401],
  ['a request with a wrong token', { ...request, token: `Bearer ${'A'.repeat(43)}` }, 401],
  ['a request with an empty token', { ...request, token: 'Bearer ' }, 401],
  ['a request with another scheme', { ...request, token: 'Basic {token}' }, 401],
  ['a request with a token and more', { ...request, token: `${bearer}x` }, 401],
  ['a request with the token twice', { ...request, token: `${bearer}, {token}` }, 401],
  ['a request with a token of odd bytes', { ...request, token: 'Bearer é∞' }, 401],
  ['a request with the token in a cookie', { ...request, token: null, headers: { Cookie: 'token=x' } }, 401],
  ['the events without a token', { method: 'GET', path: '/events' }, 401],
  ['the token in the query', { ...request, path: '/request/settings.get?token={token}', token: null }, 401],
  // Paths.
  ['an unknown path', { ...page, path: '/nothing' }, 404],
  ['a climb', { ...page, path: '/../secret.txt' }, 404],
  ['a climb inside', { ...page, path: '/assets/../../secret.txt' }, 404],
  ['an encoded climb', { ...page, path: '/%2e%2e/secret.txt' }, 404],
  ['an encoded slash', { ...page, path: '/..%2fsecret.txt' }, 404],
  ['a backslash', { ...page, path: '/..\\secret.txt' }, 404],
  ['a NUL', { ...page, path: '/index.html%00.js' }, 404],
  ['another host as a path', { ...page, path: '//evil.test/' }, 400],
  ['a name of the prototype', { ...request, path: '/request/__proto__' }, 404],
  ['a request name with a slash', { ...request, path: '/request/settings.get/x' }, 404],
];
