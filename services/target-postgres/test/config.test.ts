import { readTargetConfig } from '../src/settings/config.ts';

const connection = { host: 'h', user: 'u', dbname: 'd' };

test('the file comes before the variables, the variables before the defaults', () => {
  const { config } = readTargetConfig({ ...connection, port: '5433' }, { DB_HOST: 'other', DB_PASSWORD: 'p' });
  expect(config).toMatchObject({ host: 'h', port: 5433, password: 'p', default_target_schema: 'public' });
});

test("the peers' names are understood", () => {
  const { config, warnings } = readTargetConfig(
    { host: 'h', username: 'u', database: 'd', flattening_max_depth: 2, add_record_metadata: true },
    {},
  );
  expect(config).toMatchObject({ user: 'u', dbname: 'd', data_flattening_max_level: 2 });
  expect(warnings).toEqual([]);
});

test('an unknown setting, and one without effect, is a warning', () => {
  const { warnings } = readTargetConfig({ ...connection, colour: 'red', add_metadata_columns: false }, {});
  expect(warnings).toEqual([expect.stringContaining('"colour"'), expect.stringContaining('add_metadata_columns')]);
});

test('all problems are told at once, by name and without a value', () => {
  const read = () => readTargetConfig({ host: 'h', user: 'u', port: 'secret', batch_size_rows: 0 }, {});
  expect(read).toThrow(/port.*dbname.*batch_size_rows|port.*batch_size_rows|dbname/);
  expect(read).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.not.stringContaining('secret') }),
  );
});
