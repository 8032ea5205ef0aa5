import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleFleet } from '../sampleFleet.ts';
import { compileFilter } from './compile.ts';
import { readDuration, readInstant, readOperand, readQuantity } from './operand.ts';
import { parseFilter } from './parse.ts';
import { compilePattern } from './pattern.ts';
import { suggest } from './suggest.ts';
import { type FilterNode, operators, type Term } from './syntax.ts';

const { tables, clock } = sampleFleet();
const table = tables.get('pods') ?? expect.fail('The sample fleet has pods');
const clusterNames = (cluster: number) => ['prod-eu', 'dev'][cluster] ?? '';

/** Names of the pods that a filter lets through, with its problems. */
function run(filter: string, skew?: (cluster: number) => number) {
  const compiled = compileFilter(filter, table, clusterNames, skew);
  compiled.filter?.begin(clock.now());
  const names = [...table.rows()]
    .filter((row) => compiled.filter === null || compiled.filter.test(row))
    .map((row) => table.text(row, 0));
  return { names: names.sort(), problems: compiled.problems };
}

const api = 'api-server-0';
const web = 'web-7d9f';
const dns = 'coredns-x';
const canary = 'web-canary';
const everything = [api, dns, web, canary];

test.each([
  ['web', [web, canary]],
  ['WEB', [web, canary]],
  ['shop running', [api]],
  ['tier', [api, web]],
  ['"web 7"', []],
  ['/^web-.*y$/', [canary]],
  ['status:crash', [web]],
  ['status:crash,oom', [web, canary]],
  ['status:failed', [web, canary]],
  ['is:failing', [web, canary]],
  ['is:healthy', [api, dns]],
  ['is:deleting', []],
  ['ns:kube', [dns]],
  ['ns=shop', [api, web, canary]],
  ['ns=kube', []],
  ['ns:kube-*', [dns]],
  ['ns:*-system', [dns]],
  ['ns:kube*em*', [dns]],
  ['ns:*x*', []],
  ['cluster:prod', [api, dns, web]],
  ['cluster=dev', [canary]],
  ['cluster!=dev', [api, dns, web]],
  ['node=""', [canary]],
  ['name~^api-', [api]],
  ['name!~^api-', [dns, web, canary]],
  ['name~"^(api|web)-"', [api, web, canary]],
  ['name~^(api|web)-', [api, web, canary]],
  ['(name~^(api|web)-[7s])', [api, web]],
  ['app=web', [web, canary]],
  ['app=Web', []],
  ['app!=web', [api, dns]],
  ['app==api', [api]],
  ['app=api,web', [api, web, canary]],
  ['constructor=x', []],
  ['label:constructor', []],
  ['app.kubernetes.io/name=web', [canary]],
  ['label:app', [api, web, canary]],
  ['label:app=web', [web, canary]],
  ['label:tier!=backend', [dns, web, canary]],
  ['tier~end$', [api, web]],
  ['restarts>5', [web, canary]],
  ['restarts:>5', [web, canary]],
  ['restarts:2', [dns]],
  ['restarts=2', [dns]],
  ['restarts!=2', [api, web, canary]],
  ['cpu>500m', [api, canary]],
  ['cpu>=1.5', [canary]],
  ['memory>=1Gi', [api, canary]],
  ['memory<100Mi', [dns]],
  ['age<2h', [api, canary]],
  ['age>1d', [dns, web]],
  ['created>2025-12-31', [api, canary]],
  ['created<2025-12-01T00:00Z', [dns]],
  ['ready<1', [web, canary]],
  ['!ns:kube-system', [api, web, canary]],
  ['-status:running', [web, canary]],
  ['--status:running', [api, dns]],
  ['NOT web', [api, dns]],
  ['status:oom | restarts>10', [web, canary]],
  ['status:oom OR restarts>10', [web, canary]],
  ['api | dns | canary', [api, dns, canary]],
  ['web AND canary', [canary]],
  ['web -(cluster:dev restarts<10)', [web]],
  ['uid:00000000-0000-4000-8000-000000000003', [dns]],
  ['10.0.0', []],
  ['ip:10.0.0', [api, dns, web]],
  ['', everything],
  ['   ', everything],
])('%s', (filter, expected) => {
  expect(run(filter)).toEqual({ names: expected, problems: [] });
});

