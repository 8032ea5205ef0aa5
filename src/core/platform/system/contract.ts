import { z } from 'zod';
import { live, query } from '../../kernel/contract.ts';

export const system = {
  about: query({
    summary: 'Versions of the product and of what it runs on',
    access: { verb: 'read', resource: 'system' },
    input: z.object({}),
    result: z.object({
      version: z.string(),
      node: z.string(),
      host: z.enum(['electron', 'serve', 'test']),
      platform: z.string(),
      dataFolder: z.string(),
      demo: z.boolean(),
    }),
  }),
  notices: live({
    summary: 'What the user should know about the engine itself: a restart, a damaged file set aside, a full disk',
    access: { verb: 'read', resource: 'system' },
    input: z.object({}),
    head: z.object({}),
    row: z.object({
      key: z.string(),
      at: z.number(),
      tone: z.enum(['warning', 'failed', 'progressing']),
      message: z.string(),
      hint: z.string().optional(),
    }),
  }),
};
