/** A stage of a pipeline. */
export interface Stage {
  id: string;
  label: string;
  probability: string;
  isClosed: boolean;
  updatedAt: number;
}

export interface Pipeline {
  id: string;
  label: string;
  stages: Stage[];
  updatedAt: number;
}

const CREATED_AT = Date.UTC(2023, 0, 2, 8, 30, 17, 883);

function stage(id: string, label: string, probability: string): Stage {
  const isClosed = probability === '0.0' || probability === '1.0';
  return { id, label, probability, isClosed, updatedAt: CREATED_AT };
}

/** HubSpot's own sales pipeline and one that the company made. */
export function foundedPipelines(): Pipeline[] {
  return [
    {
      id: 'default',
      label: 'Sales Pipeline',
      updatedAt: CREATED_AT,
      stages: [
        stage('appointmentscheduled', 'Appointment scheduled', '0.2'),
        stage('qualifiedtobuy', 'Qualified to buy', '0.4'),
        stage('presentationscheduled', 'Presentation scheduled', '0.6'),
        stage('decisionmakerboughtin', 'Decision maker bought-in', '0.8'),
        stage('contractsent', 'Contract sent', '0.9'),
        stage('closedwon', 'Closed won', '1.0'),
        stage('closedlost', 'Closed lost', '0.0'),
      ],
    },
    {
      id: '75e28846-ad0d-4be2-a027-5e1da6590b98',
      label: 'Renewals',
      updatedAt: CREATED_AT,
      stages: [
        stage('98240511', 'Renewal due', '0.7'),
        stage('98240512', 'In negotiation', '0.85'),
        stage('98240513', 'Renewed', '1.0'),
        stage('98240514', 'Churned', '0.0'),
      ],
    },
  ];
}

/** As `GET /crm/v3/pipelines/deals` writes it. */
export function writePipeline(pipeline: Pipeline, displayOrder: number): Record<string, unknown> {
  return { ...pipelineFields(pipeline, displayOrder), stages: pipeline.stages.map(writeStage) };
}

export function pipelineFields({ id, label, updatedAt }: Pipeline, displayOrder: number): Record<string, unknown> {
  return { id, label, displayOrder, archived: false, ...times(updatedAt) };
}

export function writeStage(
  { id, label, probability, isClosed, updatedAt }: Stage,
  displayOrder: number,
): Record<string, unknown> {
  return {
    id,
    label,
    displayOrder,
    metadata: { isClosed: String(isClosed), probability },
    archived: false,
    ...times(updatedAt),
    writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
  };
}

function times(updatedAt: number): { createdAt: string; updatedAt: string } {
  return { createdAt: new Date(CREATED_AT).toISOString(), updatedAt: new Date(updatedAt).toISOString() };
}
