import pg from 'pg';
import type { DatabaseOptions, Statement } from '../../src/index.ts';

/** What PostgreSQL says of a statement without running it. */
export interface Description {
  parameters: string[];
  columns: { name: string; type: string; mayBeNull: boolean | undefined }[];
}

interface Field {
  name: string;
  dataTypeID: number;
  tableID: number;
  columnID: number;
}

/** Describes statements as `pg` would send them: the extended protocol's Parse and Describe. */
export class Describer {
  readonly #client: pg.Client;

  constructor({ host, port, database, user, password }: DatabaseOptions) {
    this.#client = new pg.Client({ host, port, database, user, password });
  }

  async open(): Promise<void> {
    await this.#client.connect();
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async describe({ text }: Statement): Promise<Description> {
    const { parameters, fields } = await this.#parse(text);
    const columns: Description['columns'] = [];
    for (const field of fields) {
      columns.push({
        name: field.name,
        type: await this.#typeName(field.dataTypeID),
        mayBeNull: await this.#mayBeNull(field),
      });
    }
    const types: string[] = [];
    for (const oid of parameters) types.push(await this.#typeName(oid));
    return { parameters: types, columns };
  }

  #parse(text: string): Promise<{ parameters: number[]; fields: Field[] }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ parameters: number[]; fields: Field[] }>();
    let parameters: number[] = [];
    let fields: Field[] = [];
    const submittable = {
      submit: (connection: pg.Connection) => {
        connection.once('parameterDescription', (message: { dataTypeIDs: number[] }) => {
          parameters = message.dataTypeIDs;
        });
        connection.parse({ name: '', text, types: [] }, true);
        connection.describe({ type: 'S', name: '' }, true);
        connection.sync();
      },
      handleRowDescription: (message: { fields: Field[] }) => {
        fields = message.fields;
      },
      handleError: reject,
      handleReadyForQuery: () => resolve({ parameters, fields }),
    };
    this.#client.query(submittable);
    return promise;
  }

  async #typeName(oid: number): Promise<string> {
    const { rows } = await this.#client.query<{ name: string }>('select $1::oid::regtype::text as name', [oid]);
    return rows[0]?.name ?? 'unknown';
  }

  /** Undefined for what is no column of a table: only reading the statement tells. */
  async #mayBeNull({ tableID, columnID }: Field): Promise<boolean | undefined> {
    const { rows } = await this.#client.query<{ nullable: boolean }>(
      `select not a.attnotnull as nullable from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relkind = 'r' and a.attrelid = $1 and a.attnum = $2`,
      [tableID, columnID],
    );
    return rows[0]?.nullable;
  }
}
