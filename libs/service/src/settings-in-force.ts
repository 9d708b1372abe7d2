import type { z } from 'zod';
import type { Environment } from './environment.ts';
import { variablesOf } from './variable.ts';

/** A setting as a page may show it. */
export interface SettingInForce {
  name: string;
  /** `set` for a secret. Null: not set. */
  value: string | null;
  isSecret: boolean;
  origin: 'default' | 'environment';
  description: string;
}

/** What is in force of a service's variables: never a secret. */
export function settingsInForce(schema: z.ZodObject, environment: Environment): SettingInForce[] {
  return variablesOf(schema).map(({ name, isSecret, description, default: byDefault }) => {
    const given = environment[name] ?? environment[`${name}_FILE`];
    const value = given === undefined ? (byDefault ?? null) : given;
    return {
      ...{ name, isSecret, description },
      origin: given === undefined ? 'default' : 'environment',
      value: isSecret ? (given === undefined ? null : 'set') : value,
    };
  });
}
