import { EyeOff } from 'lucide-react';
import { useState } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { Button, CopyButton, t } from '../../ui/index.ts';
import styles from './cluster.module.css';
import { grantingRule } from './model.ts';

/** What this user may not see here, in the server's words, with the rule that would grant it. */
export function HiddenList({ cluster }: { cluster: Cluster }) {
  const [all, setAll] = useState(false);
  const shown = all ? cluster.hidden : cluster.hidden.slice(0, 6);
  if (cluster.hidden.length === 0 && cluster.namespaces === null) return null;
  return (
    <section className={styles.section}>
      <h2>
        <EyeOff size={14} aria-hidden /> {t('fleet.hidden')}
      </h2>
      {cluster.namespaces !== null && (
        <p className={styles.limited}>{t('fleet.limitedTo', { namespaces: cluster.namespaces.join(', ') })}</p>
      )}
      <ul className={styles.hidden}>
        {shown.map((hidden) => (
          <li key={`${hidden.kind} ${hidden.verb} ${hidden.namespace}`}>
            <details>
              <summary>
                <code>
                  {hidden.verb} {hidden.kind}
                </code>
                <span>
                  {hidden.namespace === '' ? t('fleet.everywhere') : t('fleet.inNamespace', { name: hidden.namespace })}
                </span>
              </summary>
              <p>{hidden.message}</p>
              <div className={styles.rule}>
                <pre>{grantingRule(hidden)}</pre>
                <CopyButton text={grantingRule(hidden)} label={t('ui.copyRule')} />
              </div>
            </details>
          </li>
        ))}
      </ul>
      {shown.length < cluster.hidden.length && (
        <Button size="s" variant="quiet" onClick={() => setAll(true)}>
          {t('fleet.allHidden', { number: cluster.hidden.length })}
        </Button>
      )}
    </section>
  );
}
