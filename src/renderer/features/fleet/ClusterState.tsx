import { KeyRound, Plug, RotateCw, TriangleAlert, Unplug } from 'lucide-react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { shownState, stateTones } from '../../app/clusterState.ts';
import { href } from '../../app/router.ts';
import { Age, Button, CopyButton, legible, Skeleton, StatusMark, ToneShape, t } from '../../ui/index.ts';
import styles from './fleet.module.css';
import { commandLine } from './model.ts';
import { type ClusterActions, listAddress } from './useClusterActions.ts';

/** The connection's state with its age. */
export function StateMark({ cluster, short }: { cluster: Cluster; short?: boolean }) {
  return (
    <span className={styles.stateMark}>
      <StatusMark tone={stateTones[shownState(cluster)]}>{t(`fleet.state.${shownState(cluster)}`)}</StatusMark>
      {/* A clock that runs on every healthy cluster says nothing; how long it has not been healthy does. */}
      {cluster.state !== 'idle' && (cluster.state !== 'live' || short !== true) && (
        <span className={styles.dim}>
          <Age at={cluster.since} />
        </span>
      )}
      {cluster.state === 'idle' && cluster.lastLive !== null && short !== true && (
        <span className={styles.dim}>
          {t('fleet.lastSeen')} <Age at={cluster.lastLive} suffix={t('fleet.ago')} />
        </span>
      )}
    </span>
  );
}

/** What the kubeconfig wants to run, exactly, before it is run. */
export function Consent({ cluster }: { cluster: Cluster }) {
  const { consent } = cluster;
  if (consent === undefined) return null;
  const line = commandLine(consent.command, consent.args);
  return (
    <div className={styles.consent}>
      <div className={styles.commandLine}>
        <code>
          {consent.env.map(({ name, value }) => (
            <span key={name} className={styles.dim}>
              {name}={value}{' '}
            </span>
          ))}
          {line}
        </code>
        <CopyButton text={line} />
      </div>
      <p className={styles.dim}>
        {consent.resolved === null
          ? t('fleet.consent.missing', { command: consent.command, searched: consent.searched.join(', ') })
          : t('fleet.consent.resolved', { path: consent.resolved })}
        {consent.resolved === null && consent.installHint !== undefined && ` ${consent.installHint}`}
      </p>
    </div>
  );
}

/** Why a cluster is not live, and what the user can do: different for every state. */
export function Trouble({ cluster }: { cluster: Cluster }) {
  // What a closed cluster shows and how to go on is in its state and its button.
  if (cluster.closed === true) return null;
  switch (cluster.state) {
    case 'live':
      return null;
    case 'idle':
      return <p className={styles.dim}>{t('fleet.explain.idle')}</p>;
    case 'connecting':
      return (
        <div className={styles.connecting}>
          <p>{cluster.reason ?? t('fleet.explain.connecting')}</p>
          <Skeleton width="72%" height={6} />
          <Skeleton width="54%" height={6} />
          <Skeleton width="63%" height={6} />
        </div>
      );
    case 'needsConsent':
      return (
        <>
          <p>{t('fleet.explain.needsConsent')}</p>
          <Consent cluster={cluster} />
        </>
      );
    default:
      return (
        <div className={styles.trouble} data-tone={stateTones[cluster.state]}>
          <p className={styles.reason} title={cluster.reason === undefined ? undefined : legible(cluster.reason)}>
            {cluster.reason === undefined ? t(`fleet.explain.${cluster.state}`) : legible(cluster.reason)}
          </p>
          {cluster.hint !== undefined && <p className={styles.hint}>{cluster.hint}</p>}
        </div>
      );
  }
}

/** The one thing to do next in each state. */
export function StateButton({
  cluster,
  actions,
  size = 's',
}: {
  cluster: Cluster;
  actions: ClusterActions;
  size?: 's' | 'm';
}) {
  const ids = [cluster.key];
  switch (cluster.closed === true ? 'idle' : cluster.state) {
    case 'idle':
      return (
        <Button size={size} icon={Plug} onClick={() => actions.open(ids)}>
          {t('fleet.open')}
        </Button>
      );
    case 'needsConsent': {
      const { consent } = cluster;
      return (
        <Button
          size={size}
          variant="primary"
          icon={KeyRound}
          disabled={consent === undefined || consent.resolved === null}
          onClick={() => consent !== undefined && actions.approve(cluster.key, consent.hash)}
        >
          {t('fleet.approve')}
        </Button>
      );
    }
    case 'connecting':
      return (
        <Button size={size} variant="quiet" onClick={() => actions.close(ids)}>
          {t('fleet.cancel')}
        </Button>
      );
    case 'live':
      return (
        <Button size={size} variant="quiet" icon={Unplug} onClick={() => actions.close(ids)}>
          {t('fleet.close')}
        </Button>
      );
    default:
      return (
        <Button size={size} icon={RotateCw} onClick={() => actions.open(ids)}>
          {t('fleet.retry')}
        </Button>
      );
  }
}

/** What is read may be anybody's, and so is what is sent: that is loud. A file that others can read is a warning. */
function isOpenToOthers(risk: string): boolean {
  return /TLS is not verified|not encrypted|alphabets|foreign code/u.test(risk);
}

/** Warnings about the connection itself. */
export function Risks({ risks }: { risks: readonly string[] }) {
  if (risks.length === 0) return null;
  return (
    <ul className={styles.risks}>
      {risks.map((risk) => (
        <li key={risk} data-tone={isOpenToOthers(risk) ? 'failed' : 'warning'}>
          <TriangleAlert size={14} aria-hidden />
          {risk}
        </li>
      ))}
    </ul>
  );
}

/** How the cluster is doing, in a sentence. */
export function Health({ cluster, linked }: { cluster: Cluster; linked?: boolean }) {
  const { pods } = cluster;
  const failing = linked === true && pods !== null && pods.failed + pods.warning > 0;
  return (
    <p className={styles.health} data-tone={cluster.tone}>
      <ToneShape tone={cluster.tone} />
      <span>
        {failing ? (
          <a href={href(listAddress(cluster.key, 'pods', 'is:failed,warning'))}>{cluster.health}</a>
        ) : (
          cluster.health
        )}
      </span>
    </p>
  );
}