test('F12 ages are by the clock of the cluster that wrote the times', () => {
  const day = 86_400_000;
  const inDev = run('cluster:dev').names;
  const skew = (cluster: number) => (cluster === 1 ? day : 0);
  expect(run('age<2h', skew).names).toEqual([api, canary].filter((name) => !inDev.includes(name)));
  expect(run('age>1d', skew).names).toEqual([...new Set([dns, web, ...inDev])].sort());
  expect(run('age<2h', () => day).names).toEqual([]);
  // Behind ours: what is written now seems to be of yesterday, and is not.
  expect(run('age<2h', () => -day).names).toContain(api);
});

test.each([
  ['staus:crash web', [web, canary], [{ message: 'Pod has no column staus; did you mean status?', start: 0, end: 5 }]],
  [
    'xyzzy:1',
    everything,
    [{ message: 'Pod has no column xyzzy; put it in quotes to look for the text', start: 0, end: 5 }],
  ],
  ['restarts>many', everything, [{ message: 'Restarts is compared with a number', start: 9, end: 13 }]],
  ['cpu>5Q', everything, [{ message: 'CPU is compared with an amount of CPU such as 500m or 2', start: 4, end: 6 }]],
  [
    'age:old',
    everything,
    [{ message: 'A time is compared with < or > and a duration: age<2h or age>3d', start: 0, end: 7 }],
  ],
  ['is:sad', everything, [{ message: expect.stringContaining('Health is one of healthy'), start: 3, end: 6 }]],
  ['web )', [web, canary], [{ message: 'This parenthesis closes nothing', start: 4, end: 5 }]],
  ['(web', [web, canary], [{ message: 'This parenthesis is not closed', start: 0, end: 1 }]],
  ['"web', [web, canary], [{ message: 'This quote is not closed', start: 0, end: 1 }]],
  ['web !', [web, canary], [{ message: 'Nothing follows that could be excluded', start: 4, end: 5 }]],
  ['web |', [web, canary], [{ message: 'An alternative is missing here', start: 4, end: 5 }]],
  ['status: web', [web, canary], [{ message: 'A value is missing after status:', start: 0, end: 7 }]],
  ['name~(a+)+b', everything, [{ message: expect.stringContaining('can take for ever'), start: 5, end: 11 }]],
  ['name~[', everything, [{ message: expect.stringContaining('no regular expression'), start: 5, end: 6 }]],
  ['namespace>3x', everything, [{ message: '< and > need a number here', start: 10, end: 12 }]],
])('%s names its problem and filters by the rest', (filter, names, problems) => {
  expect(run(filter)).toEqual({ names, problems });
});

const anyFilter = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        'web',
        'status',
        'age',
        'app',
        ...operators,
        ' ',
        '(',
        ')',
        '|',
        '"',
        "'",
        '!',
        '-',
        '/',
        ',',
        '\\',
        'OR',
        '5',
        '*',
      ),
      { maxLength: 25 },
    )
    .map((parts) => parts.join('')),
);

function spans(node: FilterNode): Term[] {
  if (node.type === 'not') return spans(node.part);
  return 'parts' in node ? node.parts.flatMap(spans) : [node];
}

test('any text is read and can be run, and every position lies in it', () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const parsed = parseFilter(filter);
      for (const { start, end } of [...spans(parsed.node), ...parsed.terms, ...parsed.problems]) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(filter.length);
      }
      run(filter);
      suggest(table, filter, { cursor: filter.length, clusters: [0, 1], clusterNames });
    }),
    { numRuns: 1500 },
  );
});

test('thousands of parentheses are refused, not a full stack', () => {
  expect(parseFilter('('.repeat(2000)).problems.map((problem) => problem.message)).toContain(
    'Too many parentheses within each other',
  );
});

test('and, or and not follow the rules of logic', () => {
  const anyTerm = fc.constantFrom('web', 'restarts>1', 'ns:shop', 'app=web', 'is:failed', 'cluster:dev', 'age<2h');
  fc.assert(
    fc.property(anyTerm, anyTerm, (a, b) => {
      const has = (filter: string) => run(filter).names;
      const [left, right] = [has(a), has(b)];
      expect(has(`${a} ${b}`)).toEqual(left.filter((name) => right.includes(name)));
      expect(has(`${a} | ${b}`)).toEqual([...new Set([...left, ...right])].sort());
      expect(has(`-(${a} | ${b})`)).toEqual(has(`-${a} !${b}`));
    }),
  );
});

