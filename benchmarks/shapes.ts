/** A kind of data, with the schema that a tap would declare and records that look like a source's. */
export interface Shape {
  schema: Record<string, unknown>;
  /** The record as JSON members and, for the limit, its fields as COPY text, in the order of the schema. */
  record: (id: number, random: () => number) => Record<string, unknown>;
}

const nullable = (type: string, format?: string) => ({ type: ['null', type], ...(format ? { format } : {}) });
const string = nullable('string');
const integer = nullable('integer');
const number = nullable('number');
const boolean = nullable('boolean');
const dateTime = nullable('string', 'date-time');
const object = nullable('object');
const array = nullable('array');

const WORDS =
  'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierra tango'.split(
    ' ',
  );

const word = (random: () => number) => WORDS[Math.floor(random() * WORDS.length)] ?? '';
const phrase = (random: () => number, words: number) => Array.from({ length: words }, () => word(random)).join(' ');
const instant = (random: () => number) => new Date(1.6e12 + Math.floor(random() * 1e11)).toISOString();
const cents = (random: () => number) => Math.round(random() * 1e7) / 100;
const orNull = <T>(random: () => number, share: number, value: T) => (random() < share ? null : value);

/** 8 columns, some 200 bytes. */
const narrow: Shape = {
  schema: {
    id: string,
    name: string,
    email: string,
    amount: number,
    updatedAt: dateTime,
    active: boolean,
    custom: object,
    tags: array,
  },
  record: (id, random) => ({
    id: String(id),
    name: phrase(random, 2),
    email: `${word(random)}.${id}@example.com`,
    amount: cents(random),
    updatedAt: instant(random),
    active: random() < 0.5,
    custom: { a: id, b: word(random) },
    tags: [word(random)],
  }),
};

/** 21 columns and 650 bytes, as a deal of HubSpot: 13 texts, 3 instants, 3 numbers, a list and an object. */
const hubspot: Shape = {
  schema: {
    id: string,
    name: string,
    email: string,
    phone: string,
    city: string,
    country: string,
    stage: string,
    pipeline: string,
    owner: string,
    industry: string,
    website: string,
    source: string,
    description: string,
    createdAt: dateTime,
    updatedAt: dateTime,
    closedAt: dateTime,
    amount: number,
    employees: integer,
    score: number,
    tags: array,
    custom: object,
  },
  record: (id, random) => ({
    id: String(100_000_000 + id * 7),
    name: phrase(random, 3),
    email: `${word(random)}.${id}@example.com`,
    phone: `+44 20 ${Math.floor(random() * 1e8)}`,
    city: word(random),
    country: 'United Kingdom',
    stage: 'appointmentscheduled',
    pipeline: 'default',
    owner: String(Math.floor(random() * 1e6)),
    industry: 'COMPUTER_SOFTWARE',
    website: `https://www.${word(random)}.example.com/${id}`,
    source: orNull(random, 0.3, 'OFFLINE'),
    // Tabs, quotes and line ends: what a loader must not confuse.
    description: phrase(random, 20) + (id % 10 === 0 ? '\nline "two"\tend \\' : ''),
    createdAt: instant(random),
    updatedAt: instant(random),
    closedAt: orNull(random, 0.2, instant(random)),
    amount: cents(random),
    employees: Math.floor(random() * 1e5),
    score: Math.round(random() * 1e4) / 1e4,
    tags: [word(random), word(random)],
    custom: { a: id, b: word(random), c: { d: true, e: [1, 2, 3] } },
  }),
};

const WIDE_TYPES = [string, integer, number, dateTime, boolean];

/** 200 columns, half of them null. */
const wide: Shape = {
  schema: Object.fromEntries([
    ['id', string],
    ...Array.from({ length: 199 }, (_, index) => [`property_${index}`, WIDE_TYPES[index % WIDE_TYPES.length]]),
  ]),
  record: (id, random) => {
    const values = [
      () => phrase(random, 2),
      () => Math.floor(random() * 1e9),
      () => cents(random),
      () => instant(random),
      () => random() < 0.5,
    ];
    return Object.fromEntries([
      ['id', String(id)],
      ...Array.from({ length: 199 }, (_, index) => [
        `property_${index}`,
        orNull(random, 0.5, values[index % values.length]?.()),
      ]),
    ]);
  },
};

/** Few columns, deep documents: an invoice with its lines. */
const nested: Shape = {
  schema: { InvoiceID: string, Contact: object, LineItems: array, Total: number, UpdatedDateUTC: dateTime },
  record: (id, random) => ({
    InvoiceID: String(id),
    Contact: {
      ContactID: String(Math.floor(random() * 1e5)),
      Name: phrase(random, 3),
      Addresses: [{ City: word(random) }],
    },
    LineItems: Array.from({ length: 5 }, (_, line) => ({
      LineItemID: `${id}-${line}`,
      Description: phrase(random, 6),
      Quantity: Math.floor(random() * 10),
      UnitAmount: cents(random),
      Tracking: [{ Name: 'Region', Option: word(random) }],
    })),
    Total: cents(random),
    UpdatedDateUTC: instant(random),
  }),
};

/** A record of 1 MiB that hardly compresses: what bounds the loader's memory. */
const large: Shape = {
  schema: { id: string, body: string },
  record: (id, random) => ({
    id: String(id),
    body: Buffer.from(Uint8Array.from({ length: 512 * 1024 }, () => random() * 256)).toString('hex'),
  }),
};

export const SHAPES: Record<string, Shape> = { narrow, hubspot, wide, nested, large };

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
