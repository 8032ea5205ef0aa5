import type { Implementations } from '../../kernel/contract.ts';
import type { Audit, KeptEntry } from './audit.ts';
import type { AuditEntry, audit } from './contract.ts';

export function auditApi(record: Audit): Implementations<typeof audit> {
  return {
    entries({ text, before, limit, ...wanted }) {
      const words = text.toLowerCase();
      const found = record.entries.filter(
        (entry) =>
          (['cluster', 'kind', 'namespace', 'name'] as const).every(
            (field) => wanted[field] === undefined || entry[field] === wanted[field],
          ) &&
          (before === undefined || entry.at < before) &&
          (words === '' || searched(entry).includes(words)),
      );
      return { entries: found.slice(-limit).reverse().map(shown), total: found.length };
    },
    verify: () => record.verify(),
    export: () => ({ fileName: 'kubesage-audit.ndjson', mediaType: 'application/x-ndjson', text: record.exportText() }),
  };
}

function shown({ inverse: _, ...entry }: KeptEntry): AuditEntry {
  return entry;
}

function searched({ action, name, namespace, kind, clusterName, user, error = '' }: KeptEntry): string {
  return [action, name, namespace, kind, clusterName, user, error].join('\n').toLowerCase();
}
