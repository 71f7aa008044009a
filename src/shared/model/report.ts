import { z } from 'zod';

/** `html`: one page to read and print. `csv`: a row for each device. `json`: all of it. */
export const reportFormat = z.enum(['html', 'csv', 'json']);
export type ReportFormat = z.infer<typeof reportFormat>;

/** Proof of an update, as a file. */
export const report = z.object({ fileName: z.string(), content: z.string() });
export type Report = z.infer<typeof report>;
