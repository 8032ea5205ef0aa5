import type { Page } from 'playwright';

/** Something a user does, and how the page shows that it was answered. */
export interface Step {
  name: string;
  act(page: Page): Promise<unknown>;
  answered: Answered;
  /** Milliseconds; a minute when absent. */
  limitMs?: number;
}

/** Runs in the page, once a frame. */
interface Answered {
  test: (argument: Argument) => boolean;
  argument: Argument;
}

type Argument = { selector: string; pattern: string; not?: string };

/** Something at the selector has a text, and none at it has the other one. */
function shows(selector: string, pattern: string, not?: string): Answered {
  return {
    test: (wanted) => {
      const texts = [...document.querySelectorAll(wanted.selector)].map((element) => element.textContent ?? '');
      if (wanted.not !== undefined && texts.some((text) => new RegExp(wanted.not ?? '').test(text))) return false;
      return texts.some((text) => new RegExp(wanted.pattern).test(text));
    },
    argument: { selector, pattern, ...(not !== undefined && { not }) },
  };
}

export function fleetIsComplete(clusters: number, pods: number): Answered {
  return shows('main', `${clusters} live[\\s\\S]*${pods === 500_000 ? allPods : pods.toLocaleString('en')}`);
}

const go = (address: string) => (page: Page) =>
  page.evaluate((to) => {
    location.hash = to;
  }, address);

const press = (key: string) => (page: Page) => page.keyboard.press(key);
const typed = (text: string) => (page: Page) => page.keyboard.type(text, { delay: 30 });

const rows = '[role="row"]';
const footer = 'main footer';
/** As shown; a pod that is replaced is missing for a moment. */
const allPods = '(499,9|500,0)\\d\\d';
const list = (kind: string) => `#/resources/${kind}`;

/** Every screen of the product, in the order in which somebody might look at them. */
export const steps: readonly Step[] = [
  { name: 'fleet as a table', act: go('#/fleet?view=table'), answered: shows('main table', 'load-000') },
  {
    name: 'fleet sorted by memory',
    act: go('#/fleet?view=table&sort=memory'),
    answered: shows('main table', 'load-0'),
  },
  {
    name: 'fleet grouped by state',
    act: go('#/fleet?view=table&group=state'),
    answered: shows('main table', 'load-000'),
  },
  {
    name: 'fleet filtered',
    act: go('#/fleet?view=table&filter=load-04'),
    answered: shows('main tbody', 'load-042', 'load-050'),
  },
  { name: 'fleet as cards', act: go('#/fleet'), answered: shows('article', 'load-000') },
  { name: 'one cluster', act: openCluster, answered: shows('main h1', 'load-\\d+') },
  { name: 'pods', act: go(list('pods')), answered: shows(footer, `${allPods} pods`) },
  { name: 'pods sorted by restarts', ...sorted('restarts:desc', 'Restarts') },
  { name: 'pods sorted by age', ...sorted('created:desc', 'Age') },
  { name: 'pods sorted by cluster', ...sorted('cluster:desc', 'Cluster') },
  { name: 'pods filtered by text', ...filtered('catalog') },
  { name: 'pods filtered by status', ...filtered('status:CrashLoop') },
  { name: 'pods filtered by restarts', ...filtered('restarts>5') },
  { name: 'pods by expression', ...filtered('name~^catalog.*9') },
  { name: 'pods grouped by node', act: go(`${list('pods')}?group=node`), answered: grouped('Node') },
  { name: 'pods grouped by cluster', act: go(`${list('pods')}?group=cluster`), answered: grouped('Cluster') },
  { name: 'pods grouped by namespace', act: go(`${list('pods')}?group=namespace`), answered: grouped('Namespace') },
  { name: 'pods of one cluster', act: onlyCluster, answered: shows(footer, '(4,99|5,00)\\d pods') },
  { name: 'pods again', act: go(list('pods')), answered: shows(footer, `${allPods} pods`) },
  { name: 'pods to the end', act: pressInGrid('End'), answered: lastRow(500_000) },
  { name: 'one page up', act: press('PageUp'), answered: settled() },
  { name: 'detail of a pod', act: press('Enter'), answered: shows('aside, [role="complementary"]', 'Containers') },
  { name: 'its YAML', act: tab('YAML'), answered: shows('.monaco-editor', 'apiVersion') },
  { name: 'its events', act: tab('Events'), answered: settled() },
  { name: 'its relations', act: tab('Relations'), answered: shows('aside, [role="complementary"]', 'ReplicaSet') },
  { name: 'its history', act: tab('History'), answered: settled() },
  { name: 'nodes', act: go(list('nodes')), answered: shows(footer, '10,000 nodes') },
  { name: 'deployments', act: go(list('deployments.apps')), answered: counted('deployments', 100 * 417) },
  { name: 'services', act: go(list('services')), answered: live('services') },
  { name: 'events', act: go(list('events')), answered: live('events') },
  { name: 'a custom kind', act: go(list('backups.bench.example.com')), answered: shows(footer, '4,000 backups') },
  { name: 'choosing clusters', act: choose('Clusters|clusters'), answered: shows('[cmdk-item]', 'load-099') },
  { name: 'its filter', act: typed('load-07'), answered: shows('[cmdk-list]', 'load-077', 'load-001') },
  { name: 'closing it', act: press('Escape'), answered: settled() },
  { name: 'palette', act: press('Control+k'), answered: shows('[cmdk-list]', 'Settings') },
  { name: 'first search', act: typed('catalog'), answered: shows('[cmdk-item]', '^catalog[\\s\\S]*load-') },
  { name: 'second search', act: typed(' load-042'), answered: shows('[cmdk-item]', '^catalog[\\s\\S]*load-042') },
  { name: 'search while its kinds come', act: waited(15_000), answered: settled() },
  { name: 'search of a custom object', act: retyped('backup-39'), answered: shows('[cmdk-item]', '^backup-39') },
  { name: 'kinds in the palette', act: retyped(':po'), answered: shows('[cmdk-item]', '^Pods') },
  { name: 'clusters in the palette', act: retyped('@load-04'), answered: shows('[cmdk-item]', '^load-04') },
  { name: 'leaving the palette', act: press('Escape'), answered: settled() },
  { name: 'settings', act: go('#/settings'), answered: shows('main h1', 'Appearance') },
  { name: 'sources', act: go('#/settings/kubeconfig'), answered: shows('main', '100') },
  { name: 'about', act: go('#/settings/about'), answered: shows('main', 'Data folder|history|History') },
  { name: 'fleet again', act: go('#/fleet'), answered: shows('article', 'load-000') },
];

