import { parseValue, textOf } from '../src/crm/property-value.ts';

describe('textOf', () => {
  it('takes a cleared value for none', () => {
    expect(textOf('')).toBeNull();
    expect(textOf(null)).toBeNull();
    expect(textOf(undefined)).toBeNull();
  });

  it('keeps everything else as text', () => {
    expect(textOf(' ')).toBe(' ');
    expect(textOf('0')).toBe('0');
    expect(textOf(1.5)).toBe('1.5');
    expect(textOf(false)).toBe('false');
  });
});

describe('parseValue', () => {
  it.each([
    ['0', '0'],
    ['-3', '-3'],
    ['1500.50', '1500.50'],
    ['123456789012345678901.2345', '123456789012345678901.2345'],
    ['1.0E7', '1.0E7'],
  ])('keeps the number %s digit for digit', (text, json) => {
    expect(JSON.stringify(parseValue('number', text))).toBe(json);
  });

  it.each(['3092727991;3881228353', '1,250', '007', '.5', '5.', '+1', 'NaN', 'Infinity', '1 000', '0x10'])(
    'does not take %s for a number',
    (text) => {
      expect(parseValue('number', text)).toBeUndefined();
    },
  );

  it.each([
    ['2024-03-31', '2024-03-31'],
    ['1711843200000', '2024-03-31'],
    ['-86400000', '1969-12-31'],
    ['0', '1970-01-01'],
    ['1711843200001', '2024-03-31'],
    ['1711843200000.0', '2024-03-31'],
    ['2024-03-31T23:30:00Z', '2024-03-31'],
  ])('reads the date %s as %s', (text, date) => {
    expect(parseValue('date', text)).toBe(date);
  });

  it.each(['2024-02-30', '31/03/2024', '2024', '2024-3-1', '999999999999999'])(
    'does not take %s for a date',
    (text) => {
      expect(parseValue('date', text)).toBeUndefined();
    },
  );

  it.each([
    ['2024-03-31T12:00:00Z', '2024-03-31T12:00:00Z'],
    ['2024-03-31T12:00:00.123456Z', '2024-03-31T12:00:00.123456Z'],
    ['2024-03-31T12:00:00+02:00', '2024-03-31T12:00:00+02:00'],
    ['1711886400123', '2024-03-31T12:00:00.123Z'],
    ['1672531200000.0', '2023-01-01T00:00:00.000Z'],
    ['2021-02-10 21:38:58', '2021-02-10T21:38:58Z'],
    ['2015-12-15T15:29:57.990999', '2015-12-15T15:29:57.990999Z'],
  ])('reads the instant %s as %s', (text, instant) => {
    expect(parseValue('datetime', text)).toBe(instant);
  });

  it.each(['2024', '171188640012', '2024-02-30T12:00:00Z', '2024-03-31T25:00:00Z', '2024-03-31', '1711886400123.5'])(
    'does not take %s for an instant',
    (text) => {
      expect(parseValue('datetime', text)).toBeUndefined();
    },
  );

  it.each([
    ['true', true],
    ['Yes', true],
    ['false', false],
    ['No', false],
    ['1', undefined],
    ['maybe', undefined],
  ])('reads the boolean %s as %s', (text, value) => {
    expect(parseValue('bool', text)).toBe(value);
  });

  it.each(['string', 'enumeration', 'phone_number', 'json', 'object_coordinates', 'something_new'])(
    'leaves a value of type %s as it is',
    (type) => {
      expect(parseValue(type, '00;7')).toBe('00;7');
    },
  );
});
