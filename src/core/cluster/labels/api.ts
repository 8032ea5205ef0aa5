import type { Implementations } from '../../kernel/contract.ts';
import type { Changes } from '../changes/index.ts';
import type { Sources } from '../topology/index.ts';
import type { labels } from './contract.ts';
import { fixPlan } from './fix.ts';
import type { LabelRules } from './rules.ts';
import { followViolations } from './violations.ts';

/** Objects that a preview asks about; of more, the rest is counted. */
const previewed = 40;

export function labelsApi(sources: Sources & { changes: Changes }, rules: LabelRules): Implementations<typeof labels> {
  const { fleet, changes } = sources;
  return {
    rules: () => rules.follow(),
    async saveRule({ rule }) {
      await rules.save(rule);
      return {};
    },
    async removeRule({ key }) {
      await rules.remove(key);
      return {};
    },
    violations: (wanted) => followViolations(sources, rules, wanted),
    find(wanted) {
      const following = followViolations(sources, rules, wanted);
      const { head, rows } = following.read();
      following.dispose();
      return { violations: [...rows], matched: head.matched };
    },
    async preview({ fix }, { signal }) {
      const plan = fixPlan(fleet, fix);
      return {
        steps: await changes.preview({ ...plan, steps: plan.steps.slice(0, previewed) }, signal),
        more: Math.max(0, plan.steps.length - previewed),
        confirmation: changes.confirmation(plan),
      };
    },
    fix: ({ fix, confirmed }, { principal }) => ({ run: changes.start(fixPlan(fleet, fix), { principal, confirmed }) }),
  };
}
