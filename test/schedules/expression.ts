import fc from 'fast-check';

/** A part of a field, as the rules speak of it and not as any parser reads it. */
type Item =
  | { kind: 'all' }
  | { kind: 'step'; by: number }
  | { kind: 'value'; value: number }
  | { kind: 'range'; from: number; to: number; by: number }
  | { kind: 'lastDay' }
  | { kind: 'nth'; weekday: number; nth: number | 'last' };

export interface Expression {
  second: Item[];
  minute: Item[];
  hour: Item[];
  dayOfMonth: Item[];
  month: Item[];
  dayOfWeek: Item[];
  isNamed: boolean;
}

const monthNames = ['', ...'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')];
const weekdayNames = 'SUN MON TUE WED THU FRI SAT SUN'.split(' ');

export function textOf({ isNamed, ...fields }: Expression): string {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = fields;
  const write = (items: Item[], names?: string[]) =>
    items.map((item) => itemText(item, (value) => (isNamed && names?.[value]) || String(value))).join(',');
  const five = [
    write(minute),
    write(hour),
    write(dayOfMonth),
    write(month, monthNames),
    write(dayOfWeek, weekdayNames),
  ];
  const hasSeconds = !(second.length === 1 && second[0]?.kind === 'value' && second[0].value === 0);
  return [...(hasSeconds ? [write(second)] : []), ...five].join(' ');
}

function itemText(item: Item, name: (value: number) => string): string {
  switch (item.kind) {
    case 'all':
      return '*';
    case 'step':
      return `*/${item.by}`;
    case 'value':
      return name(item.value);
    case 'range':
      return `${name(item.from)}-${name(item.to)}${item.by === 1 ? '' : `/${item.by}`}`;
    case 'lastDay':
      return 'L';
    case 'nth':
      return item.nth === 'last' ? `${name(item.weekday)}L` : `${name(item.weekday)}#${item.nth}`;
  }
}

/** `*` in minute or hour. */
export function followsElapsedClock({ minute, hour }: Expression): boolean {
  return [...minute, ...hour].some(({ kind }) => kind === 'all' || kind === 'step');
}

/** Whether an expression fits a minute of the wall clock, and the seconds of it that do. */
export function matcherOf(expression: Expression) {
  const setOf = (items: Item[], low: number, high: number) =>
    new Set(
      Array.from({ length: high - low + 1 }, (_, index) => low + index).filter((value) =>
        items.some((item) => covers(item, value, low)),
      ),
    );
  const minutes = setOf(expression.minute, 0, 59);
  const hours = setOf(expression.hour, 0, 23);
  const months = setOf(expression.month, 1, 12);
  const isWild = (items: Item[]) => items[0]?.kind === 'all' || items[0]?.kind === 'step';
  const bothMustFit = isWild(expression.dayOfMonth) || isWild(expression.dayOfWeek);
  const fitsDay = (date: Date) => {
    const [day, weekday] = [date.getUTCDate(), date.getUTCDay()];
    const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    const fitsDate = expression.dayOfMonth.some((item) =>
      item.kind === 'lastDay' ? day === daysInMonth : covers(item, day, 1),
    );
    const fitsWeekday = expression.dayOfWeek.some((item) => {
      if (item.kind !== 'nth')
        return covers(item, weekday, 0) || (weekday === 0 && item.kind !== 'step' && covers(item, 7, 0));
      if (item.weekday % 7 !== weekday) return false;
      return item.nth === 'last' ? day + 7 > daysInMonth : Math.ceil(day / 7) === item.nth;
    });
    return months.has(date.getUTCMonth() + 1) && (bothMustFit ? fitsDate && fitsWeekday : fitsDate || fitsWeekday);
  };
  let lastDayMs = Number.NaN;
  let lastDayFits = false;
  return {
    seconds: [...setOf(expression.second, 0, 59)],
    fitsDay,
    fitsMinute(civilMs: number): boolean {
      const ofDay = ((civilMs % 86_400_000) + 86_400_000) % 86_400_000;
      if (!minutes.has(Math.floor(ofDay / 60_000) % 60) || !hours.has(Math.floor(ofDay / 3_600_000))) return false;
      const dayMs = civilMs - ofDay;
      if (dayMs !== lastDayMs) {
        lastDayMs = dayMs;
        lastDayFits = fitsDay(new Date(dayMs));
      }
      return lastDayFits;
    },
  };
}

