import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../core/kernel/clock.ts';
import { type Disposable, toDisposable } from '../../core/kernel/disposable.ts';
import { KubeSageError } from '../../core/kernel/errors.ts';
import { explainError } from '../../core/kernel/explain.ts';
import { messageLimits } from '../../core/kernel/messageLimits.ts';
import { fromServerSocket } from '../../core/kernel/ports/webSocket.ts';
import type { Rest, RestRoute } from '../../core/kernel/rest.ts';
import { answerError, type RestAnswer, restRoot } from '../../core/kernel/restAnswer.ts';
import type { Server } from '../../core/kernel/server.ts';
import { isFromOtherSite, type Perimeter, type Provenance, whyRefused } from './guard.ts';
import { contentPolicy, securityHeaders } from './headers.ts';
import { type ServeLimits, type ServeOptions, serveLimits } from './options.ts';
import { Rates } from './rates.ts';
import type { Session, Sessions } from './sessions.ts';

/** A socket that answers no ping for one to two of these periods is given up: its machine sleeps, or its network is gone. */
const pingMs = 30_000;

/** What a request is let in with. */
interface Entry {
  session: Session;
  /** The cookie's value, when it came with one. */
  cookie: string | undefined;
}

/** What answers below /api, once the engine is there. */
interface Api {
  server: Server;
  rest: Rest;
  /** By method and path, `GET /api/v1/…`. */
  routes: ReadonlyMap<string, RestRoute>;
}

/** The routes, and what every request passes before it reaches one. */
export class Face {
  /** Nobody is answered before it is known under which port this is reached. */
  perimeter: Perimeter = { hosts: new Set(), origins: new Set() };
  readonly #app: FastifyInstance;
  readonly #options: ServeOptions;
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #limits: ServeLimits;
  readonly #entries = new WeakMap<FastifyRequest, Entry>();
  readonly #requests: Rates;
  readonly #signIns: Rates;
  /** Cookies are shared by all ports of a host, so that each server has its own name for its own. */
  readonly #cookieName: string;
  readonly #api: Promise<Api>;
  #sockets = 0;

  constructor(app: FastifyInstance, options: ServeOptions, sessions: Sessions, clock: Clock) {
    this.#app = app;
    this.#options = options;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#limits = { ...serveLimits, ...options.limits };
    this.#requests = new Rates(clock, this.#limits.requestsPerSecond);
    this.#signIns = new Rates(clock, this.#limits.signInsPerSecond);
    this.#cookieName = `kubesage_${options.port ? options.port : randomBytes(4).toString('hex')}`;
    this.#api = this.#openApi();
    // Whoever asks is told; nobody may be.
    this.#api.catch(() => {});
  }

