/** Parameters arrive as the driver takes them: numbers also as text. */
export const num = (value: unknown): number => Number(value);
export const numOrNull = (value: unknown): number | null => (value === null ? null : Number(value));
export const text = (value: unknown): string => String(value);
export const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));
export const seconds = (value: unknown): number => Number(value) * 1_000;
/** An id that looks like one of `gen_random_uuid()` and can be read. */
export const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
