import { z } from 'zod';
import { command, pipe, query } from '../../kernel/contract.ts';
import { Confirmation } from '../changes/contract.ts';
import { ObjectRef } from '../resources/contract.ts';

/** What a debug container may do: the words are kubectl's. */
export const DebugProfile = z.enum(['general', 'baseline', 'restricted', 'netadmin', 'sysadmin']);
export type DebugProfile = z.infer<typeof DebugProfile>;

const name = z.string().max(253);
const image = z.string().trim().min(1).max(500);

/**
 * What a terminal is opened on. An absent container is the one that the pod names as its default, or its first. In place
 * of a pod, `exec`, `attach` and `debug` take what has pods, such as a Deployment: one that is ready is chosen.
 */
export const TerminalTarget = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('exec'),
    object: ObjectRef,
    container: name.optional(),
    /** Absent: the best shell that the container has, as a login shell. */
    command: z.array(z.string().max(100_000)).min(1).max(1000).optional(),
    tty: z.boolean().default(true),
  }),
  z.object({ mode: z.literal('attach'), object: ObjectRef, container: name.optional() }),
  z.object({
    mode: z.literal('debug'),
    object: ObjectRef,
    image,
    /** The container whose processes it sees. */
    target: name.optional(),
    profile: DebugProfile.default('general'),
    /** Absent: the best shell of the image, whatever the image would run by itself. */
    command: z.array(z.string().max(100_000)).min(1).max(1000).optional(),
  }),
  z.object({
    mode: z.literal('node'),
    object: ObjectRef,
    image,
    /** Where the privileged pod is created. */
    namespace: name.default('default'),
  }),
  /** A shell on this computer, with the cluster's context set. The object's kind is `clusters`, without a name. */
  z.object({ mode: z.literal('local'), object: ObjectRef }),
]);
export type TerminalTarget = z.infer<typeof TerminalTarget>;

/** In characters. */
export const TerminalSize = z.object({
  columns: z.number().int().min(1).max(2000),
  rows: z.number().int().min(1).max(2000),
});
export type TerminalSize = z.infer<typeof TerminalSize>;

export const TerminalUp = z.discriminatedUnion('type', [
  /** What was typed or pasted. */
  z.object({ type: z.literal('input'), text: z.string() }),
  /** Bytes that are no text, one a character (0 to 255): reports of the mouse. */
  z.object({ type: z.literal('bytes'), text: z.string().max(10_000) }),
  TerminalSize.extend({ type: z.literal('resize') }),
  /** So many characters of output are on the screen: as many more may come. */
  z.object({ type: z.literal('taken'), count: z.number().int().min(0) }),
  /** Nothing more is typed: the program reads the end of its input. */
  z.object({ type: z.literal('endInput') }),
  /** Records from now on, or no longer; with `input`, what is typed, too. What must be recorded stays recorded. */
  z.object({ type: z.literal('record'), on: z.boolean(), input: z.boolean().default(false) }),
  /** Ends the terminal. Who only goes away leaves it: it can be taken up again for some time. */
  z.object({ type: z.literal('close') }),
]);
export type TerminalUp = z.infer<typeof TerminalUp>;

export const TerminalRecording = z.object({
  /** As in `recordings.list`. */
  key: z.string(),
  /** The cluster is protected: it cannot be stopped. */
  required: z.boolean(),
  withInput: z.boolean(),
});
export type TerminalRecording = z.infer<typeof TerminalRecording>;

export const TerminalState = z.object({
  type: z.literal('state'),
  /** By it the terminal is taken up again. */
  session: z.string(),
  /**
   * `ended`: the program has ended, with `exitCode` where it is known. `lost`: the connection has, and the program may
   * go on. `failed`: it could not be opened. These three are the last of a terminal.
   */
  state: z.enum(['connecting', 'open', 'ended', 'lost', 'failed']),
  /** What is waited for, or why it is over. */
  message: z.string().optional(),
  hint: z.string().optional(),
  /** The pod that it is in; a node shell's own one. */
  pod: z.string().optional(),
  container: z.string().optional(),
  /** False: lines end in \n alone, and nothing that is typed comes back. */
  tty: z.boolean().optional(),
  exitCode: z.number().int().optional(),
  /** The container has no such program: for a shell, it has none. */
  noProgram: z.boolean().optional(),
  /** With `lost`: the terminal itself goes on, and can be taken up again by its session. */
  continues: z.boolean().optional(),
  /** What is being recorded; absent: nothing is. */
  recording: TerminalRecording.optional(),
});
export type TerminalState = z.infer<typeof TerminalState>;

