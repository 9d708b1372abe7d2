import { PipelineError } from '@pipeline/protocol';
import { isJsonObject, type Json, type JsonObject, parseJson } from './json.ts';
import type { JsonSchema } from './schema.ts';
import type { State } from './state.ts';

export interface SchemaMessage {
  type: 'SCHEMA';
  stream: string;
  schema: JsonSchema;
  key_properties: string[];
  bookmark_properties?: string[];
}

export interface RecordMessage {
  type: 'RECORD';
  stream: string;
  record: JsonObject;
  version?: number;
  time_extracted?: string;
}

export interface StateMessage {
  type: 'STATE';
  value: State;
}

export interface ActivateVersionMessage {
  type: 'ACTIVATE_VERSION';
  stream: string;
  version: number;
}

/** A message as the Singer specification 0.3.0 defines it. */
export type SingerMessage = SchemaMessage | RecordMessage | StateMessage | ActivateVersionMessage;

/** One line of Singer output, without the newline. */
export function formatMessage(message: SingerMessage): string {
  return JSON.stringify(message);
}

/** Reads one line of Singer output, exact in every number. Types that the specification does not know come back as they are.
 *  @throws PipelineError `SINGER_INVALID_JSON` or `SINGER_INVALID_MESSAGE`. */
export function parseMessage(line: string): SingerMessage | { type: string; [key: string]: Json | undefined } {
  const value = parseLine(line);
  if (!isJsonObject(value) || typeof value['type'] !== 'string') {
    throw invalid('SINGER_INVALID_MESSAGE', 'a Singer message is a JSON object with a "type"');
  }
  return { ...value, type: value['type'].toUpperCase() };
}

function parseLine(line: string): Json {
  try {
    return parseJson(line);
  } catch (cause) {
    throw invalid('SINGER_INVALID_JSON', 'the line is not valid JSON', cause);
  }
}

function invalid(code: string, message: string, cause?: unknown): PipelineError {
  return new PipelineError({ code, recovery: 'fail', message, cause });
}
