import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type {
  ComponentRow,
  Reading,
  Report,
  Severity,
  Step,
  UpgradeRow,
} from '../../../core/cluster/upgrades/contract.ts';
import { pathOf } from '../../app/router.ts';
import type { Tone } from '../../ui/index.ts';

export const severityTones: Record<Severity, Tone> = { blocker: 'failed', warning: 'warning', note: 'unknown' };

export const stepTones: Record<Step['state'], Tone> = {
  blocked: 'failed',
  warned: 'warning',
  clear: 'healthy',
  manual: 'unknown',
};

export const supportTones: Record<UpgradeRow['support'], Tone> = {
  supported: 'healthy',
  ending: 'warning',
  ended: 'failed',
  unknown: 'unknown',
};

export const skewTones: Record<ComponentRow['now'], Tone> = {
  fine: 'healthy',
  behind: 'progressing',
  unsupported: 'failed',
  unknown: 'unknown',
};

export const verdictTones: Record<Report['addons'][number]['verdict'], Tone> = {
  supported: 'healthy',
  unsupported: 'failed',
  notListed: 'warning',
  unknown: 'unknown',
};

export const readingTones: Record<Reading['state'], Tone> = {
  read: 'healthy',
  partly: 'warning',
  forbidden: 'warning',
  failed: 'failed',
  skipped: 'stopped',
};

export function minorText(minor: number): string {
  return `1.${minor}`;
}

/** Minor releases that can be chosen as a target: some above what runs, never none. */
export function targetsOf(minor: number, newest: number): number[] {
  const last = Math.max(newest + 1, minor + 1);
  return Array.from({ length: Math.min(last - minor, 8) }, (_, index) => minor + 1 + index);
}

export function objectPath({ cluster, kind, namespace, name }: ObjectRef): string {
  return pathOf('/objects/:cluster/:kind/:namespace/:name', { cluster, kind, namespace: namespace || '-', name });
}

export function upgradePath(cluster: string): string {
  return pathOf('/upgrades/:cluster', { cluster });
}

/** Rows with all words in name or version; those that ask for somebody come first. */
export function findRows(rows: readonly UpgradeRow[], text: string): UpgradeRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(({ name, version }) => {
    const shown = `${name} ${version ?? ''}`.toLowerCase();
    return words.every((word) => shown.includes(word));
  });
  const urgency = { ended: 0, ending: 1, supported: 2, unknown: 3 };
  return found.sort(
    (a, b) =>
      (b.blockers ?? -1) - (a.blockers ?? -1) ||
      urgency[a.support] - urgency[b.support] ||
      (a.minor ?? 999) - (b.minor ?? 999) ||
      a.name.localeCompare(b.name),
  );
}

/** The table as a spreadsheet reads it. */
export function rowsAsCsv(rows: readonly UpgradeRow[]): string {
  const cells = (values: readonly (string | number | null)[]) =>
    // A cell that begins like a formula would be run by a spreadsheet.
    values
      .map(
        (value) =>
          `"${String(value ?? '')
            .replace(/^([=+\-@\t])/, "'$1")
            .replaceAll('"', '""')}"`,
      )
      .join(',');
  const head = cells(['cluster', 'version', 'supportEnds', 'support', 'target', 'blockers', 'warnings', 'checkedAt']);
  const lines = rows.map((row) =>
    cells([
      row.name,
      row.version,
      row.supportEnds,
      row.support,
      row.target === null ? null : minorText(row.target),
      row.blockers,
      row.warnings,
      row.checkedAt === null ? null : new Date(row.checkedAt).toISOString(),
    ]),
  );
  return `${[head, ...lines].join('\r\n')}\r\n`;
}
