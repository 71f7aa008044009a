import type { Report, ReportFormat, UpdateId } from '../../shared/model/index.ts';
import { toCsv } from './csv.ts';
import { toPage } from './page.ts';
import { type ReportSources, reportOn, type UpdateReport } from './update-report.ts';
import { wordsIn } from './words.ts';

/** Proof of an update, to be printed, kept or read by other programs. */
export interface Reports {
  /** @throws PushrodError `UPDATE_NOT_FOUND` */
  make(updateId: UpdateId, format: ReportFormat): Promise<Report>;
}

/** In each format. */
const written: Readonly<Record<ReportFormat, (report: UpdateReport) => string>> = {
  html: (report) => toPage(report, wordsIn()),
  csv: toCsv,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
};

export function createReports(sources: ReportSources): Reports {
  return {
    async make(updateId, format) {
      const report = await reportOn(updateId, sources);
      const { createdAt, id } = report.update;
      const fileName = `pushrod-report-${createdAt.slice(0, 10)}-${id.slice(0, 8)}.${format}`;
      return { fileName, content: written[format](report) };
    },
  };
}
