import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createKeyBox, keylessBox } from './sealed.ts';

const text = 'users: [{name: a, user: {token: canary-token-ü}}]';

it('gives back what it sealed, and shows nothing of it', async () => {
  const box = createKeyBox(randomBytes(32));
  const sealed = await box.seal(text);
  expect(Buffer.from(sealed).includes('canary')).toBe(false);
  expect(await box.open(sealed)).toBe(text);
  expect(Buffer.from(await box.seal(text)).equals(Buffer.from(sealed))).toBe(false);
});

it('reads what was stored before there was a key', async () => {
  const plain = await keylessBox.seal(text);
  expect(await createKeyBox(randomBytes(32)).open(plain)).toBe(text);
  expect(await keylessBox.open(plain)).toBe(text);
});

it('refuses another key, a changed byte and a missing key, in words', async () => {
  const box = createKeyBox(randomBytes(32));
  const sealed = Buffer.from(await box.seal(text));
  await expect(createKeyBox(randomBytes(32)).open(sealed)).rejects.toMatchObject({ code: 'invalid' });
  for (const at of [4, 20, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await expect(box.open(changed)).rejects.toMatchObject({ code: 'invalid' });
  }
  await expect(box.open(sealed.subarray(0, 10))).rejects.toMatchObject({ code: 'invalid' });
  await expect(keylessBox.open(sealed)).rejects.toMatchObject({ code: 'unavailable' });
});
