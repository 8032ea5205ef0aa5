import { describe, expect, it } from 'vitest';
import type { ColumnInfo } from '../../../core/cluster/resources/contract.ts';
import { inWords } from './columnTexts.ts';

const column = (id: string, title: string, description?: string): ColumnInfo => ({
  id,
  title,
  type: 'text',
  priority: 0,
  ...(description !== undefined && { description }),
});

describe('a column in words', () => {
  it("is called by its kind's own word, else by the word that all kinds have", () => {
    expect(inWords(column('ip', 'ip of the engine'), 'nodes', false).title).toBe('Internal IP');
    expect(inWords(column('ip', 'ip of the engine'), 'pods', false).title).toBe('IP');
    expect(inWords(column('created', 'created'), 'deployments.apps', false).title).toBe('Age');
  });

  it('is explained in words for people', () => {
    expect(inWords(column('labels', 'Labels', 'see encodeLabels'), 'pods', false).description).toBe(
      'Labels, sorted by key',
    );
    expect(inWords(column('cpu', 'CPU', 'Allocatable'), 'nodes', false).description).toBe('Allocatable');
  });

  it('keeps the name that a custom resource gives it, and ours for what all kinds have', () => {
    const ready = column('ready', 'Bereit', 'von der CRD');
    expect(inWords(ready, 'certificates.cert-manager.io', true)).toBe(ready);
    expect(inWords(column('created', 'created'), 'certificates.cert-manager.io', true).title).toBe('Age');
  });

  it('is what the engine says when nobody has another word', () => {
    const own = column('label:team', 'Team');
    expect(inWords(own, 'pods', false)).toBe(own);
  });
});
