import { type KubeObject, listAt, textAt } from '../objects.ts';
import { builtinResources } from './builtin.ts';

export interface PrinterColumn {
  name: string;
  type: string;
  format: string;
  jsonPath: string;
  priority: number;
}

/** One resource in one version, as discovery announces it. */
export interface ResourceType {
  /** `pods`, `deployments.apps`: a kind's key in the store. */
  id: string;
  group: string;
  version: string;
  resource: string;
  kind: string;
  singular: string;
  namespaced: boolean;
  shortNames: readonly string[];
  categories: readonly string[];
  subresources: readonly string[];
  verbs: readonly string[];
  /** From a CustomResourceDefinition: JSON only, merge patches only, printer columns of its own. */
  custom: boolean;
  printerColumns: readonly PrinterColumn[];
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export function apiVersionOf(type: { group: string; version: string }): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

function words(text: string | undefined): string[] {
  return text === undefined || text === '-' || text === '' ? [] : text.split(',');
}

function parseBuiltin(line: string): ResourceType {
  const [groupVersion = '', resource = '', kind = '', scope, singular = '-', short, categories, subresources, verbs] =
    line.split(' ');
  const slash = groupVersion.indexOf('/');
  const group = slash < 0 ? '' : groupVersion.slice(0, slash);
  return {
    id: group === '' ? resource : `${resource}.${group}`,
    group,
    version: groupVersion.slice(slash + 1),
    resource,
    kind,
    singular: singular === '-' ? kind.toLowerCase() : singular,
    namespaced: scope === 'N',
    shortNames: words(short),
    categories: words(categories),
    subresources: words(subresources),
    verbs: words(verbs).length === 0 ? allVerbs : words(verbs),
    custom: false,
    printerColumns: [],
  };
}

/** The built-in types; all clusters share these values. */
export const builtinTypes: readonly ResourceType[] = builtinResources.trim().split('\n').map(parseBuiltin);

/** What one cluster serves: the built-in types, and those of its CustomResourceDefinitions. */
export class TypeRegistry {
  readonly #byPath = new Map<string, ResourceType>();
  readonly #byKind = new Map<string, ResourceType>();
  readonly #byId = new Map<string, ResourceType>();
  #revision = 0;

  constructor(types: readonly ResourceType[] = builtinTypes) {
    for (const type of types) this.#add(type);
  }

  /** Grows when a type appears or disappears. */
  get revision(): number {
    return this.#revision;
  }

  all(): Iterable<ResourceType> {
    return this.#byPath.values();
  }

  find(group: string, version: string, resource: string): ResourceType | undefined {
    return this.#byPath.get(`${group}/${version}/${resource}`);
  }

  findKind(apiVersion: string, kind: string): ResourceType | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`);
  }

  byId(id: string): ResourceType {
    const type = this.#byId.get(id);
    if (type === undefined) throw new RangeError(`The simulator has no type ${id}`);
    return type;
  }

  /** Serves every served version of a CustomResourceDefinition; called again it replaces them. */
  addDefinition(definition: KubeObject): void {
    this.removeDefinition(definition);
    for (const type of typesOf(definition)) this.#add(type);
    this.#revision++;
  }

  removeDefinition(definition: KubeObject): void {
    const id = definition.metadata.name;
    for (const [path, type] of this.#byPath) {
      if (type.id !== id || !type.custom) continue;
      this.#byPath.delete(path);
      this.#byKind.delete(`${apiVersionOf(type)}/${type.kind}`);
      this.#byId.delete(id);
      this.#revision++;
    }
  }

  #add(type: ResourceType): void {
    this.#byPath.set(`${type.group}/${type.version}/${type.resource}`, type);
    this.#byKind.set(`${apiVersionOf(type)}/${type.kind}`, type);
    if (!this.#byId.has(type.id)) this.#byId.set(type.id, type);
  }
}

/** The types that a definition asks for; the stored version first. */
export function typesOf(definition: KubeObject): ResourceType[] {
  const strings = (path: string) => listAt(definition, path).map(String);
  const served = listAt(definition, 'spec.versions').filter((version) => textAt(version, 'served') === 'true');
  served.sort((a, b) => Number(textAt(b, 'storage') === 'true') - Number(textAt(a, 'storage') === 'true'));
  return served.map((version) => ({
    id: definition.metadata.name,
    group: textAt(definition, 'spec.group'),
    version: textAt(version, 'name'),
    resource: textAt(definition, 'spec.names.plural'),
    kind: textAt(definition, 'spec.names.kind'),
    singular: textAt(definition, 'spec.names.singular') || textAt(definition, 'spec.names.kind').toLowerCase(),
    namespaced: textAt(definition, 'spec.scope') === 'Namespaced',
    shortNames: strings('spec.names.shortNames'),
    categories: strings('spec.names.categories'),
    subresources: ['status', 'scale'].filter((name) => textAt(version, `subresources.${name}`) !== ''),
    verbs: allVerbs,
    custom: true,
    printerColumns: listAt(version, 'additionalPrinterColumns').map((column) => ({
      name: textAt(column, 'name'),
      type: textAt(column, 'type'),
      format: textAt(column, 'format'),
      jsonPath: textAt(column, 'jsonPath'),
      priority: Number(textAt(column, 'priority') || 0),
    })),
  }));
}
