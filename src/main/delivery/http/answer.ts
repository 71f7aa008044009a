import type { IncomingHttpHeaders } from 'node:http';

/** What a server said to one request. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** The beginning of its content, without secrets that were echoed, */
  text: string;
  /** and where a redirection leads, likewise. */
  location: string | undefined;
}
