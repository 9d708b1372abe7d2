import { decimal, money } from '../company/decimal.ts';
import { dateString, dotNetDate, instantString } from './dotnet-date.ts';

/** A day in the organisation's calendar: midnight UTC, epoch milliseconds. Undefined: none, which Xero writes as 0. */
export class Day {
  readonly at: number | undefined;
  readonly hasTwin: boolean;

  /** @param hasTwin whether the API writes `DateString` beside `Date` */
  constructor(at: number | undefined, hasTwin = false) {
    this.at = at;
    this.hasTwin = hasTwin;
  }
}

/** A moment, epoch milliseconds. */
export class Instant {
  readonly at: number;
  readonly hasTwin: boolean;

  constructor(at: number, hasTwin = false) {
    this.at = at;
    this.hasTwin = hasTwin;
  }
}

/** A unit price in ten-thousandths: written with two places, or with four if `unitdp=4`. */
export class UnitPrice {
  readonly units: number;

  constructor(units: number) {
    this.units = units;
  }

  write(places: 2 | 4): unknown {
    return places === 4 ? decimal(this.units, 4) : money(Math.round(this.units / 100));
  }
}

/** An object of the API before it is written: plain values, {@link Day}s, {@link Instant}s and {@link UnitPrice}s. */
export type Tree = Record<string, unknown>;

/** The object as the API writes it: dates in .NET's form, with their twins. */
export function toApi(tree: Tree, unitPlaces: 2 | 4 = 2): Tree {
  const written: Tree = {};
  for (const [name, value] of Object.entries(tree)) {
    if (value instanceof Day) {
      if (value.hasTwin && value.at !== undefined) written[`${name}String`] = dateString(value.at);
      written[name] = dotNetDate(value.at);
    } else if (value instanceof Instant) {
      written[name] = dotNetDate(value.at);
      if (value.hasTwin) written[`${name}String`] = instantString(value.at);
    } else if (value instanceof UnitPrice) written[name] = value.write(unitPlaces);
    else if (value !== undefined) written[name] = nested(value, (inner) => toApi(inner, unitPlaces));
  }
  return written;
}

/** The object as a warehouse must hold it: dates in ISO 8601. */
export function toTruth(tree: Tree): Tree {
  const row: Tree = {};
  for (const [name, value] of Object.entries(tree)) {
    if (value instanceof Day) row[name] = isoDay(value.at);
    else if (value instanceof Instant) row[name] = new Date(value.at).toISOString();
    else if (value instanceof UnitPrice) row[name] = value.write(4);
    else if (value !== undefined) row[name] = nested(value, toTruth);
  }
  return row;
}

export function isoDay(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString().slice(0, 10);
}

function nested(value: unknown, convert: (tree: Tree) => Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => nested(item, convert));
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value;
  return convert(value as Tree);
}
