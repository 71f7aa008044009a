import { implement } from '@orpc/server';
import type { Router } from '@orpc/server';
import { contract } from '../shared/contract/index.ts';
import type { Door } from './app.ts';

export const implementer = implement(contract).$context<{ door: Door }>();
export type AppRouter = Router<typeof contract, { door: Door }>;
