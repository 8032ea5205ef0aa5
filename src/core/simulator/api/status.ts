import type { Fields } from '../objects.ts';

/** A refusal as Kubernetes words it; becomes a `Status` body. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Fields | undefined;

  constructor(code: number, reason: string, message: string, details?: Fields) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): Fields {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

interface Named {
  group: string;
  resource: string;
}

interface Kinded {
  group: string;
  kind: string;
}

function qualified(type: Named): string {
  return type.group === '' ? type.resource : `${type.resource}.${type.group}`;
}

function details(type: Named, name: string): Fields {
  return { ...(name === '' ? {} : { name }), ...(type.group === '' ? {} : { group: type.group }), kind: type.resource };
}

export const notFound = (type: Named, name: string) =>
  new ApiError(404, 'NotFound', `${qualified(type)} "${name}" not found`, details(type, name));

/** A path that nothing serves. */
export const noSuchPath = () => new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (type: Named, name: string) =>
  new ApiError(409, 'AlreadyExists', `${qualified(type)} "${name}" already exists`, details(type, name));

export const conflict = (type: Named, name: string, why: string) =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${why}`,
    details(type, name),
  );

export const staleVersion = (type: Named, name: string) =>
  conflict(type, name, 'the object has been modified; please apply your changes to the latest version and try again');

export const badRequest = (message: string) => new ApiError(400, 'BadRequest', message);

export const expired = (message: string) => new ApiError(410, 'Expired', message);

export const notAllowed = () =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const notAcceptable = (accepted: readonly string[]) =>
  new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);

export const unsupportedMedia = (accepted: readonly string[]) =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

export const unauthorized = () => new ApiError(401, 'Unauthorized', 'Unauthorized');

export interface FieldCause {
  /** `FieldValueRequired`, `FieldValueInvalid`, `FieldValueNotSupported`. */
  reason: string;
  message: string;
  field: string;
}

/** 422 with one cause a field. */
export function invalid(type: Kinded, name: string, causes: readonly FieldCause[]): ApiError {
  const lines = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const listed = lines.length === 1 ? (lines[0] ?? '') : `[${lines.join(', ')}]`;
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${listed}`, {
    ...(name === '' ? {} : { name }),
    ...(type.group === '' ? {} : { group: type.group }),
    kind: type.kind,
    causes: causes.map((cause) => ({ reason: cause.reason, message: cause.message, field: cause.field })),
  });
}

export function forbidden(
  user: string,
  verb: string,
  type: Named & { subresource?: string | undefined },
  where: { namespace: string; name: string; namespaced: boolean },
): ApiError {
  const resource = type.subresource === undefined ? type.resource : `${type.resource}/${type.subresource}`;
  const scope = where.namespace !== '' ? `in the namespace "${where.namespace}"` : 'at the cluster scope';
  const named = where.name === '' ? qualified(type) : `${qualified(type)} "${where.name}"`;
  return new ApiError(
    403,
    'Forbidden',
    `${named} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${type.group}" ${scope}`,
    details(type, where.name),
  );
}
