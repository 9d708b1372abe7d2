/** Ids since 2025: a kind byte and a 64-bit number in base64url (`MAAAAAEFzzde`), mixed case. The number is the one in the permalink. No number
 *  needs more than its last 48 bits, so the first four letters are the kind's. */
const TASK = 'MAAA';
const FOLDER = 'MQAA';
const DEPENDENCY_FROM = 'MgAA';
const DEPENDENCY_TO = 'MwAA';
const FIRST_TASK = 4_392_433_502;
const FIRST_FOLDER = 4_292_433_502;

export const ACCOUNT_ID = 'IEAGXR2E';
export const ROOT_ID = `${ACCOUNT_ID}I7777777`;
export const BIN_ID = `${ACCOUNT_ID}I7777776`;

export const taskId = (number: number): string => opaque(TASK, FIRST_TASK + number);
export const folderId = (number: number): string => opaque(FOLDER, FIRST_FOLDER + number);

export const taskPermalink = (number: number): string => `https://www.wrike.com/open.htm?id=${FIRST_TASK + number}`;
export const folderPermalink = (number: number): string => `https://www.wrike.com/open.htm?id=${FIRST_FOLDER + number}`;

/** The number of a task, or undefined when the text is no id of a task. Ids are case-sensitive. */
export function taskNumber(id: string): number | undefined {
  return numberOf(TASK, FIRST_TASK, id);
}

export const dependencyId = (from: number, to: number): string =>
  opaque(DEPENDENCY_FROM, FIRST_TASK + from) + opaque(DEPENDENCY_TO, FIRST_TASK + to);

/** The numbers of predecessor and successor, or undefined when the text is no id of a dependency. */
export function dependencyNumbers(id: string): [from: number, to: number] | undefined {
  const from = numberOf(DEPENDENCY_FROM, FIRST_TASK, id.slice(0, OPAQUE_LENGTH));
  const to = numberOf(DEPENDENCY_TO, FIRST_TASK, id.slice(OPAQUE_LENGTH));
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** Ids of the older form: account, two letters of the kind, six digits in base 32. */
export function classicId(kind: string, number: number): string {
  return ACCOUNT_ID + kind + base32(number, 6);
}

const BASE_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function base32(number: number, digits: number): string {
  let text = '';
  for (let rest = number; text.length < digits; rest = Math.floor(rest / 32)) text = BASE_32.charAt(rest % 32) + text;
  return text;
}

/** The number of a classic id of the kind, or undefined. */
export function classicNumber(kind: string, id: string): number | undefined {
  if (!id.startsWith(ACCOUNT_ID + kind) || id.length !== ACCOUNT_ID.length + kind.length + 6) return undefined;
  let number = 0;
  for (const digit of id.slice(-6)) {
    const value = BASE_32.indexOf(digit);
    if (value < 0) return undefined;
    number = number * 32 + value;
  }
  return number;
}

const BASE_64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const DIGITS = 8;
const OPAQUE_LENGTH = 4 + DIGITS;

function opaque(kind: string, number: number): string {
  let text = '';
  for (let rest = number; text.length < DIGITS; rest = Math.floor(rest / 64)) text = BASE_64.charAt(rest % 64) + text;
  return kind + text;
}

function numberOf(kind: string, first: number, id: string): number | undefined {
  if (!id.startsWith(kind) || id.length !== OPAQUE_LENGTH) return undefined;
  let number = 0;
  for (const digit of id.slice(-DIGITS)) {
    const value = BASE_64.indexOf(digit);
    if (value < 0) return undefined;
    number = number * 64 + value;
  }
  return number - first;
}