/** Nothing says that it is still being asked, and there are rows. */
function settled(): Answered {
  return shows('body', '', 'updating');
}

function sorted(by: string, title: string): Omit<Step, 'name'> {
  return {
    act: go(`${list('pods')}?sort=${by}`),
    answered: {
      test: ({ selector, pattern }) =>
        (document.querySelector(selector)?.textContent ?? '').includes(pattern) &&
        !(document.querySelector('main footer')?.textContent ?? 'updating').includes('updating'),
      argument: { selector: '[role="columnheader"][aria-sort]:not([aria-sort="none"])', pattern: title },
    },
  };
}

function filtered(filter: string): Omit<Step, 'name'> {
  return {
    act: go(`${list('pods')}?filter=${encodeURIComponent(filter)}`),
    answered: {
      test: ({ selector, pattern }) => {
        const parts = [...document.querySelectorAll(selector)].map((element) => element.textContent ?? '');
        const line = document.querySelector('main footer')?.textContent ?? '';
        return (
          parts.some((part) => part.includes(pattern)) && / of [\d,]+ pods/.test(line) && !line.includes('updating')
        );
      },
      argument: { selector: 'code', pattern: filter },
    },
  };
}

function grouped(title: string): Answered {
  return {
    test: (wanted) => document.querySelector(wanted.selector) !== null,
    argument: { selector: `section[aria-label="Grouped by ${title}"] li`, pattern: '' },
  };
}

function counted(plural: string, count: number): Answered {
  return shows(footer, `${count.toLocaleString('en')} ${plural}`);
}

function live(plural: string): Answered {
  return shows(footer, `[\\d,]+ ${plural}`, 'still reading');
}

function lastRow(count: number): Answered {
  return shows(`${rows}[aria-rowindex="${count + 1}"]`, '\\w');
}

/** Notes its id for `onlyCluster`. */
function openCluster(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const id = document.querySelector('article[data-cluster]')?.getAttribute('data-cluster') ?? '';
    (globalThis as unknown as { someCluster: string }).someCluster = id;
    location.hash = `#/clusters/${encodeURIComponent(id)}`;
  });
}

function onlyCluster(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const id = (globalThis as unknown as { someCluster: string }).someCluster;
    location.hash = `#/resources/pods?clusters=${encodeURIComponent(id)}`;
  });
}

function tab(name: string) {
  return (page: Page) => page.getByRole('tab', { name }).click();
}

function choose(name: string) {
  return (page: Page) =>
    page
      .getByRole('region', { name: 'Scope' })
      .getByRole('button', { name: new RegExp(name) })
      .first()
      .click();
}

function pressInGrid(key: string) {
  return async (page: Page) => {
    await page.getByRole('grid').first().focus();
    await page.keyboard.press(key);
  };
}

function waited(ms: number) {
  return (page: Page) => page.waitForTimeout(ms);
}

function retyped(text: string) {
  return async (page: Page) => {
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text, { delay: 30 });
  };
}
