export { createSites, type Sites } from './sites.ts';
