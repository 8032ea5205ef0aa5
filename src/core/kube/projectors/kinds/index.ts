import type { Kind } from '../kind.ts';
import { events, eventsOfEventsGroup } from './event.ts';
import { namespaces } from './namespace.ts';
import { nodes } from './node.ts';
import { pods } from './pod.ts';

/** Every built-in kind. */
export const kinds: readonly Kind[] = [pods, nodes, namespaces, events, eventsOfEventsGroup];
