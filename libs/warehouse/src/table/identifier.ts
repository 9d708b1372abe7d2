import { createHash } from 'node:crypto';

/** How names of streams and properties become identifiers: `updatedAt` becomes `updated_at` (`snake_case`), `updatedat`
 *  (`lower`) or stays (`verbatim`). */
export type NamingStrategy = 'snake_case' | 'lower' | 'verbatim';

/** PostgreSQL cuts longer identifiers in silence. Bytes of UTF-8. */
const IDENTIFIER_BYTES_MAX = 63;
const HASH_CHARACTERS = 8;

/** Identifiers to look at before one is taken. More than one is in use only if somebody asked for such a name. */
const CANDIDATES_MAX = 8;

/** The identifier for a name: readable, at most 63 bytes, and none of `taken`. Where the readable form is too long or taken, a hash of the
 *  name is its suffix, so the same name gets the same identifier everywhere.
 *  @throws RangeError when all of them are taken. */
export function identifierFor(name: string, strategy: NamingStrategy, taken: ReadonlySet<string>): string {
  const free = identifierCandidates(name, strategy).find((candidate) => !taken.has(candidate));
  if (free === undefined) throw new RangeError(`all identifiers for ${name} are taken`);
  return free;
}

/** What {@link identifierFor} chooses from, in order. */
export function identifierCandidates(name: string, strategy: NamingStrategy): string[] {
  const readable = spell(name, strategy) || '_';
  const hashed = Array.from({ length: CANDIDATES_MAX }, (_, salt) =>
    withHash(readable, salt === 0 ? name : `${name}\n${salt}`),
  );
  return Buffer.byteLength(readable) <= IDENTIFIER_BYTES_MAX ? [readable, ...hashed] : hashed;
}

/** A name as PostgreSQL can hold it as text, for the registry. */
export function storable(name: string): string {
  return name.toWellFormed().replaceAll('\0', '\uFFFD');
}

function withHash(readable: string, hashed: string): string {
  const hash = createHash('sha256').update(hashed).digest('hex').slice(0, HASH_CHARACTERS);
  return `${cutToBytes(readable, IDENTIFIER_BYTES_MAX - HASH_CHARACTERS - 1)}_${hash}`;
}

function spell(name: string, strategy: NamingStrategy): string {
  const text = storable(name);
  if (strategy === 'verbatim') return text;
  if (strategy === 'lower') return text.toLowerCase();
  return text
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replace(/[^\p{L}\p{M}\p{N}_]/gu, '_')
    .toLowerCase()
    .replace(/^(?=\p{N})/u, '_');
}

/** The longest prefix of whole characters within so many bytes. */
function cutToBytes(text: string, bytes: number): string {
  let length = 0;
  let cut = '';
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    cut += character;
  }
  return cut;
}
