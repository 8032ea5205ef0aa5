import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeCard } from './model.ts';

const room = { width: 1440, height: 900 };

describe('a card', () => {
  it('stands below its name, and above it where there is no room', () => {
    const card = { width: 320, height: 200 };
    expect(placeCard({ left: 300, top: 100, width: 80, height: 20 }, card, room)).toEqual({ left: 300, top: 126 });
    expect(placeCard({ left: 300, top: 860, width: 80, height: 20 }, card, room)).toEqual({ left: 300, top: 654 });
    expect(placeCard({ left: 1400, top: 100, width: 80, height: 20 }, card, room).left).toBe(1112);
  });

  it('is in the window wherever its name is', () => {
    const length = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(length(1440), length(900), length(400), length(800), (left, top, width, height) => {
        const placed = placeCard({ left, top, width: 60, height: 18 }, { width, height }, room);
        expect(placed.left).toBeGreaterThanOrEqual(8);
        expect(placed.top).toBeGreaterThanOrEqual(8);
        expect(placed.left + width).toBeLessThanOrEqual(room.width);
        expect(placed.top + height).toBeLessThanOrEqual(room.height);
      }),
    );
  });
});
