export interface Skeleton {
  /** How NAME looks. */
  usage: string;
  /** Files to write, path to text. */
  files(name: string): Record<string, string>;
  /** Files to change, path to what becomes of their text: what makes the new part known. */
  changes?(name: string): Record<string, (text: string) => string>;
  /** What is left to do by hand. */
  next(name: string): string;
}

const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const upper = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
/** Path from a folder of src/core, `depth` folders down, to src/core. */
const up = (path: string): string => '../'.repeat(path.split('/').length);

const capability: Skeleton = {
  usage: 'CHAPTER/NAME: a folder of src/core with a contract, such as cluster/logs',
  files(path) {
    const name = last(path);
    const folder = `src/core/${path}`;
    return {
      [`${folder}/README.md`]: `# ${upper(name)}\nQuestion: \n\nWords: \n\nInvariants: \n`,
      [`${folder}/contract.ts`]: `import { z } from 'zod';
import { query } from '${up(path)}kernel/contract.ts';

export const ${name} = {
  status: query({
    summary: 'Whether ${name} works, and why not',
    access: { verb: 'read', resource: '${name}' },
    input: z.object({}),
    result: z.object({ problem: z.string().nullable() }),
  }),
};
`,
      [`${folder}/${name}.ts`]: `import type { Clock } from '${up(path)}kernel/clock.ts';
import { type Disposable, Scope } from '${up(path)}kernel/disposable.ts';

export interface ${upper(name)}Deps {
  clock: Clock;
}

export interface ${upper(name)} extends Disposable {
  problem(): string | null;
}

export function create${upper(name)}(_deps: ${upper(name)}Deps): ${upper(name)} {
  const scope = new Scope();
  return { problem: () => null, dispose: () => scope.dispose() };
}
`,
      [`${folder}/api.ts`]: `import type { Implementations } from '${up(path)}kernel/contract.ts';
import type { ${name} as contract } from './contract.ts';
import type { ${upper(name)} } from './${name}.ts';

export function ${name}Api(${name}: ${upper(name)}): Implementations<typeof contract> {
  return { status: () => ({ problem: ${name}.problem() }) };
}
`,
      [`${folder}/index.ts`]: `export { ${name}Api } from './api.ts';\nexport { create${upper(name)}, type ${upper(name)} } from './${name}.ts';\n`,
      [`${folder}/${name}.test.ts`]: `import { expect, it } from 'vitest';
import { FakeClock } from '${up(path)}kernel/clock.ts';
import { create${upper(name)} } from './${name}.ts';

it('has no problem at first', () => {
  const ${name} = create${upper(name)}({ clock: new FakeClock() });
  expect(${name}.problem()).toBeNull();
  ${name}.dispose();
});
`,
    };
  },
  next: (path) => `Add its contract to src/core/contract.ts and its api to src/core/engine.ts (${last(path)}).`,
};

const rule: Skeleton = {
  usage: 'CHAPTER/CAPABILITY/NAME: one rule in one file, such as insight/findings/oomKilled',
  files(path) {
    const name = last(path);
    const folder = `src/core/${path.slice(0, path.lastIndexOf('/'))}/rules`;
    return {
      [`${folder}/${name}.ts`]: `/**\n * What:\n * Why:\n * What to do:\n */\nexport const ${name} = {\n  id: '${name}',\n};\n`,
      [`${folder}/${name}.test.ts`]: `import { expect, it } from 'vitest';\nimport { ${name} } from './${name}.ts';\n\nit('is known by its name', () => {\n  expect(${name}.id).toBe('${name}');\n});\n`,
    };
  },
  next: () => 'Fill in what, why and what to do; test it on one object that it names and one that it does not.',
};

const source: Skeleton = {
  usage: 'CHAPTER/CAPABILITY/NAME: one outside system, such as observe/metrics/prometheus',
  files(path) {
    const name = last(path);
    const folder = `src/core/${path.slice(0, path.lastIndexOf('/'))}/sources/${name}`;
    return {
      [`${folder}/README.md`]: `# ${upper(name)}\nWhich versions, which endpoints, what is read, what it costs the other side.\n`,
      [`${folder}/schema.ts`]: `import { z } from 'zod';\n\n/** What the user sets; labels and help make the form. */\nexport const ${upper(name)}Settings = z.object({\n  url: z.url().describe('Address'),\n});\nexport type ${upper(name)}Settings = z.infer<typeof ${upper(name)}Settings>;\n`,
      [`${folder}/index.ts`]: `export { ${upper(name)}Settings } from './schema.ts';\n`,
    };
  },
  next: () => 'Name it in the capability that uses it.',
};

const view: Skeleton = {
  usage: 'NAME: a screen of the renderer, such as logs',
  files(path) {
    const name = last(path);
    const folder = `src/renderer/features/${name}`;
    return {
      [`${folder}/README.md`]: `# ${upper(name)}\nThe question that this screen answers, and its states.\n`,
      [`${folder}/${upper(name)}Page.tsx`]: `export function ${upper(name)}Page() {\n  return <h1>${upper(name)}</h1>;\n}\n`,
      [`${folder}/feature.tsx`]: `import { type Feature, lazyPage } from '../../app/feature.ts';

export const ${name}: Feature = {
  id: '${name}',
  routes: [{ pattern: '/${name}', ...lazyPage(async () => (await import('./${upper(name)}Page.tsx')).${upper(name)}Page) }],
};
`,
    };
  },
  changes: (path) => ({
    'src/renderer/app/features.ts': (text) => {
      const name = last(path);
      const imports = text.split('\n').filter((line) => line.startsWith('import { ') && line.includes('../features/'));
      const added = [...imports, `import { ${name} } from '../features/${name}/feature.tsx';`].sort();
      return text
        .replace(imports.join('\n'), added.join('\n'))
        .replace(/^(.* readonly Feature\[\] = )\[([^\]]*)\];$/m, (_, start: string, listed: string) => {
          const all = [...listed.split(',').map((each) => each.trim()), name].filter((each) => each !== '');
          const line = `${start}[${all.join(', ')}];`;
          // As the formatter has it.
          return line.length <= 120 ? line : `${start}[\n${all.map((each) => `  ${each},\n`).join('')}];`;
        });
    },
  }),
  next: (path) =>
    `It is at #/${last(path)}. Give it a chapter in feature.tsx, and its texts in resources/locales/en.json.`,
};

export const skeletons: Readonly<Record<string, Skeleton>> = { capability, rule, source, view };
