import { useClusters } from '../../app/scope.ts';
import { StatusMark } from '../../ui/index.ts';

export function FleetPage() {
  const { rows } = useClusters();
  return (
    <ul>
      {rows.map((cluster) => (
        <li key={cluster.key}>
          {cluster.name} <StatusMark tone={cluster.tone}>{cluster.state}</StatusMark>
        </li>
      ))}
    </ul>
  );
}
