import { type Clock, systemClock } from './clock.ts';
import type { CallContext, Contract, Principal } from './contract.ts';
import type { Addressed, Dispatch } from './dispatch.ts';
import { KubeSageError } from './errors.ts';
import { openEventStream } from './eventStream.ts';
import { componentsOf, inputFromParameters, type JsonSchema } from './jsonSchema.ts';
import { type ApiInfo, openApiOf } from './openApi.ts';
import { answerError, answerJson, type RestAnswer, restRoot } from './restAnswer.ts';
import { serverLimits } from './server.ts';

/** A request as every HTTP framework has it. */
export interface RestRequest {
  principal: Principal;
  /** The URL's parameters, decoded; a repeated one is a list. */
  parameters: Readonly<Record<string, string | readonly string[]>>;
  /** Parsed JSON, for POST. */
  body: unknown;
  /** The Accept header, or ''. */
  accept: string;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
}

export interface RestRoute {
  method: 'GET' | 'POST';
  path: string;
  address: string;
  /** Never rejects: an error is an answer. */
  answer(request: RestRequest): Promise<RestAnswer>;
}

export interface Rest {
  readonly routes: readonly RestRoute[];
  /** The OpenAPI 3.1 document of these routes, made when it is first asked for. */
  readonly openApi: Readonly<Record<string, unknown>>;
}

export interface RestOptions {
  info: ApiInfo;
  clock?: Clock;
  tailBufferBytes?: number;
}

/**
 * The contract over plain HTTP. A query is GET, with its input as parameters, or POST; a command is POST only; a live or
 * a tail is GET: with `Accept: text/event-stream` it streams, without it a live answers its state once. Pipes need a
 * WebSocket.
 */
export function createRest(contract: Contract, dispatch: Dispatch, options: RestOptions): Rest {
  const clock = options.clock ?? systemClock;
  const tailBufferBytes = options.tailBufferBytes ?? serverLimits.tailBufferBytes;
  const routes = dispatch.procedures.flatMap((addressed): RestRoute[] => {
    const { address, procedure } = addressed;
    const path = pathOf(addressed);
    const route = (method: RestRoute['method'], run: (request: RestRequest) => Promise<RestAnswer>): RestRoute => ({
      method,
      path,
      address,
      answer: (request) => run(request).catch((error: unknown) => answerError(dispatch.explain(address, error))),
    });
    const fromParameters = parameterReader(addressed);
    const call = async (request: RestRequest, input: unknown) =>
      answerJson(await dispatch.call(address, input, contextOf(request)));
    const stream = async (request: RestRequest): Promise<RestAnswer> => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
      body: await openEventStream(address, fromParameters(request), {
        dispatch,
        clock,
        tailBufferBytes,
        context: contextOf(request),
      }),
    });
    switch (procedure.kind) {
      case 'query':
        return [
          route('GET', async (request) => call(request, fromParameters(request))),
          route('POST', (request) => call(request, request.body)),
        ];
      case 'command':
        return [route('POST', (request) => call(request, request.body))];
      case 'live':
        return [
          route('GET', (request) => {
            if (acceptsEvents(request)) return stream(request);
            return readOnce(address, fromParameters, request);
          }),
        ];
      case 'tail':
        return [
          route('GET', async (request) => {
            if (acceptsEvents(request)) return stream(request);
            throw new KubeSageError('unsupported', `${address} is a stream`, {
              hint: 'Ask for it with the header Accept: text/event-stream, or over the WebSocket.',
            });
          }),
        ];
      default:
        return [];
    }
  });

  async function readOnce(
    address: string,
    fromParameters: (request: RestRequest) => unknown,
    request: RestRequest,
  ): Promise<RestAnswer> {
    const source = await dispatch.live(address, fromParameters(request), contextOf(request));
    try {
      return answerJson(source.read());
    } finally {
      source.dispose();
    }
  }

  let openApi: Readonly<Record<string, unknown>> | undefined;
  return {
    routes,
    get openApi() {
      openApi ??= openApiOf(contract, options.info, pathOf);
      return openApi;
    },
  };
}

function pathOf({ capability, name }: Addressed): string {
  return `${restRoot}/${capability}/${name}`;
}

function contextOf({ principal, signal }: RestRequest): CallContext {
  return { principal, signal };
}

function acceptsEvents({ accept }: RestRequest): boolean {
  return accept.toLowerCase().includes('text/event-stream');
}

function parameterReader({ address, procedure }: Addressed): (request: RestRequest) => unknown {
  const schema: JsonSchema = componentsOf(address, procedure.input, 'input')[address] ?? {};
  return ({ parameters }) => inputFromParameters(schema, parameters);
}
