import type { BatchBuilder } from '../../columns/batchBuilder.ts';
import type { Events, EventsEventsK8sIo } from '../generated/partials.ts';
import { columns, kind, number, sayExactly, text, time, tone, unique } from '../kind.ts';

const own = columns({
  object: text('Object', 0, 240, '`Kind/name` of what it is about'),
  message: unique('Message', 0, 420),
  count: number('Count'),
  last: time('Last seen'),
  first: time('First seen', 1),
  source: text('Source', 1, 180),
  subobject: text('Part', 1, 160, 'Field of the object, such as a container'),
  action: text('Action', 1, 120),
  objectkind: text('Object kind', 2),
  objectname: text('Object name', 2),
  objectnamespace: text('Object namespace', 2),
  objectuid: text('Object UID', 2),
  objectversion: text('Object API version', 2),
  related: text('Related object', 2, 200, '`Kind/name`'),
});
const { at } = own;

interface Reference {
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  apiVersion: string;
  fieldPath: string;
}

interface Told {
  type: string;
  reason: string;
  message: string;
  about: Reference | null;
  related: { kind: string; name: string } | null;
  first: number;
  last: number;
  eventTime: number;
  series: { count: number; lastObservedTime: number } | null;
  count: number;
  action: string;
  component: string;
  host: string;
  controller: string;
  instance: string;
}

/** As kubectl's printEvent; the two kinds of events are one object with two spellings. */
function write(event: Told, cells: BatchBuilder): void {
  const how = event.type === 'Normal' ? tone.healthy : event.type === 'Warning' ? tone.warning : tone.unknown;
  sayExactly(cells, event.type, how, event.reason);
  const { about, series } = event;
  const first = event.first === 0 ? event.eventTime : event.first;
  cells.time(at.first, first);
  cells.time(at.last, series !== null ? series.lastObservedTime : event.last === 0 ? first : event.last);
  cells.number(at.count, series !== null ? series.count : event.count === 0 ? 1 : event.count);
  cells.name(at.message, event.message.trim());
  cells.text(at.action, event.action);
  const component = event.component === '' ? event.controller : event.component;
  const instance = event.host === '' ? event.instance : event.host;
  cells.text(at.source, instance === '' ? component : `${component}, ${instance}`);
  if (about !== null) {
    cells.text(at.object, about.name === '' ? about.kind : `${about.kind}/${about.name}`);
    cells.text(at.subobject, about.fieldPath);
    cells.text(at.objectkind, about.kind);
    cells.text(at.objectname, about.name);
    cells.text(at.objectnamespace, about.namespace);
    cells.text(at.objectuid, about.uid);
    cells.text(at.objectversion, about.apiVersion);
  }
  if (event.related !== null) cells.text(at.related, `${event.related.kind}/${event.related.name}`);
}

const reference = 'kind namespace name uid apiVersion fieldPath';

export const events = kind<Events>({
  id: 'events',
  kind: 'Event',
  version: 'v1',
  section: 'Cluster',
  shortNames: ['ev'],
  columns: own.list,
  select: `involvedObject { ${reference} } related { kind name } reason message~ source { component host }
    firstTimestamp lastTimestamp count type eventTime series { count lastObservedTime } action
    reportingComponent reportingInstance`,
  row(event, _meta, cells) {
    write(
      {
        type: event.type,
        reason: event.reason,
        message: event.message,
        about: event.involvedObject,
        related: event.related,
        first: event.firstTimestamp,
        last: event.lastTimestamp,
        eventTime: event.eventTime,
        series: event.series,
        count: event.count,
        action: event.action,
        component: event.source?.component ?? '',
        host: event.source?.host ?? '',
        controller: event.reportingComponent,
        instance: event.reportingInstance,
      },
      cells,
    );
  },
});

export const eventsOfEventsGroup = kind<EventsEventsK8sIo>({
  id: 'events.events.k8s.io',
  kind: 'Event',
  version: 'v1',
  section: 'Cluster',
  shortNames: ['ev'],
  columns: own.list,
  select: `regarding { ${reference} } related { kind name } reason note~ deprecatedSource { component host }
    deprecatedFirstTimestamp deprecatedLastTimestamp deprecatedCount type eventTime series { count lastObservedTime }
    action reportingController reportingInstance`,
  row(event, _meta, cells) {
    write(
      {
        type: event.type,
        reason: event.reason,
        message: event.note,
        about: event.regarding,
        related: event.related,
        first: event.deprecatedFirstTimestamp,
        last: event.deprecatedLastTimestamp,
        eventTime: event.eventTime,
        series: event.series,
        count: event.deprecatedCount,
        action: event.action,
        component: event.deprecatedSource?.component ?? '',
        host: event.deprecatedSource?.host ?? '',
        controller: event.reportingController,
        instance: event.reportingInstance,
      },
      cells,
    );
  },
});
