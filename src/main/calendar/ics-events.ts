import type { ErrorDetail } from '../../shared/errors.ts';

/** A content line of an iCalendar file, unfolded (RFC 5545, 3.1). */
export interface IcsLine {
  /** Where it begins in the file, from 1. */
  line: number;
  text: string;
}

/** The content lines of each event of a file, `BEGIN` and `END` among them. */
export function icsEvents(text: string, faults: ErrorDetail[]): IcsLine[][] {
  const lines = unfold(text);
  if (lines[0]?.text.toUpperCase() !== 'BEGIN:VCALENDAR') {
    faults.push({
      line: lines[0]?.line ?? 1,
      message: 'this is no iCalendar file: it has to begin with BEGIN:VCALENDAR',
    });
    return [];
  }
  const events: IcsLine[][] = [];
  let open: IcsLine[] | undefined;
  for (const line of lines) {
    const upper = line.text.toUpperCase();
    if (upper === 'BEGIN:VEVENT') open = [];
    open?.push(line);
    if (upper !== 'END:VEVENT') continue;
    if (open) events.push(open);
    open = undefined;
  }
  if (open) faults.push({ line: open[0]?.line, message: 'this event never ends: END:VEVENT is missing' });
  return events;
}

function unfold(text: string): IcsLine[] {
  const lines: IcsLine[] = [];
  for (const [index, physical] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = lines.at(-1);
    if (/^[ \t]/.test(physical) && last) last.text += physical.slice(1);
    else if (physical.trim() !== '') lines.push({ line: index + 1, text: physical.trimEnd() });
  }
  return lines;
}
