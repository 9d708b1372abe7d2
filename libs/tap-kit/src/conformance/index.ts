export { discoverCatalog } from '../catalog/catalog.ts';
export { messageProblems } from './message-problems.ts';
export { tapProblems } from './tap-problems.ts';
