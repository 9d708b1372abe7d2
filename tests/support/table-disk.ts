import type { Pool } from '@pipeline/postgres';
import { mountSmallDisk } from '@pipeline/testing';

/** The disk of one table, which is full when the test says so. */
export interface TableDisk {
  fill(): void;
  free(): void;
  /** Puts the table back where it was, and takes the disk away, full or not. */
  remove(): Promise<void>;
}

const DISK_MEGABYTES = 32;
const TABLESPACE = 'small';

/** Moves a table to a small disk of its own, so that PostgreSQL meets one that is really full, while its log still has room.
 *  @throws as `mountSmallDisk`. */
export async function tableDisk(pool: Pool, table: string): Promise<TableDisk> {
  const disk = mountSmallDisk(DISK_MEGABYTES);
  const remove = async () => {
    disk.free();
    try {
      await pool.query(`alter table if exists ${table} set tablespace pg_default`);
      await pool.query(`drop tablespace if exists ${TABLESPACE}`);
    } finally {
      disk.remove();
    }
  };
  try {
    await pool.query(`create tablespace ${TABLESPACE} location '${disk.path}'`);
    await pool.query(`alter table ${table} set tablespace ${TABLESPACE}`);
  } catch (error) {
    await remove();
    throw error;
  }
  return { fill: disk.fill, free: disk.free, remove };
}
