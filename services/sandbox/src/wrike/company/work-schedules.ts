import type { Random } from '../../random.ts';
import { DAY, day } from './calendar.ts';
import { Collection, type Row, type RowWithId } from './collection.ts';
import type { Contact } from './contacts.ts';

const WEEK = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'];
/** Every seventh person works part time. */
const PART_TIME = 7;

/** When people work: the account's default, a schedule of four days of six hours, and the days that are different. */
export class WorkSchedules {
  readonly #schedules = new Collection('ML');
  readonly #exclusions = new Collection('MK');
  readonly #contacts: readonly Contact[];

  constructor(contacts: readonly Contact[], random: Random, at: number) {
    this.#contacts = contacts;
    const common = this.#schedules.add(schedule('Default', 'Default Schedule', WEEK, 480));
    const partTime = this.#schedules.add(schedule('Custom', 'Four days', WEEK.slice(0, 4), 360));
    let number = 0;
    for (const contact of contacts.filter(({ type }) => type === 'Person')) {
      contact.workScheduleId = number % PART_TIME === PART_TIME - 1 ? partTime.id : common.id;
      number += 1;
    }
    for (const { id } of [common, partTime]) this.addHoliday(id, random, at);
  }

  list(): RowWithId[] {
    return this.#schedules.rows.map((row) => ({ ...row, userIds: this.#usersOf(row.id) }));
  }

  exclusions(): RowWithId[] {
    return this.#exclusions.rows;
  }

  exclusionsOf(scheduleId: string): RowWithId[] {
    return this.exclusions().filter((row) => row['scheduleId'] === scheduleId);
  }

  addHoliday(scheduleId: string, random: Random, at: number): void {
    const date = day(at + random.integer(0, 90) * DAY);
    const dates = { fromDate: date, toDate: date, isWorkDays: false, exclusionType: 'PublicHolidays' };
    this.#exclusions.add({ ...dates, scheduleId });
  }

  removeHoliday(random: Random): string | undefined {
    const row = this.#exclusions.pick(random);
    if (row) this.#exclusions.remove(row.id);
    return row?.id;
  }

  /** Another capacity of its days. */
  change(random: Random): string | undefined {
    const row = this.#schedules.pick(random);
    if (row) this.#schedules.change(row.id, { title: `Schedule ${random.integer(1, 99)}` });
    return row?.id;
  }

  /** Of the account's default schedule, which new people get. */
  get commonId(): string {
    return this.#schedules.rows[0]?.id ?? '';
  }

  pick(random: Random): string | undefined {
    return this.#schedules.pick(random)?.id;
  }

  #usersOf(scheduleId: string): string[] {
    return this.#contacts
      .filter((contact) => !contact.deleted && contact.workScheduleId === scheduleId)
      .map(({ id }) => id);
  }
}

function schedule(scheduleType: string, title: string, workDays: string[], capacityMinutes: number): Row {
  return { scheduleType, title, workweek: [{ workDays, capacityMinutes }] };
}
