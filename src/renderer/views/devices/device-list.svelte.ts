import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { Device, DeviceFilter, DeviceId, DeviceSort } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';

/** What the list shows. Two questions are the same only if they are one object. */
export interface Question {
  filter: DeviceFilter;
  sort: DeviceSort;
}

interface Page {
  devices: Device[];
  nextCursor: string | null;
  /** When it was asked for, counted in changes of the registry. */
  asOf: number;
}

/** Rows of one request. */
const pageRows = 100;
/** Pages that are kept; the farthest from sight goes first. */
const mostPages = 40;
/** The longest page of the contract. */
const mostIds = 10_000;

/**
 * A list of any length, of which the rows in sight are fetched, a page at a time. One request is under way at most, so
 * whoever scrolls fast skips what came by. What is shown stays until what replaces it is here.
 */
export class DeviceList {
  /** `undefined` until the first answer. */
  total = $state<number>();
  failure = $state.raw<Failure>();
  /** What the rows answer: the last question, once its first page is here. */
  answered = $state.raw<Question>();
  #asked: Question | undefined;
  #pages = $state.raw<ReadonlyMap<number, Page>>(new Map());
  #changes = 0;
  #inSight = { start: 0, end: pageRows };
  #isRunning = false;
  readonly #client: () => PushrodClient;

  constructor(client: () => PushrodClient) {
    this.#client = client;
  }

  /** Whether what is shown is less than all devices. */
  get narrows(): boolean {
    return Object.keys(this.answered?.filter ?? {}).length > 0;
  }

  /** Shows another list, from its top. */
  ask(question: Question): void {
    this.#asked = question;
    this.#inSight = { start: 0, end: Math.max(1, this.#inSight.end - this.#inSight.start) };
    void this.#run();
  }

  /** The registry changed: what is in sight is fetched again, all else when it comes into sight. */
  refresh(): void {
    this.#changes += 1;
    void this.#run();
  }

  /** Says which rows can be seen, `end` exclusive. */
  show(start: number, end: number): void {
    this.#inSight = { start, end };
    void this.#run();
  }

  /** `undefined` while it is on its way. */
  rowAt(index: number): Device | undefined {
    return this.#pages.get(Math.floor(index / pageRows))?.devices[index % pageRows];
  }

  /** The names of tags that devices have which are here. */
  get tags(): string[] {
    const names = [...this.#pages.values()].flatMap(({ devices }) =>
      devices.flatMap((one) => Object.keys(one.metadata)),
    );
    return [...new Set(names)].sort();
  }

  /** The ids of rows `start` to `end` (exclusive), those that are not here among them. @throws what the contract throws */
  async idsBetween(start: number, end: number): Promise<DeviceId[]> {
    const here = Array.from({ length: end - start }, (_, offset) => this.rowAt(start + offset)?.id);
    if (here.every((id) => id !== undefined)) return here;
    const ids: DeviceId[] = [];
    for (let offset = start; offset < end; offset += mostIds) {
      const limit = Math.min(mostIds, end - offset);
      const page = await this.#client().devices.list({ ...this.answered, offset, limit });
      ids.push(...page.devices.map(({ id }) => id));
    }
    return ids;
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let wanted = this.#wanted(); wanted !== undefined; wanted = this.#wanted()) {
      if (!(await this.#fetch(wanted))) break;
    }
    this.#isRunning = false;
  }

  /** The number of the next page that is in sight and not here. */
  #wanted(): number | undefined {
    if (!this.#asked) return undefined;
    if (this.answered !== this.#asked) return 0;
    const last = Math.min(this.#inSight.end, this.total ?? 0) - 1;
    for (let number = Math.floor(this.#inSight.start / pageRows); number * pageRows <= Math.max(0, last); number += 1) {
      if (this.#pages.get(number)?.asOf !== this.#changes) return number;
    }
    return undefined;
  }

  async #fetch(number: number): Promise<boolean> {
    const [question, asOf] = [this.#asked, this.#changes];
    if (!question) return false;
    const before = this.answered === question ? this.#pages.get(number - 1) : undefined;
    // Going on behind a page that is here is quick however deep it is; a jump counts its way there.
    const from = before?.asOf === asOf && before.nextCursor !== null ? { after: before.nextCursor } : undefined;
    try {
      const { filter, sort } = question;
      const at = from ?? { offset: number * pageRows };
      const { devices, total, nextCursor } = await this.#client().devices.list({
        filter,
        sort,
        limit: pageRows,
        ...at,
      });
      if (question === this.#asked) this.#take(question, number, { devices, nextCursor, asOf }, total);
      return true;
    } catch (thrown) {
      // What failed is not asked for any more.
      if (question !== this.#asked) return true;
      const failure = toFailure(thrown);
      // One note says for all views that a connection is lost; what is shown stays.
      const isTold =
        failure.code === 'CONNECTION_LOST' || (failure.code === 'REGISTRY_UNREACHABLE' && this.total !== undefined);
      if (!isTold) this.failure = failure;
      return false;
    }
  }

  #take(question: Question, number: number, page: Page, total: number): void {
    const isOther = this.answered !== question;
    const pages = new Map(isOther ? [] : this.#pages);
    pages.set(number, page);
    const middle = (this.#inSight.start + this.#inSight.end) / 2 / pageRows;
    const farthestFirst = [...pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const one of farthestFirst.slice(0, Math.max(0, pages.size - mostPages))) pages.delete(one);
    this.#pages = pages;
    this.answered = question;
    this.total = total;
    this.failure = undefined;
  }
}
