import type { Implementations } from '../../kernel/contract.ts';
import type { portfolio } from './contract.ts';
import { followApplication, followApplications, type PortfolioSources } from './portfolio.ts';

export function portfolioApi(sources: PortfolioSources): Implementations<typeof portfolio> {
  return {
    applications: (wanted) => followApplications(sources, wanted),
    application: (wanted) => followApplication(sources, wanted),
  };
}
