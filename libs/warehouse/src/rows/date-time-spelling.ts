const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = `(${MONTHS.join('|')})[a-z]*`;
const CLOCK = String.raw`\d\d?:\d\d(?::\d\d(?:\.\d+)?)?`;
const ZONE = String.raw`(?:utc|gmt|z)?(?: ?[+-]\d\d:?\d\d)?`;

/** Spellings beside ISO 8601 that say one instant only. `01/02/2024` says two, and a zone by its name says none. */
const SPELLINGS: { pattern: RegExp; iso: (parts: string[]) => string | undefined }[] = [
  // RFC 2822 and HTTP: Mon, 01 Jan 2024 10:00:00 GMT; also 1-Jan-2024.
  {
    pattern: new RegExp(`^(?:[a-z]{3,9},? )?(\\d\\d?)[ -]${MONTH}[ -](\\d{4})(?:,? (${CLOCK}) ?(${ZONE}))?$`),
    iso: ([day, month, year, clock, zone]) => isoText(year, month, day, clock, zone),
  },
  // JavaScript: Mon Jan 01 2024 10:00:00 GMT+0000 (Coordinated Universal Time); also January 1, 2024.
  {
    pattern: new RegExp(
      `^(?:[a-z]{3,9},? )?${MONTH} +(\\d\\d?),? (\\d{4})(?:,? (${CLOCK}) ?(${ZONE}))?(?: \\(.*\\))?$`,
    ),
    iso: ([month, day, year, clock, zone]) => isoText(year, month, day, clock, zone),
  },
  // C and Unix: Mon Jan  1 10:00:00 2024, or with UTC before the year.
  {
    pattern: new RegExp(`^[a-z]{3} ${MONTH} +(\\d\\d?) (${CLOCK})(?: (utc|gmt))? (\\d{4})$`),
    iso: ([month, day, clock, zone, year]) => isoText(year, month, day, clock, zone),
  },
  // ISO 8601 without separators: 20240101T100000Z.
  {
    pattern: /^(\d{4})(\d\d)(\d\d)(?:t(\d\d)(\d\d)(\d\d(?:\.\d+)?)?(z|[+-]\d\d:?\d\d)?)?$/,
    iso: ([year, month, day, hour, minute, second, zone]) =>
      `${year}-${month}-${day}${hour === undefined ? '' : `T${hour}:${minute}:${second ?? '00'}${zone ?? ''}`}`,
  },
  // 2024/01/01 10:00:00; years first, so there is one reading.
  {
    pattern: new RegExp(`^(\\d{4})/(\\d\\d?)/(\\d\\d?)(?:[ t](${CLOCK}) ?(${ZONE}))?$`),
    iso: ([year, month, day, clock, zone]) => isoText(year, month, day, clock, zone),
  },
  // The zone as a word, with Java's repetition in brackets: 2024-01-01T10:00:00Z[UTC]; a clock of twelve hours.
  {
    pattern: new RegExp(`^(\\d{4})-(\\d\\d)-(\\d\\d)[ t]+(${CLOCK}) ?(am|pm)? ?(${ZONE})(?:\\[[a-z/_]+\\])?$`),
    iso: ([year, month, day, clock, half, zone]) => isoText(year, month, day, twentyFour(clock, half), zone),
  },
  // Microsoft's JSON: milliseconds since 1970; the offset only says where the clock hung.
  {
    pattern: /^\/date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/,
    iso: ([milliseconds]) => {
      const date = new Date(Number(milliseconds));
      return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
    },
  },
];

/** The date or date-time in ISO 8601, of the usual spellings that are not. Undefined for every other text. */
export function isoSpelling(text: string): string | undefined {
  const lower = text.toLowerCase();
  for (const { pattern, iso } of SPELLINGS) {
    const parts = pattern.exec(lower);
    if (parts !== null) return iso(parts.slice(1));
  }
  return undefined;
}

function isoText(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  clock: string | undefined,
  zone: string | undefined,
): string | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const index = MONTHS.indexOf(month);
  const number = index < 0 ? month : String(index + 1);
  const date = `${year}-${number.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (clock === undefined) return date;
  const offset = (zone ?? '').replace(/utc|gmt|z/, '').trim();
  return `${date}T${clock.padStart(clock.indexOf(':') === 1 ? clock.length + 1 : 0, '0')}${offset === '' ? 'Z' : offset}`;
}

function twentyFour(clock: string | undefined, half: string | undefined): string | undefined {
  const [hour = '', ...rest] = clock?.split(':') ?? [];
  if (half === undefined) return clock;
  const twelve = Number(hour);
  if (twelve < 1 || twelve > 12) return '99:00';
  return [String((twelve % 12) + (half === 'pm' ? 12 : 0)).padStart(2, '0'), ...rest].join(':');
}
