import { GitBranch } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GitopsScope } from '../../../core/cluster/gitops/contract.ts';
import { href, useLocation } from '../../app/router.ts';
import { EmptyState, ForbiddenState, inSentences, Skeleton, Strip, t } from '../../ui/index.ts';
import css from './gitops.module.css';

const views = [
  { path: '/gitops', title: 'gitops.view.deliveries' },
  { path: '/gitops/parts', title: 'gitops.view.parts' },
  { path: '/gitops/promotions', title: 'gitops.view.promotions' },
];

/** What the three lists share: title, the way to the others, and what is there for tools. */
export function Frame(props: { count?: ReactNode; tools?: ReactNode; children: ReactNode }) {
  const { path } = useLocation();
  return (
    <div className={css.screen}>
      <header className={css.head}>
        <h1 className={css.title}>{t('gitops.title')}</h1>
        <nav className={css.views} aria-label={t('gitops.views')}>
          {views.map((view) => (
            <a
              key={view.path}
              className={css.view}
              href={href(view.path)}
              aria-current={view.path === path ? 'page' : undefined}
            >
              {t(view.title)}
            </a>
          ))}
        </nav>
        <span className={css.dim}>{props.count}</span>
        <span className={css.grow} />
        {props.tools}
      </header>
      {props.children}
    </div>
  );
}

/** What is true of the clusters that are looked at, above the rows. */
export function Limits({ scopes }: { scopes: readonly GitopsScope[] }) {
  const limited = scopes.filter(({ state, message }) => message !== '' && state !== 'absent');
  if (limited.length === 0) return null;
  return (
    <div className={css.limits}>
      {limited.map(({ cluster, name, message, hint }) => (
        <Strip key={cluster} tone="warning">
          {name}: {inSentences(message, hint)}
        </Strip>
      ))}
    </div>
  );
}

/** Why there are no rows: nothing open, nothing installed, nothing allowed, or nothing there. Null while there are. */
export function Nothing(props: { scopes: readonly GitopsScope[]; rows: number; waiting: boolean; empty: ReactNode }) {
  const { scopes, rows, waiting, empty } = props;
  if (rows > 0) return null;
  if (waiting || scopes.some(({ state }) => state === 'loading')) return <Bones />;
  if (scopes.length === 0) {
    return (
      <EmptyState icon={GitBranch} title={t('gitops.noClusters')}>
        {t('gitops.noClustersText')}
      </EmptyState>
    );
  }
  const forbidden = scopes.find(({ state }) => state === 'forbidden');
  if (forbidden !== undefined && scopes.every(({ state }) => state === 'forbidden' || state === 'absent')) {
    return (
      <ForbiddenState title={t('gitops.forbidden', { name: forbidden.name })} rule={forbidden.rule}>
        {inSentences(forbidden.message)}
      </ForbiddenState>
    );
  }
  if (scopes.every(({ state }) => state === 'absent')) {
    return (
      <EmptyState icon={GitBranch} title={t('gitops.absent')}>
        {t('gitops.absentText', { count: scopes.length })}
      </EmptyState>
    );
  }
  // What could not be read is said above.
  if (scopes.every(({ state }) => state === 'failed')) return null;
  return <>{empty}</>;
}

export function Bones() {
  return (
    <div className={css.bones} aria-busy="true">
      {[72, 58, 80, 64, 70, 52].map((width) => (
        <Skeleton key={width} width={`${width}%`} />
      ))}
    </div>
  );
}
