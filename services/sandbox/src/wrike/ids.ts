/** Ids since 2025: a kind byte and a 64-bit number in base64url (`MAAAAAEFzzde`), mixed case. The number is the one in the permalink. */
const TASK = 0x30;
const FOLDER = 0x31;
const DEPENDENCY_FROM = 0x32;
const DEPENDENCY_TO = 0x33;
const FIRST_TASK = 4_392_433_502;
const FIRST_FOLDER = 4_292_433_502;

export const ACCOUNT_ID = 'IEAGXR2E';
export const ROOT_ID = `${ACCOUNT_ID}I7777777`;
export const BIN_ID = `${ACCOUNT_ID}I7777776`;

export const taskId = (number: number): string => opaque(TASK, FIRST_TASK + number).toString('base64url');
export const folderId = (number: number): string => opaque(FOLDER, FIRST_FOLDER + number).toString('base64url');

export const taskPermalink = (number: number): string => `https://www.wrike.com/open.htm?id=${FIRST_TASK + number}`;
export const folderPermalink = (number: number): string => `https://www.wrike.com/open.htm?id=${FIRST_FOLDER + number}`;

/** The number of a task, or undefined when the text is no id of a task. Ids are case-sensitive. */
export function taskNumber(id: string): number | undefined {
  return numberOf(TASK, FIRST_TASK, id);
}

export function dependencyId(from: number, to: number): string {
  const both = [opaque(DEPENDENCY_FROM, FIRST_TASK + from), opaque(DEPENDENCY_TO, FIRST_TASK + to)];
  return Buffer.concat(both).toString('base64url');
}

/** The numbers of predecessor and successor, or undefined when the text is no id of a dependency. */
export function dependencyNumbers(id: string): [from: number, to: number] | undefined {
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.length !== 18 || bytes[0] !== DEPENDENCY_FROM || bytes[9] !== DEPENDENCY_TO) return undefined;
  if (bytes.toString('base64url') !== id) return undefined;
  return [Number(bytes.readBigUInt64BE(1)) - FIRST_TASK, Number(bytes.readBigUInt64BE(10)) - FIRST_TASK];
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

function opaque(kind: number, number: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = kind;
  bytes.writeBigUInt64BE(BigInt(number), 1);
  return bytes;
}

function numberOf(kind: number, first: number, id: string): number | undefined {
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.length !== 9 || bytes[0] !== kind || bytes.toString('base64url') !== id) return undefined;
  return Number(bytes.readBigUInt64BE(1)) - first;
}
