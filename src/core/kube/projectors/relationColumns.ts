import type { Column } from '../columns/schema.ts';

/** Hidden columns of well-known custom kinds: what an object leads to, which no printer column of theirs has. */
const known: Readonly<Record<string, readonly { id: string; title: string; path: string }[]>> = {
  ...Object.fromEntries(
    ['httproutes', 'grpcroutes', 'tlsroutes', 'tcproutes', 'udproutes'].map((resource) => [
      `${resource}.gateway.networking.k8s.io`,
      [
        { id: 'backends', title: 'Backends', path: '.spec.rules[*].backendRefs[*]' },
        { id: 'parents', title: 'Parents', path: '.spec.parentRefs[*]' },
      ],
    ]),
  ),
  'gateways.gateway.networking.k8s.io': [
    { id: 'certificates', title: 'Certificates', path: '.spec.listeners[*].tls.certificateRefs[*]' },
  ],
  'listenersets.gateway.networking.k8s.io': [
    { id: 'parents', title: 'Parents', path: '.spec.parentRef' },
    { id: 'certificates', title: 'Certificates', path: '.spec.listeners[*].tls.certificateRefs[*]' },
  ],
  'virtualservices.networking.istio.io': [
    { id: 'backends', title: 'Backends', path: ".spec['http','tcp','tls'][*].route[*].destination" },
    { id: 'parents', title: 'Parents', path: '.spec.gateways[*]' },
  ],
  'gateways.networking.istio.io': [{ id: 'podselector', title: 'Pod selector', path: '.spec.selector' }],
  'destinationrules.networking.istio.io': [{ id: 'backends', title: 'Backends', path: '.spec.host' }],
  'applications.argoproj.io': [
    { id: 'destination', title: 'Destination', path: '.spec.destination' },
    { id: 'tracked', title: 'Tracked', path: '.status.resources[*]' },
  ],
};

/**
 * @param id of a kind
 * @param taken ids of columns that it has already
 */
export function relationColumns(id: string, taken: ReadonlySet<string>): Column[] {
  return (known[id] ?? [])
    .filter((column) => !taken.has(column.id))
    .map(({ id, title, path }) => ({
      id,
      title,
      // What an application tracks is long and its own: it is no word of a dictionary.
      type: id === 'tracked' ? 'name' : 'text',
      priority: 2,
      from: { from: 'jsonPath', path, all: true },
    }));
}
