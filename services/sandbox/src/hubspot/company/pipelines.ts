/** A stage of a pipeline. */
export interface Stage {
  id: string;
  label: string;
  metadata: Record<string, string | number | boolean | null>;
  updatedAt: number;
  /** Pipelines that an integration made leave fields out. */
  isBare?: boolean;
}

export interface Pipeline {
  /** Path name of the type of object that goes through it. */
  type: string;
  id: string;
  label: string;
  stages: Stage[];
  updatedAt: number;
  isBare?: boolean;
}

const CREATED_AT = Date.UTC(2023, 0, 2, 8, 30, 17, 883);

function dealStage(id: string, label: string, probability: string): Stage {
  const isClosed = probability === '0.0' || probability === '1.0';
  return { id, label, metadata: { isClosed: String(isClosed), probability }, updatedAt: CREATED_AT };
}

function ticketStage(id: string, label: string, ticketState: string): Stage {
  return { id, label, metadata: { isClosed: String(ticketState === 'CLOSED'), ticketState }, updatedAt: CREATED_AT };
}

export const SUPPORT_STAGE_IDS = ['1', '2', '3', '4'] as const;

/** Pipelines of the other types: path name of the type, id, and its stages, of which the last is closed. */
const SMALL_PIPELINES = {
  leads: { id: 'lead-pipeline-id', stages: ['new-stage-id', 'connected-stage-id', 'qualified-stage-id'] },
  orders: {
    id: '14a2e10e-5471-408a-906e-c51f3b04369e',
    stages: ['4b27b500-f031-4927-9811-68a0b525cbae', 'ord-shipped'],
  },
  appointments: { id: 'app-1', stages: ['app-scheduled', 'app-held'] },
  courses: { id: 'course-1', stages: ['course-open', 'course-full', 'course-over'] },
  listings: { id: 'listing-1', stages: ['listing-active', 'listing-sold'] },
  services: { id: 'service-1', stages: ['service-new', 'service-done'] },
  machine: { id: '90000001', stages: ['90000011', '90000012', '90000013'] },
} as const;

/** The pipeline of a type and its stages. */
export function smallPipeline(type: keyof typeof SMALL_PIPELINES): { id: string; stages: readonly string[] } {
  return SMALL_PIPELINES[type];
}

/** HubSpot's own pipelines, one that the company made, and one that an integration made, with metadata of its own kind. */
export function foundedPipelines(): Pipeline[] {
  return [...mainPipelines(), ...smallPipelines()];
}

function smallPipelines(): Pipeline[] {
  return Object.entries(SMALL_PIPELINES).map(([type, { id, stages }]) => ({
    ...{ type, id, label: `Pipeline of ${type}`, updatedAt: CREATED_AT },
    stages: stages.map((stage, index) => ({
      ...{ id: stage, label: `Stage ${index + 1}`, updatedAt: CREATED_AT },
      metadata: { state: index === stages.length - 1 ? 'CLOSED' : 'OPEN' },
    })),
  }));
}

function mainPipelines(): Pipeline[] {
  return [
    {
      type: 'deals',
      id: 'default',
      label: 'Sales Pipeline',
      updatedAt: CREATED_AT,
      stages: [
        dealStage('appointmentscheduled', 'Appointment scheduled', '0.2'),
        dealStage('qualifiedtobuy', 'Qualified to buy', '0.4'),
        dealStage('presentationscheduled', 'Presentation scheduled', '0.6'),
        dealStage('decisionmakerboughtin', 'Decision maker bought-in', '0.8'),
        dealStage('contractsent', 'Contract sent', '0.9'),
        dealStage('closedwon', 'Closed won', '1.0'),
        dealStage('closedlost', 'Closed lost', '0.0'),
      ],
    },
    {
      type: 'deals',
      id: '75e28846-ad0d-4be2-a027-5e1da6590b98',
      label: 'Renewals',
      updatedAt: CREATED_AT,
      stages: [
        dealStage('98240511', 'Renewal due', '0.7'),
        dealStage('98240512', 'In negotiation', '0.85'),
        dealStage('98240513', 'Renewed', '1.0'),
        dealStage('98240514', 'Churned', '0.0'),
      ],
    },
    {
      type: 'tickets',
      id: '0',
      label: 'Support Pipeline',
      updatedAt: CREATED_AT,
      stages: [
        ticketStage('1', 'New', 'OPEN'),
        ticketStage('2', 'Waiting on contact', 'OPEN'),
        ticketStage('3', 'Waiting on us', 'OPEN'),
        ticketStage('4', 'Closed', 'CLOSED'),
      ],
    },
    {
      type: 'tickets',
      id: 'integration-9',
      label: 'Made by an integration',
      updatedAt: CREATED_AT,
      isBare: true,
      stages: [
        {
          id: 'i-1',
          label: 'Inbox',
          metadata: { isClosed: false, slaHours: 24, hint: null },
          updatedAt: CREATED_AT,
          isBare: true,
        },
      ],
    },
  ];
}

/** As `GET /crm/pipelines/2026-09/{type}` writes it. */
export function writePipeline(pipeline: Pipeline, displayOrder: number): Record<string, unknown> {
  return { ...pipelineFields(pipeline, displayOrder), stages: pipeline.stages.map(writeStage) };
}

export function pipelineFields(pipeline: Pipeline, displayOrder: number): Record<string, unknown> {
  const { id, label, updatedAt } = pipeline;
  return { id, label, ...ordered(pipeline, displayOrder), ...times(updatedAt) };
}

export function writeStage(stage: Stage, displayOrder: number): Record<string, unknown> {
  const { id, label, metadata, updatedAt } = stage;
  return {
    id,
    label,
    metadata,
    ...ordered(stage, displayOrder),
    ...times(updatedAt),
    ...(!stage.isBare && { writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT' }),
  };
}

function ordered({ isBare = false }: { isBare?: boolean }, displayOrder: number): Record<string, unknown> {
  return isBare ? { displayOrder: null } : { displayOrder, archived: false };
}

function times(updatedAt: number): { createdAt: string; updatedAt: string } {
  return { createdAt: new Date(CREATED_AT).toISOString(), updatedAt: new Date(updatedAt).toISOString() };
}