function covers(item: Item, value: number, low: number): boolean {
  switch (item.kind) {
    case 'all':
      return true;
    case 'step':
      return (value - low) % item.by === 0;
    case 'value':
      return item.value === value;
    case 'range':
      return value >= item.from && value <= item.to && (value - item.from) % item.by === 0;
    default:
      return false;
  }
}

const value = (low: number, high: number) =>
  fc.integer({ min: low, max: high }).map((value): Item => ({ kind: 'value', value }));
const range = (low: number, high: number) =>
  fc
    .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }), fc.constantFrom(1, 1, 2, 3, 7))
    .filter(([one, other]) => one !== other)
    .map(([one, other, by]): Item => ({ kind: 'range', from: Math.min(one, other), to: Math.max(one, other), by }));
const step = (most: number) => fc.integer({ min: 1, max: most }).map((by): Item => ({ kind: 'step', by }));
const all = fc.constant<Item>({ kind: 'all' });
const some = (...items: fc.Arbitrary<Item>[]) => fc.array(fc.oneof(...items), { minLength: 1, maxLength: 3 });
const any = fc.constant<Item[]>([{ kind: 'all' }]);
const zero = fc.constant<Item[]>([{ kind: 'value', value: 0 }]);

const minuteField = fc.oneof(
  { weight: 3, arbitrary: some(value(0, 59)) },
  { weight: 2, arbitrary: some(value(0, 59), range(0, 59), step(30), all) },
  { weight: 2, arbitrary: zero },
);
/** Clocks change at night, so most runs of interest are there. */
const hourField = fc.oneof(
  { weight: 4, arbitrary: some(value(0, 4), range(0, 5)) },
  { weight: 2, arbitrary: some(value(0, 23), range(0, 23), step(12)) },
  { weight: 2, arbitrary: any },
);
const secondField = fc.oneof(
  { weight: 8, arbitrary: zero },
  { weight: 1, arbitrary: some(value(0, 59), range(0, 59), step(30), all) },
);
const dateField = fc.oneof(
  { weight: 6, arbitrary: any },
  { weight: 2, arbitrary: some(value(1, 31), range(1, 31), step(5), fc.constant<Item>({ kind: 'lastDay' })) },
);
const monthField = fc.oneof(
  { weight: 6, arbitrary: any },
  { weight: 1, arbitrary: some(value(1, 12), range(1, 12), step(4)) },
);
const nth = fc
  .tuple(fc.integer({ min: 0, max: 7 }), fc.constantFrom<(number | 'last')[]>(1, 2, 3, 4, 5, 'last'))
  .map(([weekday, nth]): Item => ({ kind: 'nth', weekday, nth }));
const weekdayField = fc.oneof(
  { weight: 6, arbitrary: any },
  { weight: 2, arbitrary: some(value(0, 7), range(0, 6), range(1, 7), step(3), nth) },
);

/** Expressions of all forms, most of them busy at night. */
export const expressions: fc.Arbitrary<Expression> = fc.record({
  second: secondField,
  minute: minuteField,
  hour: hourField,
  dayOfMonth: dateField,
  month: monthField,
  dayOfWeek: weekdayField,
  isNamed: fc.boolean(),
});

/** Expressions about days, at noon. */
export const dayExpressions: fc.Arbitrary<Expression> = fc.record({
  second: zero,
  minute: zero,
  hour: fc.constant<Item[]>([{ kind: 'value', value: 12 }]),
  dayOfMonth: fc.oneof(any, some(value(1, 31), range(1, 31), step(31), fc.constant<Item>({ kind: 'lastDay' }))),
  month: fc.oneof(any, some(value(1, 12), range(1, 12), step(12))),
  dayOfWeek: fc.oneof(any, some(value(0, 7), range(0, 6), step(7), nth)),
  isNamed: fc.boolean(),
});
