import type { Implementations } from '../../kernel/contract.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { settings } from './contract.ts';
import type { Settings } from './settings.ts';

/** The settings' procedures on top of `Settings`. */
export function createSettingsApi(model: Settings): Implementations<typeof settings> {
  return {
    preferences() {
      const changed = new Emitter<void>();
      let rev = 1;
      const subscription = model.onChange(() => {
        rev++;
        changed.fire();
      });
      return {
        read: () => ({ rev, head: model.preferences, rows: [] }),
        onChange: changed.event,
        dispose() {
          subscription.dispose();
          changed.dispose();
        },
      };
    },
    async update({ change }) {
      await model.update(change);
      return {};
    },
  };
}