test('quantities, durations and instants are read as Kubernetes writes them', () => {
  expect(['500m', '2', '1Gi', '1.5G', '1e3', '100k', '10u', 'x', '1 Gi', ''].map(readQuantity)).toEqual([
    0.5,
    2,
    2 ** 30,
    1.5e9,
    1000,
    100_000,
    0.000009999999999999999,
    undefined,
    undefined,
    undefined,
  ]);
  expect(['90s', '1h30m', '2d', '15', '1.5h', 'h', '5x'].map(readDuration)).toEqual([
    90,
    5400,
    172_800,
    15,
    5400,
    undefined,
    undefined,
  ]);
  expect(['2026-01-01', '2026-01-01T00:00:30Z', '2026-13-01', 'today'].map(readInstant)).toEqual([
    1_767_225_600,
    1_767_225_630,
    undefined,
    undefined,
  ]);
  expect([readOperand('80%', 'percent'), readOperand('yes', 'flag'), readOperand('1GiB', 'bytes')]).toEqual([
    80,
    1,
    2 ** 30,
  ]);
});

test.each([
  '(a+)+',
  '(a|aa)+$',
  '(.*)*x',
  '((ab?)c)*',
  '(a?){20}',
  'a*b*c*d*',
  '(?=a)b',
  '(?<!a)b',
  '(a)\\1',
  'x'.repeat(201),
  'a{101}',
  'a?a?a?a?a?a?a?a?a?',
])('%s is refused', (source) => {
  expect(compilePattern(source)).toHaveProperty('problem');
});

test.each([
  ['^api-', 'api-1'],
  ['(web|api)-\\d+$', 'x-web-12'],
  ['[a-c]{2,3}x', 'abx'],
  ['[]]|]', ']'],
  ['\\(a+\\)', '(aa)'],
  ['a\\-b', 'a-b'],
  ['(?:x)?y', 'y'],
])('%s is taken', (source, text) => {
  const pattern = compilePattern(source);
  expect('problem' in pattern ? pattern : pattern.test(text)).toBe(true);
});

function suggested(filter: string, cursor = filter.length) {
  const { start, end, items } = suggest(table, filter, { cursor, clusters: [0, 1], clusterNames });
  return { replaced: filter.slice(start, end), texts: items.map((item) => item.text) };
}

test('fields, values, labels and clusters are completed at the cursor', () => {
  expect(suggested('sta')).toEqual({ replaced: 'sta', texts: ['status:'] });
  expect(suggested('web status:cra')).toEqual({ replaced: 'cra', texts: ['CrashLoopBackOff'] });
  expect(suggested('web status:cra restarts>5', 14)).toEqual({ replaced: 'cra', texts: ['CrashLoopBackOff'] });
  expect(suggested('status:crash,o').texts).toEqual(['OOMKilled', 'CrashLoopBackOff']);
  expect(suggested('ns:')).toEqual({ replaced: '', texts: ['shop', 'kube-system'] });
  expect(suggested('app=')).toEqual({ replaced: '', texts: ['web', 'api'] });
  expect(suggested('label:ti')).toEqual({ replaced: 'ti', texts: ['tier'] });
  expect(suggested('label:app=w')).toEqual({ replaced: 'app=w', texts: ['app=web'] });
  expect(suggested('cluster:d')).toEqual({ replaced: 'd', texts: ['dev', 'prod-eu'] });
  expect(suggested('is:un').texts).toEqual(['unknown', 'unhealthy']);
  expect(suggested('').texts).toEqual(expect.arrayContaining(['ns:', 'age<', 'restarts>', 'status:', 'app=']));
});

test("the guide's examples all work, and find something", () => {
  const guide = readFileSync(new URL('../../../../../docs/guide/query.md', import.meta.url), 'utf8');
  const examples = [...guide.matchAll(/^\| `((?:[^`\\]|\\.)+)` \|/gm)].map(([, filter]) =>
    (filter as string).replaceAll('\\|', '|'),
  );
  expect(examples.length).toBeGreaterThan(30);
  for (const example of examples) {
    const { names, problems } = run(example);
    const found = names.length > 0;
    expect({ example, problems, found }).toEqual({ example, problems: [], found: true });
  }
});
