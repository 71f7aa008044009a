const placeOf = (form: string) => `pushrod.draft.${form}`;

/** Whether a form was left half filled, by a reload or a closed window: what would open it opens it again. */
export function isDraftKept(form: string): boolean {
  return sessionStorage.getItem(placeOf(form)) !== null;
}

/**
 * The state of a form that a reload does not lose. It begins as it was left, field by field, else as `initial`; it is kept
 * for this tab while it differs from that, and forgotten with `forget()` once it is submitted or cancelled. It holds what
 * JSON can say, and never a secret: anyone at this tab can read it. Made while a component is set up.
 */
export class KeptDraft<T extends object> {
  value: T;
  readonly #place: string;
  #isForgotten = false;

  /** @param form names it, with what it is about where several of its kind can be open: `profile.copy` */
  constructor(form: string, initial: T) {
    this.#place = placeOf(form);
    this.value = $state({ ...initial, ...fieldsLike(initial, sessionStorage.getItem(this.#place)) });
    const untouched = JSON.stringify(initial);
    $effect(() => {
      const text = JSON.stringify(this.value);
      if (this.#isForgotten) return;
      if (text === untouched) sessionStorage.removeItem(this.#place);
      else keep(this.#place, text);
    });
  }

  forget(): void {
    this.#isForgotten = true;
    sessionStorage.removeItem(this.#place);
  }
}

/** A text that is too large for the storage is not kept, and the form goes on. */
function keep(place: string, text: string): void {
  try {
    sessionStorage.setItem(place, text);
  } catch {
    sessionStorage.removeItem(place);
  }
}

/** The kept fields that the form still has. */
function fieldsLike<T extends object>(initial: T, kept: string | null): Partial<T> {
  if (kept === null) return {};
  const fields = JSON.parse(kept) as Partial<T>;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(initial, name))) as Partial<T>;
}
