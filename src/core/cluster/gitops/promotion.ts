import type { Delivery, Place, Promotion } from './contract.ts';

/** Words that name an environment, each with its place on the way to production. */
const environments: Record<string, { name: string; order: number }> = {};
for (const [order, words] of [
  ['sandbox', 'local'],
  ['dev', 'development', 'develop'],
  ['test', 'testing', 'qa', 'ci', 'int', 'integration'],
  ['stage', 'staging', 'stg', 'uat', 'preprod', 'preproduction', 'pre-prod', 'acc', 'acceptance'],
  ['canary'],
  ['prod', 'production', 'prd', 'live'],
].entries()) {
  for (const word of words) environments[word] = { name: word, order };
}
const unknownOrder = 99;
const labels = [
  'environment',
  'env',
  'stage',
  'app.kubernetes.io/environment',
  'kustomize.toolkit.fluxcd.io/environment',
];

/**
 * The same applications at different places, side by side. What belongs together is said by a label, or by the name
 * without the words of an environment or of the place itself: `shop-staging` and `prod-shop` are both `shop`.
 */
export function promotionsOf(deliveries: readonly Delivery[], label: string | undefined): Promotion[] {
  const groups = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const name = label === undefined ? applicationName(delivery) : delivery.labels[label];
    if (name === undefined || name === '') continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [delivery]);
    else group.push(delivery);
  }
  return (
    [...groups]
      .map(([name, group]) => {
        const places = group.map(placeOf).sort(byEnvironment);
        return {
          key: name,
          name,
          places,
          versions: new Set(places.map(({ version, revision }) => version || revision)).size,
        };
      })
      // What is at one place only has nothing beside it.
      .filter(({ places }) => places.length > 1)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  );
}

export function applicationName({ object, destination, clusterName }: Delivery): string {
  const places = [destination.clusterName, clusterName, destination.namespace].flatMap((each) => [
    each.toLowerCase(),
    ...words(each),
  ]);
  const parts = object.name.split('-');
  const known = (part: string) => environments[part.toLowerCase()] !== undefined;
  const kept = parts.filter((part) => !known(part));
  // `eu-shop` in the cluster `prod-eu`: the cluster's own words say no more than the cluster does.
  const own = kept.filter(
    (part) => !places.includes(part.toLowerCase()) || words(destination.namespace).includes(part.toLowerCase()),
  );
  const name = (own.length > 0 ? own : kept.length > 0 ? kept : parts).join('-');
  return name === '' ? object.name : name;
}

/** Says the environment of a place, by what people say it with, the most deliberate first. */
export function environmentOf(delivery: Delivery): string {
  for (const label of labels) {
    const value = delivery.labels[label];
    if (value !== undefined && value !== '') return value;
  }
  const { object, destination, sources, clusterName } = delivery;
  const paths = sources.flatMap(({ path }) => path.split('/'));
  for (const text of [object.name, ...paths, destination.namespace, destination.clusterName, clusterName]) {
    const found = words(text).find((word) => environments[word] !== undefined);
    if (found !== undefined) return found;
  }
  return '';
}

function placeOf(delivery: Delivery): Place {
  const [source] = delivery.sources;
  return {
    delivery: delivery.key,
    object: delivery.object,
    clusterName: delivery.clusterName,
    environment: environmentOf(delivery),
    destination: delivery.destination.clusterName,
    namespace: delivery.destination.namespace,
    version: delivery.version,
    revision: source?.deployed ?? '',
    wanted: source?.wanted ?? '',
    images: delivery.images,
    sync: delivery.sync,
    health: delivery.health,
    tone: delivery.tone,
    suspended: delivery.suspended,
    updated: delivery.updated,
  };
}

function byEnvironment(a: Place, b: Place): number {
  const order = ({ environment }: Place) => environments[environment.toLowerCase()]?.order ?? unknownOrder;
  return order(a) - order(b) || a.environment.localeCompare(b.environment) || (a.delivery < b.delivery ? -1 : 1);
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}
