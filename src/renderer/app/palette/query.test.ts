import { describe, expect, it } from 'vitest';
import { parsePalette } from './query.ts';

describe('what a text in the palette asks for', () => {
  it.each([
    ['', { mode: 'home' }],
    ['  ', { mode: 'home' }],
    ['web api', { mode: 'search', text: 'web api', cluster: undefined }],
    ['web @staging', { mode: 'search', text: 'web', cluster: 'staging' }],
    ['>theme', { mode: 'commands', text: 'theme' }],
    ['@stag', { mode: 'clusters', text: 'stag' }],
    [':', { mode: 'kinds', text: '', filter: '', cluster: undefined }],
    [':pod app=web @staging', { mode: 'kinds', text: 'pod', filter: 'app=web', cluster: 'staging' }],
  ])('%j', (typed, query) => expect(parsePalette(typed)).toEqual(query));
});
