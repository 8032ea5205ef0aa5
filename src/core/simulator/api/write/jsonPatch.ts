import { isFields } from '../../objects.ts';
import { ApiError, badRequest } from '../status.ts';
import { sameValue } from './sameValue.ts';

const failed = (message: string) =>
  new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`);

/** RFC 6902 over a copy. */
export function jsonPatch(document: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw badRequest('a JSON patch is a list of operations');
  let current: unknown = structuredClone(document);
  for (const operation of operations) {
    if (!isFields(operation)) throw badRequest('an operation of a JSON patch is an object');
    const path = pointer(String(operation.path ?? ''));
    switch (operation.op) {
      case 'add':
        current = write(current, path, operation.value, true);
        break;
      case 'replace':
        read(current, path);
        current = write(current, path, operation.value, false);
        break;
      case 'remove':
        read(current, path);
        current = erase(current, path);
        break;
      case 'test':
        if (!sameValue(read(current, path), operation.value)) throw failed(`test failed for path ${operation.path}`);
        break;
      case 'move':
      case 'copy': {
        const from = pointer(String(operation.from ?? ''));
        const value = structuredClone(read(current, from));
        if (operation.op === 'move') current = erase(current, from);
        current = write(current, path, value, true);
        break;
      }
      default:
        throw badRequest(`unknown operation ${String(operation.op)} in a JSON patch`);
    }
  }
  return current;
}

function pointer(text: string): string[] {
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: unknown, path: readonly string[]): unknown {
  let current = document;
  for (const part of path) {
    if (Array.isArray(current)) current = current[Number(part)];
    else current = isFields(current) && Object.hasOwn(current, part) ? current[part] : undefined;
    if (current === undefined) throw failed(`the path /${path.join('/')} does not exist`);
  }
  return current;
}

/** Changes the copy in place; only the root itself may be another value afterwards. */
function write(document: unknown, path: readonly string[], value: unknown, insert: boolean): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!(index >= 0 && index <= parent.length)) throw failed(`the index ${last} is out of bounds`);
    parent.splice(index, insert ? 0 : 1, value);
  } else if (isFields(parent)) parent[last] = value;
  else throw failed(`the path /${path.join('/')} does not exist`);
  return document;
}

function erase(document: unknown, path: readonly string[]): unknown {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isFields(parent)) delete parent[last];
  return document;
}
