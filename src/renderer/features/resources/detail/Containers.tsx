import { Age, formatBytes, formatMillicores, legible, StatusMark, ToneShape, t } from '../../../ui/index.ts';
import type { ContainerView } from './containers.ts';
import css from './detail.module.css';
import { quantity } from './json.ts';
import { Facts, Fold, Section } from './Sections.tsx';

/** `told` is what the page has said above already. */
export function Containers({ containers, told }: { containers: readonly ContainerView[]; told: string }) {
  if (containers.length === 0) return null;
  return (
    <Section title={t('resources.containers.containers')} count={containers.length}>
      {containers.map((container) => (
        <Fold
          key={`${container.role} ${container.name}`}
          open={isInteresting(container)}
          summary={<Summary {...container} />}
        >
          <Body {...container} message={container.message === told ? '' : container.message} />
        </Fold>
      ))}
    </Section>
  );
}

/** What needs looking at is open from the start. */
function isInteresting(container: ContainerView): boolean {
  return container.tone === 'failed' || container.tone === 'warning';
}

function Summary(container: ContainerView) {
  return (
    <span className={css.containerHead}>
      {container.state !== '' && <ToneShape tone={container.tone} />}
      <b className="mono">{container.name}</b>
      {container.role !== 'container' && <span className={css.role}>{container.role}</span>}
      <span className={css.dim}>{legible(container.state)}</span>
      {container.restarts > 0 && (
        <span className={css.restarts}>{t('resources.containers.restarts', { count: container.restarts })}</span>
      )}
    </span>
  );
}

function Body(container: ContainerView) {
  const { last } = container;
  return (
    <>
      {container.message !== '' && <p className={css.message}>{legible(container.message)}</p>}
      <Facts
        facts={[
          {
            name: t('resources.containers.image'),
            value: <code className={css.wrap}>{legible(container.image)}</code>,
          },
          container.state !== '' && {
            name: t('resources.containers.state'),
            value: (
              <>
                <StatusMark tone={container.tone}>{legible(container.state)}</StatusMark>
                {container.since !== undefined && (
                  <span className={css.dim}>
                    {' '}
                    {t('resources.containers.for')} <Age at={container.since} />
                  </span>
                )}
              </>
            ),
          },
          last !== undefined && {
            name: t('resources.containers.beforeThat'),
            value: (
              <>
                {legible(last.reason) || t('resources.containers.ended')}
                {last.exitCode !== undefined && t('resources.containers.exitCode', { exitCode: last.exitCode })}
                {last.signal !== undefined && t('resources.containers.signal', { signal: last.signal })}
                {last.at !== undefined && (
                  <span className={css.dim}>
                    {' '}
                    <Age at={last.at} suffix={t('resources.containers.ago')} />
                  </span>
                )}
              </>
            ),
          },
          { name: t('resources.containers.cpu'), value: <Resource container={container} resource="cpu" /> },
          { name: t('resources.containers.memory'), value: <Resource container={container} resource="memory" /> },
          container.ports.length > 0 && {
            name: t('resources.containers.ports'),
            value: <code>{container.ports.join(', ')}</code>,
          },
          ...container.probes.map((probe) => ({
            name: t('resources.containers.probe', {
              value: probe.kind.charAt(0).toUpperCase(),
              value2: probe.kind.slice(1),
            }),
            value: <span className={css.wrap}>{legible(probe.text)}</span>,
          })),
          container.command !== '' && {
            name: t('resources.containers.command'),
            value: <code className={css.wrap}>{legible(container.command)}</code>,
          },
        ]}
      />
      {container.env.length > 0 && (
        <Fold summary={<span>{t('resources.containers.variables', { count: container.env.length })}</span>}>
          <ul className={css.plainList}>
            {container.env.map((env) => (
              <li key={`${env.name} ${env.from}`}>
                <code>{legible(env.name)}</code>
                {env.from !== '' && (
                  <span className={css.dim}>
                    {' '}
                    {t('resources.containers.from')} {legible(env.from)}
                  </span>
                )}
              </li>
            ))}
          </ul>
          <p className={css.dim}>{t('resources.containers.valuesAreInTheYaml')}</p>
        </Fold>
      )}
      {container.mounts.length > 0 && (
        <Fold summary={<span>{t('resources.containers.mounts', { count: container.mounts.length })}</span>}>
          <ul className={css.plainList}>
            {container.mounts.map((mount) => (
              <li key={mount.path}>
                <code>{legible(mount.path)}</code>
                <span className={css.dim}>
                  {' '}
                  {mount.volume}
                  {mount.readOnly && t('resources.containers.readOnly')}
                </span>
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </>
  );
}

/** What is reserved and what is allowed. No bar: beside one, a request looks like what is used. */
function Resource({ container, resource }: { container: ContainerView; resource: 'cpu' | 'memory' }) {
  const request = container.requests.find(([name]) => name === resource)?.[1];
  const limit = container.limits.find(([name]) => name === resource)?.[1];
  if (request === undefined && limit === undefined)
    return <span className={css.dim}>{t('resources.containers.noRequestNoLimit')}</span>;
  const write = (text: string | undefined) => {
    const value = quantity(text ?? '');
    if (value === undefined) return text ?? t('resources.containers.none');
    return resource === 'cpu' ? formatMillicores(value * 1000) : formatBytes(value);
  };
  return (
    <span className={css.resource}>
      <span>
        <span className={css.dim}>{t('resources.containers.request')}</span> {write(request)}
      </span>
      <span>
        <span className={css.dim}>{t('resources.containers.limit')}</span> {write(limit)}
      </span>
    </span>
  );
}
