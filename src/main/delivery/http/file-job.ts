import type { HttpFile, HttpJob } from '../delivery.ts';

/** A job, and the file of it that is worked on. */
export type FileJob = HttpJob & HttpFile;
