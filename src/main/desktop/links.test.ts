import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkIn } from './links.ts';

describe('linkIn', () => {
  it('finds the link among what else Electron is started with', () => {
    expect(linkIn(['/opt/KubeSage/kubesage', '--no-sandbox', 'kubesage://resources/pods?clusters=a,b'])).toBe(
      'kubesage://resources/pods?clusters=a,b',
    );
    expect(linkIn(['kubesage', 'KubeSage://fleet'])).toBe('kubesage://fleet');
    expect(linkIn(['kubesage', '/some/folder'])).toBeUndefined();
  });

  it.each([
    'kubesage:fleet',
    'kubesage://fleet\n--inspect',
    'kubesage://fleet#/settings',
    'kubesage://<script>',
    'kubesage://a b',
    'kubesage://\u202efleet',
    `kubesage://${'x'.repeat(3_000)}`,
    'kubesage://fleet"',
    'kubesage:javascript:alert(1)',
  ])('refuses %j', (link) => {
    expect(linkIn(['kubesage', link])).toBeUndefined();
  });

  it('lets nothing pass that the page would take for anything but an address of its own', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const link = linkIn([`kubesage://${text}`]);
        if (link === undefined) return;
        expect(link).toMatch(/^kubesage:\/\/[!-~]*$/);
        expect(decodeURI(encodeURI(link))).toBe(link);
      }),
      { numRuns: 2_000 },
    );
  });
});
