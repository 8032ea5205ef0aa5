export { portfolioApi } from './api.ts';
