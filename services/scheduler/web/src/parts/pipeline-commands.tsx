import { send } from '../api.ts';
import type { PipelineSummary, Requested } from '../schema.ts';
import type { Command } from './action.tsx';

/** Ends a run that is live. */
export function cancelCommand(run: { id: string; label: string }): Command {
  return {
    label: `Cancel the run of ${run.label}…`,
    icon: 'x',
    question: () => ({
      title: `Cancel the run of ${run.label}?`,
      label: 'Cancel the run',
      isDanger: true,
      body: (
        <p>What is committed stays, and the next run goes on from there. Streams that are being read begin again.</p>
      ),
    }),
    run: async () => (await send<{ message: string }>('POST', `/api/runs/${run.id}/cancel`)).message,
  };
}

/** What can be asked of a pipeline. */
export function pipelineCommands(pipeline: PipelineSummary): Command[] {
  const path = `/api/pipelines/${pipeline.name}`;
  const pause = async () => {
    await send('POST', `${path}/pause`, {});
    return `${pipeline.label} is paused; a run that is live goes on`;
  };
  const resume = async () => {
    await send('POST', `${path}/resume`);
    return `${pipeline.label} runs by its schedule again`;
  };
  return [
    {
      label: 'Run now',
      icon: 'play',
      run: async () => (await send<Requested>('POST', `${path}/runs`, {})).message,
    },
    pipeline.pause === null
      ? { label: 'Pause', icon: 'pause', run: pause, undo: resume }
      : { label: 'Resume', icon: 'play', run: resume, undo: pause },
    ...(pipeline.activity === null ? [] : [cancelCommand({ id: pipeline.activity.runId, label: pipeline.label })]),
  ];
}
