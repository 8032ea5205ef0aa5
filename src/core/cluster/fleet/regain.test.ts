import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeSageError } from '../../kernel/errors.ts';
import { refusal, type Stage, setStage } from './fakes.ts';

const reviews = 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const minute = 60_000;

let stage: Stage;
/** What the API server's authorizer says of lists in all namespaces; may throw. */
let everywhere: () => boolean;

beforeEach(async () => {
  stage = await setStage();
  everywhere = () => false;
  stage.answers.set('GET /api/v1/namespaces', () => ({ items: [{ metadata: { name: 'shop' } }] }));
  stage.answers.set(reviews, ({ body }) => {
    const { namespace } = JSON.parse(String(body)).spec.resourceAttributes;
    return { status: { allowed: namespace === '' ? everywhere() : namespace === 'shop' } };
  });
  stage.fleet.open(['a']);
  await stage.clock.advance(0);
  stage.say(0, 'namespaces', 'live');
  stage.say(0, 'nodes', 'live');
  await refuse();
});
afterEach(() => stage.fleet.dispose());

/** The authorizer refuses pods of all namespaces, and lets those of one be listed. */
async function refuse(): Promise<void> {
  stage.say(0, 'pods', 'forbidden', { reason: 'no pods for you' });
  await stage.clock.advance(0);
  stage.say(0, 'pods', 'live', { scope: 'shop' });
}

const watched = () => stage.watchers.watching.get('0 pods')?.namespaces;
const asked = () => stage.asked.filter((line) => line.endsWith(reviews)).length;

describe('F9: a kind that was refused for a moment', () => {
  it('is listed in all namespaces again, without anybody asking', async () => {
    expect(watched()).toEqual(['shop']);
    everywhere = () => true;
    await stage.clock.advance(1.2 * minute);
    expect(watched()).toBeNull();
    stage.say(0, 'pods', 'live');
    expect(stage.fleet.rows()[0]).toMatchObject({ state: 'live', namespaces: null, hidden: [] });
    const before = asked();
    await stage.clock.advance(120 * minute);
    expect(asked()).toBe(before);
  });

  it('is asked about after growing pauses, while what may be seen goes on', async () => {
    const before = asked();
    await stage.clock.advance(24 * 60 * minute);
    // 1, 2, 4, 8, 16 minutes, then every 30, each a fifth more or less.
    expect(asked() - before).toBeGreaterThan(35);
    expect(asked() - before).toBeLessThan(70);
    expect(watched()).toEqual(['shop']);
    expect(stage.watchers.log.filter((line) => line === 'unwatch 0 pods')).toHaveLength(1);
  });

  it('is asked about again when nothing answered', async () => {
    everywhere = () => {
      throw new KubeSageError('unreachable', 'no answer');
    };
    await stage.clock.advance(5 * minute);
    expect(watched()).toEqual(['shop']);
    everywhere = () => true;
    await stage.clock.advance(20 * minute);
    expect(watched()).toBeNull();
  });

  it('stays as it is where no review is answered', async () => {
    everywhere = () => {
      throw refusal('forbidden');
    };
    await stage.clock.advance(120 * minute);
    expect(watched()).toEqual(['shop']);
  });

  it('may be refused again', async () => {
    everywhere = () => true;
    await stage.clock.advance(1.2 * minute);
    expect(watched()).toBeNull();
    everywhere = () => false;
    await refuse();
    expect(watched()).toEqual(['shop']);
    everywhere = () => true;
    await stage.clock.advance(5 * minute);
    expect(watched()).toBeNull();
  });

  it('looks for namespaces again when they could not be found the first time', async () => {
    stage.fleet.close(['a']);
    const answer = stage.answers.get('GET /api/v1/namespaces');
    stage.answers.set('GET /api/v1/namespaces', () => {
      throw new KubeSageError('timeout', 'too slow');
    });
    stage.fleet.open(['a']);
    await stage.clock.advance(0);
    stage.say(0, 'pods', 'forbidden', { reason: 'no pods for you' });
    await stage.clock.advance(0);
    expect(watched()).toBeNull();
    expect(stage.fleet.scopes('pods')).toMatchObject([{ state: 'forbidden' }]);
    if (answer !== undefined) stage.answers.set('GET /api/v1/namespaces', answer);
    // The watch says so again each time that it tried.
    stage.say(0, 'pods', 'forbidden', { reason: 'no pods for you' });
    await stage.clock.advance(0);
    expect(watched()).toEqual(['shop']);
  });
});
