import type { TopologyNode } from '../../../core/cluster/topology/contract.ts';
import { formatCount, StatusMark, t, tonesByUrgency } from '../../ui/index.ts';
import css from './topology.module.css';
import { nodeDetail, nodeTitle } from './words.ts';

/** What the pointer is on, in words. */
export function NodeTip(props: {
  node: TopologyNode;
  at: { x: number; y: number };
  view: { width: number; height: number };
}) {
  const { node, at, view } = props;
  const right = at.x > view.width - 340;
  const below = at.y > view.height - 180;
  const tones = node.tones;
  return (
    <div
      className={css.tip}
      role="tooltip"
      style={{
        ...(right ? { right: view.width - at.x + 14 } : { left: at.x + 14 }),
        ...(below ? { bottom: view.height - at.y + 14 } : { top: at.y + 14 }),
      }}
    >
      <p className={css.tipName}>{node.form === 'pods' ? `${node.name}: ${nodeTitle(node)}` : nodeTitle(node)}</p>
      <p className={css.dim}>{[node.kindName, node.namespace].filter(Boolean).join(' · ') || nodeDetail(node)}</p>
      <StatusMark tone={node.tone}>{node.form === 'object' ? node.status || undefined : undefined}</StatusMark>
      {tones !== undefined &&
        tonesByUrgency
          .filter((tone) => tones[tone] > 0)
          .map((tone) => (
            <p key={tone}>
              {formatCount(tones[tone])} {t(`ui.tone.${tone}`)}
            </p>
          ))}
      {(node.uses ?? []).map(({ kindName, count }) => (
        <p key={kindName} className={css.dim}>
          {t('topology.uses', { count, kind: kindName })}
        </p>
      ))}
    </div>
  );
}
