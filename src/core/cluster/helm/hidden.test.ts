import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hiddenValue, hideChanges, hideValues, hideVariables, scrub, unhide } from './hidden.ts';

describe('what looks secret', () => {
  test.each([
    ['password', true],
    ['rootPassword', true],
    ['apiKey', true],
    ['secret_key', true],
    ['AWS_SECRET_ACCESS_KEY', true],
    ['token', true],
    ['existingSecret', false],
    ['secretName', false],
    ['passwordSecretRef', false],
    ['tokenEnabled', false],
    ['image', false],
    ['keyspace', false],
  ])('%s: %s', (key, secret) => {
    expect(hideValues({ [key]: 'text' }).paths).toEqual(secret ? [key] : []);
  });

  test('is hidden at any depth, with all below it; what is empty or a flag says nothing', () => {
    const { values, paths, texts } = hideValues({
      auth: { password: 'x', username: 'eva' },
      credentials: [{ id: 1, name: 'shown' }],
      token: '',
      secret: true,
    });
    expect(values).toEqual({
      auth: { password: hiddenValue, username: 'eva' },
      credentials: [{ id: hiddenValue, name: 'shown' }],
      token: '',
      secret: true,
    });
    expect(paths).toEqual(['auth.password', 'credentials[0].id']);
    expect(texts).toEqual(['x', '1']);
  });

  test("an environment variable's name says what its value is, in values and in a manifest", () => {
    const variables = [
      { name: 'DB_PASSWORD', value: 'x' },
      { name: 'MODE', value: 'fast' },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } },
    ];
    expect(hideValues({ env: variables }).values).toMatchObject({
      env: [{ value: hiddenValue }, { value: 'fast' }, { valueFrom: { secretKeyRef: { name: 'a' } } }],
    });
    const manifest =
      'env:\n  - name: DB_PASSWORD\n    value: "x"\n  - name: MODE\n    value: fast\n  - name: TOKEN\n    value: ""\n';
    expect(hideVariables(manifest)).toBe(manifest.replace('"x"', hiddenValue));
  });

  test('values that were hidden and sent back are what they were', () => {
    const secrets = fc.dictionary(
      fc.constantFrom('password', 'token', 'image', 'list'),
      fc.oneof(fc.string(), fc.integer(), fc.array(fc.record({ secret: fc.string() }))),
    );
    fc.assert(
      fc.property(secrets, (values) => {
        expect(unhide(hideValues(values).values, values)).toEqual(values);
      }),
    );
  });

  test('is taken out of other texts, also as base64, and words that are short are left', () => {
    const secret = 'correct-horse';
    const text = `a ${secret} b ${Buffer.from(secret).toString('base64')} short`;
    expect(scrub(text, [secret, 'short'])).toBe(`a ${hiddenValue} b ${hiddenValue} short`);
  });

  test('that it changed is told, and not from what to what', () => {
    expect(
      hideChanges([
        { path: '/auth/password', before: 'a', after: 'b' },
        { path: '/auth', after: { password: 'b', user: 'eva' } },
        { path: '/image/tag', before: '1', after: '2' },
      ]),
    ).toEqual([
      { path: '/auth/password', before: hiddenValue, after: hiddenValue },
      { path: '/auth', after: { password: hiddenValue, user: 'eva' } },
      { path: '/image/tag', before: '1', after: '2' },
    ]);
  });
});
