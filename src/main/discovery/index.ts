export { createDiscovery, type Discovery } from './discovery.ts';
