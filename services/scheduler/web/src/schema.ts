/** What the API sends and takes, by its own schemas: types alone, so that nothing of zod is loaded. */
import type * as api from '@pipeline/protocol/api';
import type { z } from 'zod';

export type {
  Activity,
  AlertChannel,
  ApiError,
  AuditEntry,
  BuildItem,
  Check,
  ConfigurationChange,
  Connection,
  ConnectionChange,
  Cycle,
  CycleRun,
  DeadLetterItem,
  DescribedStream,
  EventName,
  Graph,
  GraphNode,
  Incident,
  Instance,
  Load,
  LogLine,
  Me,
  Now,
  NowPipeline,
  PipelineSummary,
  RejectedGroup,
  RejectedItem,
  Role,
  Run,
  SettingField,
  Source,
  State,
  Stream,
  StreamItem,
  System,
  TaskItem,
  Timing,
  Token,
  Verdict,
} from '@pipeline/protocol/api';

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
  total?: number | undefined;
}

export type AlertTest = z.infer<typeof api.AlertTest>;
export type ApplyResponse = z.infer<typeof api.ApplyResponse>;
export type Bar = z.infer<typeof api.Bar>;
export type Build = z.infer<typeof api.Build>;
export type CheckProgress = z.infer<typeof api.CheckProgress>;
export type CheckRequested = z.infer<typeof api.CheckRequested>;
export type Column = z.infer<typeof api.Column>;
export type ConsentStarted = z.infer<typeof api.ConsentStarted>;
export type ConsentState = z.infer<typeof api.ConsentState>;
export type CreatedToken = z.infer<typeof api.CreatedToken>;
export type Dependents = z.infer<typeof api.ConnectionDependents>;
export type Failures = z.infer<typeof api.Failures>;
export type Happening = z.infer<typeof api.Happening>;
export type HistoryBar = z.infer<typeof api.HistoryBar>;
export type LogPage = z.infer<typeof api.LogPage>;
export type LoginResponse = z.infer<typeof api.LoginResponse>;
export type Node = z.infer<typeof api.Node>;
export type NowDbt = z.infer<typeof api.NowDbt>;
export type Preview = z.infer<typeof api.Preview>;
export type RejectedRecord = z.infer<typeof api.RejectedRecord>;
export type Requested = z.infer<typeof api.Requested>;
export type SchedulePreview = z.infer<typeof api.SchedulePreview>;
export type SchemaChange = z.infer<typeof api.SchemaChange>;
export type Session = z.infer<typeof api.Session>;
export type SettingItem = z.infer<typeof api.SettingItem>;
export type StoredState = z.infer<typeof api.StoredState>;
export type ColumnsAllowed = z.infer<typeof api.ColumnsAllowed>;
export type StreamChange = z.infer<typeof api.StreamChange>;
export type StreamDay = z.infer<typeof api.StreamDay>;
