/** A root stream of a pipeline, as its tap declares it. */
export interface PipelineStreams {
  /** The root stream: names the task. */
  name: string;
  /** Selected child streams. */
  children: string[];
  /** The field of its bookmark that holds the instant up to which everything is read. Absent: the whole stream is read each time. */
  replicationKey?: string;
}
