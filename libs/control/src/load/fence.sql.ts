import { sql, statement } from '@pipeline/postgres';
import { taskStatus, UNDER_WAY } from '../status/index.ts';

export const lockCurrentEpoch = statement({
  name: 'fence.lock',
  text: `select from pipeline.tasks where id = $1 and current_epoch = $2 and ${taskStatus.is(UNDER_WAY)} for share`,
  parameters: { taskId: sql.uuid, epoch: sql.int8 },
});
