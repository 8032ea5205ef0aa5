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

test('a link whose handshake took long is presumed to be slow until its pace is known', () => {
  const link = new Link(() => 0.1);
  link.shookHands(80);
  expect(link.slow).toBe(true);
  read(link, 50_000_000);
  expect(link.slow).toBe(false);
});

test('one handshake that was held up does not make a near server a far one', () => {
  const link = new Link(() => 0.1);
  link.shookHands(80);
  link.shookHands(2);
  expect(link.slow).toBe(false);
  read(link, 500_000);
  expect(link.slow).toBe(false);
});

test('a far link that was held up once is not slow', () => {
  const link = new Link(() => 0.1);
  link.answered(15);
  const pace = link.pace(0);
  pace(300_000, 200);
  expect(link.slow).toBe(false);
  for (let now = 210; now < 400; now += 10) pace(500_000, now);
  expect(link.slow).toBe(false);
});