export const TerminalDown = z.discriminatedUnion('type', [
  z.object({ type: z.literal('output'), stream: z.enum(['out', 'err']), text: z.string() }),
  /** What was shown before: the first message to a screen that takes a terminal up again. */
  z.object({ type: z.literal('replay'), text: z.string() }),
  /** So many bytes of output were left out here, after an interrupt: they had been written before it took effect. */
  z.object({ type: z.literal('skipped'), count: z.number().int() }),
  TerminalState,
]);
export type TerminalDown = z.infer<typeof TerminalDown>;

/** A container that a terminal can be opened on. */
export const TerminalContainer = z.object({
  name: z.string(),
  kind: z.enum(['container', 'init', 'ephemeral']),
  state: z.enum(['running', 'waiting', 'terminated', 'unknown']),
  image: z.string(),
  /** Chosen when none is named. */
  default: z.boolean(),
  /** Its program reads input, so that attaching makes sense for more than looking. */
  stdin: z.boolean(),
});
export type TerminalContainer = z.infer<typeof TerminalContainer>;

/** A pod of a workload that a terminal can be opened in. */
const TerminalPod = z.object({ name: z.string(), node: z.string(), ready: z.boolean() });

/** A terminal that goes on without a screen, or is on one. */
export const TerminalSessionRow = z.object({
  session: z.string(),
  target: TerminalTarget,
  pod: z.string().optional(),
  container: z.string().optional(),
  /** Milliseconds. */
  startedAt: z.number(),
  attached: z.boolean(),
  over: z.boolean(),
});
export type TerminalSessionRow = z.infer<typeof TerminalSessionRow>;

const Permission = z.object({ allowed: z.boolean(), reason: z.string().optional(), rule: z.string().optional() });

export const terminal = {
  containers: query({
    summary: 'The containers of a pod that a terminal can be opened on',
    access: { verb: 'read', resource: 'objects' },
    input: z.object({ object: ObjectRef }),
    result: z.object({ containers: z.array(TerminalContainer) }),
  }),
  allowed: query({
    summary: 'Which terminals this user may open, asked of the API server, and what the cluster asks for before',
    access: { verb: 'read', resource: 'objects' },
    input: z.object({ cluster: z.string(), namespace: z.string() }),
    result: z.object({
      exec: Permission,
      attach: Permission,
      debug: Permission,
      node: Permission,
      /** A shell on this computer: desktops have it. */
      local: Permission,
      /** The cluster is protected: what is opened is recorded. */
      recorded: z.boolean(),
      confirmation: Confirmation,
    }),
  }),
  pods: query({
    summary: 'The running pods of a workload, those first that a terminal is best opened in',
    access: { verb: 'read', resource: 'objects' },
    input: z.object({ object: ObjectRef }),
    result: z.object({ pods: z.array(TerminalPod) }),
  }),
  sessions: query({
    summary: 'Your terminals that go on, with or without a screen',
    access: { verb: 'read', resource: 'objects' },
    input: z.object({}),
    result: z.object({ sessions: z.array(TerminalSessionRow) }),
  }),
  end: command({
    summary: 'Ends one of your terminals, whoever shows it',
    access: { verb: 'write', resource: 'objects' },
    input: z.object({ session: z.string().max(100) }),
    result: z.object({}),
  }),
  open: pipe({
    summary: 'A terminal in a container, a debug container, a node or on this computer',
    access: { verb: 'write', resource: 'objects' },
    input: z.object({
      target: TerminalTarget,
      size: TerminalSize.default({ columns: 80, rows: 24 }),
      /** As `allowed.confirmation` asks for it. */
      confirmed: z.string().optional(),
      /** Takes this one up again, from wherever it is shown now; `notFound` when it is over. */
      session: z.string().max(100).optional(),
    }),
    up: TerminalUp,
    down: TerminalDown,
  }),
};
