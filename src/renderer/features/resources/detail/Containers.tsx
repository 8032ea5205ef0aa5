import { Age, Bar, formatBytes, formatMillicores, StatusMark, ToneShape } from '../../../ui/index.ts';
import type { ContainerView } from './containers.ts';
import css from './detail.module.css';
import { quantity } from './json.ts';
import { Facts, Fold, Section } from './Sections.tsx';

export function Containers({ containers }: { containers: readonly ContainerView[] }) {
  if (containers.length === 0) return null;
  return (
    <Section title="Containers" count={containers.length}>
      {containers.map((container) => (
        <Fold
          key={`${container.role} ${container.name}`}
          open={isInteresting(container)}
          summary={<Summary {...container} />}
        >
          <Body {...container} />
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
      <ToneShape tone={container.tone} />
      <b className="mono">{container.name}</b>
      {container.role !== 'container' && <span className={css.role}>{container.role}</span>}
      <span className={css.dim}>{container.state}</span>
      {container.restarts > 0 && (
        <span className={css.restarts}>
          {container.restarts} {container.restarts === 1 ? 'restart' : 'restarts'}
        </span>
      )}
    </span>
  );
}

function Body(container: ContainerView) {
  const { last } = container;
  return (
    <>
      {container.message !== '' && <p className={css.message}>{container.message}</p>}
      <Facts
        facts={[
          { name: 'Image', value: <code className={css.wrap}>{container.image}</code> },
          container.state !== '' && {
            name: 'State',
            value: (
              <>
                <StatusMark tone={container.tone}>{container.state}</StatusMark>
                {container.since !== undefined && (
                  <span className={css.dim}>
                    {' '}
                    for <Age at={container.since} />
                  </span>
                )}
              </>
            ),
          },
          last !== undefined && {
            name: 'Before that',
            value: (
              <>
                {last.reason || 'ended'}
                {last.exitCode !== undefined && `, exit code ${last.exitCode}`}
                {last.signal !== undefined && `, signal ${last.signal}`}
                {last.at !== undefined && (
                  <span className={css.dim}>
                    {' '}
                    <Age at={last.at} suffix="ago" />
                  </span>
                )}
              </>
            ),
          },
          { name: 'CPU', value: <Resource container={container} resource="cpu" /> },
          { name: 'Memory', value: <Resource container={container} resource="memory" /> },
          container.ports.length > 0 && { name: 'Ports', value: <code>{container.ports.join(', ')}</code> },
          ...container.probes.map((probe) => ({
            name: `${probe.kind.charAt(0).toUpperCase()}${probe.kind.slice(1)} probe`,
            value: <span className={css.wrap}>{probe.text}</span>,
          })),
          container.command !== '' && { name: 'Command', value: <code className={css.wrap}>{container.command}</code> },
        ]}
      />
      {container.env.length > 0 && (
        <Fold summary={<span>{counted(container.env.length, 'environment variable')}</span>}>
          <ul className={css.plainList}>
            {container.env.map((env) => (
              <li key={`${env.name} ${env.from}`}>
                <code>{env.name}</code>
                {env.from !== '' && <span className={css.dim}> from {env.from}</span>}
              </li>
            ))}
          </ul>
          <p className={css.dim}>Values are in the YAML; those of secrets are never read.</p>
        </Fold>
      )}
      {container.mounts.length > 0 && (
        <Fold summary={<span>{counted(container.mounts.length, 'mount')}</span>}>
          <ul className={css.plainList}>
            {container.mounts.map((mount) => (
              <li key={mount.path}>
                <code>{mount.path}</code>
                <span className={css.dim}>
                  {' '}
                  {mount.volume}
                  {mount.readOnly && ', read-only'}
                </span>
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </>
  );
}

/** Request and limit in words, and as a bar when there are both. */
function Resource({ container, resource }: { container: ContainerView; resource: 'cpu' | 'memory' }) {
  const request = container.requests.find(([name]) => name === resource)?.[1];
  const limit = container.limits.find(([name]) => name === resource)?.[1];
  if (request === undefined && limit === undefined) return <span className={css.dim}>no request, no limit</span>;
  const [low, high] = [quantity(request ?? ''), quantity(limit ?? '')];
  const write = (text: string | undefined, value: number | undefined) =>
    value === undefined ? (text ?? 'none') : resource === 'cpu' ? formatMillicores(value * 1000) : formatBytes(value);
  return (
    <span className={css.resource}>
      <span>
        {write(request, low)} <span className={css.dim}>of</span>{' '}
        {limit === undefined ? 'no limit' : write(limit, high)}
      </span>
      {low !== undefined && high !== undefined && (
        <span className={css.resourceBar}>
          <Bar label={`${resource} request of limit`} value={low} max={high} text={`${request} of ${limit}`} />
        </span>
      )}
    </span>
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
