import type { Implementations } from '../../kernel/contract.ts';
import type { system as contract } from './contract.ts';
import type { Notices } from './notices.ts';

export interface About {
  version: string;
  host: 'electron' | 'serve' | 'test';
  dataFolder: string;
  demo: boolean;
}

export function systemApi(about: About, notices: Notices): Implementations<typeof contract> {
  return {
    about: () => ({
      ...about,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
    }),
    notices: () => notices.live(),
  };
}