  async #openApi(): Promise<Api> {
    const { info } = this.#options;
    try {
      const [contract, server] = await Promise.all([this.#options.contract, this.#options.server]);
      // With the schemas, which the engine has loaded by now: pages do not wait for them.
      const { createRest } = await import('../../core/kernel/rest.ts');
      const rest = createRest(contract, server.dispatch, { info, clock: this.#clock });
      return { server, rest, routes: new Map(rest.routes.map((route) => [`${route.method} ${route.path}`, route])) };
    } catch {
      // Whoever starts it says why, where that is read by its owner.
      throw new KubeSageError('unavailable', 'The engine did not start', { hint: 'The log has the details.' });
    }
  }

  async register(): Promise<void> {
    const app = this.#app;
    // A form of another site can post text without asking; JSON it cannot.
    app.removeContentTypeParser('text/plain');
    const headers = securityHeaders(contentPolicy(this.#options.policy));
    app.setErrorHandler((error, request, reply) => this.#fail(reply, this.#explain(request, error)));
    await app.register(fastifyWebsocket, {
      // Escapes can make a text up to six times as long as what it says weighs.
      options: { maxPayload: 6 * messageLimits.messageBytes },
      errorHandler: (_error, socket) => socket.terminate(),
    });
    // After the plugin's own hook, without which a refused upgrade would keep its connection.
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(headers);
      this.#admit(request);
    });
    this.#registerSession();
    this.#registerContract();
    await this.#registerPages();
  }

  /** Throws when the request may not pass. */
  #admit(request: FastifyRequest): void {
    const provenance = provenanceOf(request);
    const refusal = whyRefused(provenance, this.perimeter);
    if (refusal !== undefined) throw refusal;
    const path = pathOf(request);
    // The router reads escapes, so that /%61pi is one of its names for /api: what it found counts as well.
    const isApi = [path, request.routeOptions.url ?? ''].some((each) => /^\/api(\/|$)/.test(each));
    const entry = isApi ? this.#identify(request) : undefined;
    // Pages load dozens of parts at once; what counts is who asks for data.
    const who = entry === undefined ? `address ${request.ip}` : `principal ${entry.session.principal.id}`;
    if (!this.#requests.take(who)) throw tooManyRequests(this.#limits.requestsPerSecond);
    if (!isApi) return;
    if (isFromOtherSite(provenance)) throw new KubeSageError('forbidden', 'Another site may not use this server');
    if (entry !== undefined) this.#entries.set(request, entry);
    else if (!(path === sessionPath && request.method === 'POST')) {
      throw new KubeSageError('unauthenticated', 'Nobody is signed in', {
        hint: 'Open the address that the server printed, or send an API token as Authorization: Bearer.',
      });
    }
  }

  #identify(request: FastifyRequest): Entry | undefined {
    const token = bearerOf(request);
    if (token !== undefined) {
      const session = this.#sessions.byToken(token);
      return session === undefined ? undefined : { session, cookie: undefined };
    }
    const cookie = cookieOf(request, this.#cookieName);
    const session = cookie === undefined ? undefined : this.#sessions.byCookie(cookie);
    return session === undefined ? undefined : { session, cookie };
  }

  /** Who asks. Every route below /api but the one that signs in has passed `#admit` with one. */
  #entry(request: FastifyRequest): Entry {
    const entry = this.#entries.get(request);
    if (entry === undefined) throw new KubeSageError('unauthenticated', 'Nobody is signed in');
    return entry;
  }

  #signIn(request: FastifyRequest, reply: FastifyReply, token: unknown): void {
    if (!this.#signIns.take(request.ip)) throw tooManyRequests(this.#limits.signInsPerSecond);
    const secret = typeof token === 'string' && token.length <= 200 ? this.#sessions.exchange(token) : undefined;
    if (secret === undefined) {
      throw new KubeSageError('unauthenticated', 'This link was used already, or it is not of this server', {
        hint: 'Each link signs one browser in. The server prints another when it is started again.',
      });
    }
    const secure = this.#options.tls !== undefined || this.#options.behindProxy === true ? '; Secure' : '';
    reply.header('set-cookie', `${this.#cookieName}=${secret}; Path=/; HttpOnly; SameSite=Strict${secure}`);
    reply.header('cache-control', 'no-store');
  }

  #registerSession(): void {
    this.#app.post(sessionPath, (request, reply) => {
      const body: unknown = request.body;
      this.#signIn(
        request,
        reply,
        typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined,
      );
      return reply.send({});
    });
    this.#app.get(sessionPath, (request, reply) =>
      reply.header('cache-control', 'no-store').send({ principal: this.#entry(request).session.principal }),
    );
    this.#app.delete(sessionPath, (request, reply) => {
      const { cookie } = this.#entry(request);
      if (cookie !== undefined) this.#sessions.signOut(cookie);
      return reply.header('set-cookie', `${this.#cookieName}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`).send({});
    });
  }

  #registerContract(): void {
    this.#app.get(`${restRoot}/openapi.json`, async (_request, reply) => reply.send((await this.#api).rest.openApi));
    this.#app.route<{ Params: { '*': string } }>({
      method: ['GET', 'POST'],
      url: `${restRoot}/*`,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const { session } = this.#entry(request);
        const gone = new AbortController();
        // Fires after an answer in full as well, when there is nothing left to abort.
        const left = session.owned.add(toDisposable(() => gone.abort()));
        reply.raw.on('close', () => session.owned.release(left));
        const route = (await this.#api).routes.get(`${request.method} ${restRoot}/${request.params['*']}`);
        if (route === undefined) return this.#fail(reply, nothingAnswers(request));
        const answer = await route.answer({
          principal: session.principal,
          parameters: request.query as Record<string, string | string[]>,
          body: request.body,
          accept: request.headers.accept ?? '',
          signal: gone.signal,
        });
        return send(reply, answer);
      },
    });
    this.#app.get(`${restRoot}/ws`, { websocket: true, exposeHeadRoute: false }, (socket, request) => {
      const { session } = this.#entry(request);
      if (this.#sockets >= this.#limits.sockets) {
        socket.close(1013, 'Too many connections');
        return;
      }
      this.#sockets++;
      // It keeps what comes before the engine is there.
      const port = fromServerSocket(socket);
      let serving: Disposable = port;
      let left = false;
      const accepted = session.owned.add(
        toDisposable(() => {
          left = true;
          serving.dispose();
        }),
      );
      this.#api.then(
        ({ server }) => {
          if (!left) serving = server.accept(port, session.principal);
        },
        () => socket.close(1011, 'The engine did not start'),
      );
      let answered = true;
      socket.on('pong', () => {
        answered = true;
      });
      const pinging = this.#clock.every(pingMs, () => {
        if (!answered) socket.terminate();
        answered = false;
        socket.ping();
      });
      socket.on('close', () => {
        this.#sockets--;
        pinging.dispose();
        session.owned.release(accepted);
      });
    });
  }

  async #registerPages(): Promise<void> {
    const { staticFolder } = this.#options;
    // The link that signs in: the token is used up here, and the page that follows has an address without it.
    this.#app.addHook('onRequest', async (request, reply) => {
      const { token } = request.query as { token?: unknown };
      if (token === undefined || request.method !== 'GET' || pathOf(request) !== '/') return undefined;
      this.#signIn(request, reply, token);
      return reply.redirect('/', 303);
    });
    if (staticFolder !== undefined) {
      await this.#app.register(fastifyStatic, {
        root: staticFolder,
        cacheControl: false,
        setHeaders: (reply, path) => {
          // The bundler names what it builds after its content.
          const isNamedByContent = /[\\/]assets[\\/][^\\/]+-[\w-]{8}\.\w+$/.test(path);
          reply.header('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache');
        },
      });
    }
    this.#app.setNotFoundHandler((request, reply) => {
      const path = pathOf(request);
      // The interface has addresses of its own, which are no files: they get its one page.
      const isPage = (request.headers.accept ?? '').includes('text/html') && !path.startsWith('/api');
      if (staticFolder !== undefined && request.method === 'GET' && isPage) return reply.sendFile('index.html');
      return this.#fail(reply, nothingAnswers(request));
    });
  }

  /** The framework's errors and those of routes as ours. */
  #explain(request: FastifyRequest, error: unknown): KubeSageError {
    if (error instanceof KubeSageError) return error;
    const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
    if (status === 413) {
      return new KubeSageError('tooLarge', `The body is larger than ${this.#limits.bodyBytes} bytes`);
    }
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const message = status === 415 ? 'The body has to be application/json' : 'The request could not be read';
      return new KubeSageError('invalid', message, { hint: 'Send the input as JSON.' });
    }
    return explainError(pathOf(request), error, this.#options.log);
  }

  #fail(reply: FastifyReply, error: KubeSageError): FastifyReply {
    const answer = answerError(error);
    if (error.code === 'tooMany') reply.header('retry-after', '1');
    if (error.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
    return send(reply, answer);
  }
}

const sessionPath = `${restRoot}/session`;

function send(reply: FastifyReply, { status, headers, body }: RestAnswer): FastifyReply {
  reply.code(status).headers({ ...headers });
  // As small pieces as they come: a buffer of them would be a queue of changes.
  return reply.send(typeof body === 'string' ? body : Readable.from(body, { objectMode: true, highWaterMark: 1 }));
}

function nothingAnswers(request: FastifyRequest): KubeSageError {
  return new KubeSageError('notFound', `Nothing answers ${request.method} ${pathOf(request).slice(0, 100)}`);
}

function provenanceOf(request: FastifyRequest): Provenance {
  const { host, origin, upgrade } = request.headers;
  const site = request.headers['sec-fetch-site'];
  return {
    method: request.method,
    isUpgrade: upgrade !== undefined,
    host,
    origin,
    site: typeof site === 'string' ? site : undefined,
    hasToken: bearerOf(request) !== undefined,
  };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S{1,500})$/i.exec(request.headers.authorization ?? '')?.[1];
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

function tooManyRequests(perSecond: number): KubeSageError {
  return new KubeSageError('tooMany', `More than ${perSecond} requests a second`, { hint: 'Wait a second.' });
}
