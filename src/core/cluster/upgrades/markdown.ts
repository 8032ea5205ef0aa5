import type { Finding, Report, Step } from './contract.ts';
import { minorText } from './versions.ts';

const phases: Record<Step['phase'], string> = {
  before: 'Before',
  controlPlane: 'Control plane',
  nodes: 'Nodes',
  after: 'After',
};

const severities: Record<Finding['severity'], string> = { blocker: 'Blockers', warning: 'Warnings', note: 'Notes' };

/** A report and its plan for a ticket or a change request. Text of the cluster is escaped. */
export function reportMarkdown(report: Report): string {
  const { name, version, target, planned, checkedAt, findings, steps, components, addons, readings } = report;
  const lines = [
    `# Upgrade of ${safe(name)}: ${version} to ${minorText(target)}`,
    '',
    `Checked on ${new Date(checkedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
  ];
  if (planned)
    lines.push('', `${minorText(target)} was not released when this program was made: its removals are planned ones.`);
  lines.push('', '## Plan');
  let heading = '';
  for (const { to, phase, title, why, ticked, findings: about, state } of steps) {
    const here = `### ${minorText(to - 1)} to ${minorText(to)}: ${phases[phase]}`;
    if (here !== heading) lines.push('', here, '');
    heading = here;
    const what =
      about.length === 0 || state === 'clear'
        ? ''
        : ` (${about.length === 1 ? '1 finding' : `${about.length} findings`})`;
    lines.push(`- [${ticked === null ? ' ' : 'x'}] **${safe(title)}**${what}: ${safe(why)}`);
  }
  for (const severity of ['blocker', 'warning', 'note'] as const) {
    const some = findings.filter((each) => each.severity === severity);
    if (some.length === 0) continue;
    lines.push('', `## ${severities[severity]}`);
    for (const { title, why, action, evidence, more, source } of some) {
      lines.push('', `### ${safe(title)}`, '', safe(why), '', `What to do: ${safe(action)}`, '');
      for (const { object, text } of evidence) {
        const where =
          object === undefined
            ? ''
            : `${safe([object.kind, object.namespace, object.name].filter(Boolean).join('/'))} `;
        lines.push(`- ${where}${safe(text)}`);
      }
      if (more > 0) lines.push(`- and ${more} more`);
      if (source !== undefined) lines.push('', `Source: [${source.title}](${source.url}), ${source.date}`);
    }
  }
  lines.push(
    '',
    '## Versions',
    '',
    `| component | version | count | now | with ${minorText(target)} |`,
    '|--|--|--|--|--|',
  );
  for (const { component, version: own, count, now, later } of components) {
    lines.push(`| ${component} | ${safe(own)} | ${count} | ${now} | ${later} |`);
  }
  if (addons.length > 0) {
    lines.push('', '## Add-ons', '', '| add-on | version | supports | verdict | source |', '|--|--|--|--|--|');
    for (const { name: addon, version: own, supports, verdict, source } of addons) {
      const from = source === undefined ? '' : `[${source.title}](${source.url}), ${source.date}`;
      lines.push(`| ${addon} | ${safe(own)} | ${supports || 'not known'} | ${verdict} | ${from} |`);
    }
  }
  lines.push('', '## What was read', '', '| what | state | count | |', '|--|--|--|--|');
  for (const { what, state, count, message } of readings)
    lines.push(`| ${safe(what)} | ${state} | ${count} | ${safe(message)} |`);
  return `${lines.join('\n')}\n`;
}

/** Nothing of it begins markup: names come from clusters. */
function safe(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~]/g, (mark) => `\\${mark}`).replace(/\s+/g, ' ');
}
