import { expect, test } from 'vitest';
import { Link } from './link.ts';

const second = 1000;

/** Reads 2 s of a body in steps of 50 ms. */
function read(link: Link, bytesPerSecond: number): void {
  const pace = link.pace(0);
  for (let now = 50; now <= 2 * second; now += 50) pace(bytesPerSecond / 20, now);
}

test('a far link that carries little is slow', () => {
  const link = new Link(() => 0.1);
  expect(link.slow).toBe(false);
  link.answered(80);
  expect(link.slow).toBe(false);
  read(link, 2_500_000);
  expect(link.slow).toBe(true);
});

test('a link that got faster is not slow any more', () => {
  const link = new Link(() => 0.1);
  link.answered(80);
  read(link, 2_500_000);
  read(link, 50_000_000);
  expect(link.slow).toBe(false);
});

test('slow bytes from a near server are the doing of the server', () => {
  const link = new Link(() => 0.1);
  link.answered(80);
  link.answered(1);
  read(link, 500_000);
  expect(link.slow).toBe(false);
});

test('a busy thread does not judge', () => {
  const link = new Link(() => 0.95);
  link.answered(80);
  read(link, 500_000);
  expect(link.slow).toBe(false);
});

test('a small body is no evidence', () => {
  const link = new Link(() => 0);
  link.answered(80);
  const pace = link.pace(0);
  pace(10_000, 5_000);
  expect(link.slow).toBe(false);
});
